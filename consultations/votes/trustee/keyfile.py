"""The trustee's key file: what the program keeps between ceremony, rehearsal and decryption."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TypeAlias

from nacl.utils import random

from consultations.votes.offline import keyfiles
from consultations.votes.offline.keyfiles import Cost, Sort
from consultations.votes.offline.sentences import Said
from consultations.votes.protocol.encoding import Json
from consultations.votes.trustee.keys import Key, read_key, read_label

KeyFile: TypeAlias = keyfiles.KeyFile[Key]

DAMAGED: Final = Said(
    "{path} は壊れています(1文字でも変わると使えません)。別に保管した写しか、印刷した控え(restore)を使ってください。",
    "{path} is damaged (one changed character is enough). Use another copy, or the printed backup (restore).",
)
SORT: Final = Sort("machikoe-trustee-key", read_key, read_label, DAMAGED)
COST: Final = keyfiles.COST
PRACTICE: Final = keyfiles.PRACTICE


def create(path: Path, passphrase: str, key: Key | None = None, cost: Cost | None = None) -> KeyFile:
    """A new key file, mode 0600. Declined where a file of this name is there."""
    return keyfiles.create(path, passphrase, key or Key(random(32)), SORT, cost or COST)


def opened(path: Path, passphrase: str) -> AbstractContextManager[KeyFile]:
    """The key file, open and locked against other processes until the end of the block."""
    return keyfiles.opened(path, passphrase, SORT)


def read_header(path: Path) -> dict[str, Json]:
    """What can be read without the passphrase; nothing vouches for it yet."""
    return keyfiles.read_header(path, SORT)
