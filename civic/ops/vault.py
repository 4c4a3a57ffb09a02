"""Folders and keys as encrypted files, in the age format, so that the `age` program opens them too.

A backup is a tar file of two members: `data.age`, encrypted to a key made for this backup, and `key.age`, that key
encrypted with the passphrase. Large data so never has to fit into memory.
"""

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

from civic.ops.refusals import BackupUnreadable


@contextmanager
def private_folder(beside: Path) -> Iterator[Path]:
    """A folder only its owner may read, on the same disk as `beside`, removed at the end."""
    with tempfile.TemporaryDirectory(prefix=".machikoe-", dir=beside.absolute().parent) as folder:
        yield Path(folder)


def seal_folder(folder: Path, target: Path, passphrase: str) -> None:
    """Write everything in `folder`, encrypted, to `target`."""
    with private_folder(target) as work:
        with tarfile.open(work / "data.tar.gz", "w:gz", compresslevel=6) as archive:
            archive.add(folder, arcname=".")
        key = pyrage.x25519.Identity.generate()
        pyrage.encrypt_file(str(work / "data.tar.gz"), str(work / "data.age"), [key.to_public()])
        (work / "key.age").write_bytes(pyrage.passphrase.encrypt(str(key).encode(), passphrase))
        with tarfile.open(target, "w") as outer:
            for name in ("key.age", "data.age"):
                outer.add(work / name, arcname=name)
    target.chmod(0o600)


def open_folder(source: Path, folder: Path, passphrase: str) -> None:
    """Decrypt `source` into `folder`. Raises BackupUnreadable when it is damaged, cut, or the passphrase is wrong."""
    try:
        with private_folder(folder) as work:
            with tarfile.open(source, "r") as outer:
                outer.extractall(work, filter="data")
            key = pyrage.passphrase.decrypt((work / "key.age").read_bytes(), passphrase)
            identity = pyrage.x25519.Identity.from_str(key.decode())
            pyrage.decrypt_file(str(work / "data.age"), str(work / "data.tar.gz"), [identity])
            with tarfile.open(work / "data.tar.gz", "r:gz") as archive:
                archive.extractall(folder, filter="data")
    except pyrage.DecryptError as error:
        raise BackupUnreadable(reason="the passphrase is wrong or the file is damaged") from error
    except (OSError, EOFError, tarfile.TarError) as error:
        raise BackupUnreadable(reason=f"it is not a whole backup ({error})") from error


def seal_text(text: str, target: Path, passphrase: str) -> None:
    """Write `text`, encrypted, to `target`, and read it back."""
    sealed = pyrage.passphrase.encrypt(text.encode(), passphrase)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.write_bytes(sealed)
    unfinished.chmod(0o600)
    assert open_text(unfinished, passphrase) == text
    unfinished.replace(target)


def open_text(source: Path, passphrase: str) -> str:
    try:
        return bytes(pyrage.passphrase.decrypt(source.read_bytes(), passphrase)).decode()
    except pyrage.DecryptError as error:
        raise BackupUnreadable(reason="the passphrase is wrong or the file is damaged") from error
