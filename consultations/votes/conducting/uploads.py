"""Files of trustees and witnesses as they come in: small, in canonical JSON, read and never kept."""

from typing import Any, Final

from werkzeug.datastructures import FileStorage

from consultations.votes.protocol.encoding import Json, read
from consultations.votes.protocol.refusals import Refused
from consultations.votes.refusals import FileRefused

MOST_BYTES: Final = 4_000_000  # a share of 20 questions with 99 options is far below


def value_of(upload: FileStorage | Any) -> Json:
    """The value of an uploaded file. Raises FileRefused."""
    with upload.stream as stream:
        content = stream.read(MOST_BYTES + 1)
    return from_bytes(content)


def from_bytes(content: bytes) -> Json:
    """The value of a file's content; a line break at its end is no harm. Raises FileRefused."""
    if len(content) > MOST_BYTES:
        raise FileRefused(check="limits")
    try:
        return read(content.rstrip(b"\r\n"))
    except Refused as refused:
        raise FileRefused(check=str(refused)) from refused
