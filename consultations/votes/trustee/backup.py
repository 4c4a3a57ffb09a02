"""The printed backup: a key as five lines of words, each with a checksum of its own, so that a mistyped line is named.

Line 1 says what it is: version and trustee, and six bytes of the public outcome's digest. Lines 2 to 5 are the secret.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from nacl.utils import random

from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.protocol.encoding import frame
from consultations.votes.protocol.group import DOMAIN, ORDER, scalar_bytes, times_base
from consultations.votes.protocol.group import digest as digest_of
from consultations.votes.trustee import proquints
from consultations.votes.trustee.decrypting import UNFINISHED
from consultations.votes.trustee.keys import Key
from consultations.votes.trustee.public import Outcome

VERSION: Final = 1
LINES: Final = 5
WORDS: Final = 5  # in a line, the last of which is the checksum
TAG: Final = 6

WRONG_LINE: Final = Said(
    "{line}行目に打ちまちがいがあります。控えの紙と見くらべてください。",
    "Line {line} has a typing mistake. Compare it with the printed page.",
)
WRONG_COUNT: Final = Said(
    "控えは5行で、1行に5つの言葉があります。{line}行目は {words} 語です。",
    "The backup has five lines of five words each. Line {line} has {words}.",
)
OTHER_OUTCOME: Final = Said(
    "この控えは、{path} の投票のものではありません。", "This backup does not belong to the vote of {path}."
)


def printed(key: Key) -> list[str]:
    """The lines of words. Declined before the ceremony is done."""
    if not key.secret:
        raise Declined(UNFINISHED)
    content = bytes([VERSION, key.number]) + bytes.fromhex(key.public)[:TAG] + scalar_bytes(key.secret)
    return [
        "-".join(proquints.words(content[8 * line : 8 * line + 8] + _check(line + 1, content[8 * line : 8 * line + 8])))
        for line in range(LINES)
    ]


def read_line(line: int, typed: str) -> bytes:
    """The eight bytes of a line, however it was typed. Declined where it is mistyped, or another line."""
    folded = unicodedata.normalize("NFKC", typed).lower()
    found = [one for one in re.split(r"[^a-z]+", folded) if one]
    if len(found) != WORDS:
        raise Declined(WRONG_COUNT, line=line, words=len(found))
    content = proquints.content(found)
    if content is None or content[8:] != _check(line, content[:8]):
        raise Declined(WRONG_LINE, line=line)
    return content[:8]


def restored(parts: Sequence[bytes], outcome: Outcome, path: str) -> Key:
    """The key again, checked against what the ceremony published. It remembers no decryption."""
    content = b"".join(parts)
    version, number, tag, secret = content[0], content[1], content[2:8], int.from_bytes(content[8:], "little")
    known = tag == bytes.fromhex(outcome.digest)[:TAG] and 1 <= number <= len(outcome.names) and version == VERSION
    if not known or secret >= ORDER or times_base(secret) != outcome.share(number):
        raise Declined(OTHER_OUTCOME, path=path)
    return Key(
        seed=random(32), ceremony=outcome.ceremony, number=number, name=outcome.names[number - 1], secret=secret,
        public=outcome.digest, restored=True,
    )  # fmt: skip


def numbered(text: str) -> list[str]:
    """The lines of a typed or scanned file that hold words: numbers before them and blank lines do not matter."""
    return [line for line in text.splitlines() if re.search(r"[A-Za-zＡ-Ｚａ-ｚ]", line)]


def _check(line: int, content: bytes) -> bytes:
    return digest_of("backup", frame(DOMAIN, line), content)[:2]
