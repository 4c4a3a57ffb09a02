"""Files of the programs off the server: read whole, written whole or not at all, and durable before anybody goes on."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.protocol.encoding import Json, canonical, read
from consultations.votes.protocol.refusals import Refused

PRIVATE: Final = 0o600
PUBLIC: Final = 0o644
LARGEST_FILE: Final = 2_000_000_000
NO_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES}  # FAT on a stick has none

MISSING: Final = Said("{path} が見つかりません。", "{path} is not there.")
TOO_LARGE: Final = Said("{path} が大きすぎます(2 GBまで)。", "{path} is too large (2 GB at most).")
NOT_CANONICAL: Final = Said(
    "{path} を読めません。途中で切れているか、書きかえられています。もう一度受け取ってください。",
    "{path} cannot be read. It is cut off or has been changed. Fetch it again.",
)
EXISTS: Final = Said(
    "{path} はもうあります。上書きはしません。別の名前を付けてください。",
    "{path} exists already and is not overwritten. Choose another name.",
)
BUSY: Final = Said(
    "{path} は別の窓で使用中です。そちらが終わってから、もう一度行ってください。",
    "{path} is in use in another window. Try again when that has finished.",
)


def read_bytes(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """The whole file. Declined where it is not there or too large."""
    if not path.is_file():
        raise Declined(MISSING, path=str(path))
    if path.stat().st_size > largest:
        raise Declined(TOO_LARGE, path=str(path))
    return path.read_bytes()


def read_value(path: Path) -> Json:
    """The value of a canonical file. Declined where it is none."""
    content = read_bytes(path)
    try:
        return read(content)
    except Refused:
        raise Declined(NOT_CANONICAL, path=str(path)) from None


def write_new(path: Path, content: bytes, mode: int = PUBLIC) -> None:
    """Write a file that was not there; the same bytes again are no harm. Declined where others are there."""
    if path.is_file() and path.read_bytes() == content:
        return
    written = _write_beside(path, content, mode)
    try:
        _take_name(written, path)
    except FileExistsError:
        raise Declined(EXISTS, path=str(path)) from None
    finally:
        written.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_value(path: Path, value: Json) -> None:
    write_new(path, canonical(value))


def replace(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Put a file in the place of the old one: after a kill it is wholly the old or wholly the new one."""
    os.replace(_write_beside(path, content, mode), path)
    _sync_folder(path.parent)


def _write_beside(path: Path, content: bytes, mode: int) -> Path:
    """The content, safe on the disk under a name of its own."""
    written = path.with_name(f".{path.name}.new")
    written.unlink(missing_ok=True)
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return written


def _take_name(written: Path, path: Path) -> None:
    """Give the file its name unless somebody has it. FileExistsError."""
    try:
        os.link(written, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        os.replace(written, path)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # a folder cannot be opened there; NTFS keeps renames in its journal
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone with a file until the end of the block, or of the process. Declined where another process has it."""
    if not path.is_file():
        raise Declined(MISSING, path=str(path))
    with open(path.with_name(f".{path.name}.lock"), "ab") as lock:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Declined(BUSY, path=str(path)) from None
        yield
