"""Key files: a key sealed by a passphrase (argon2id, then XChaCha20-Poly1305 with the header bound in).

Each program off the server keeps keys of its own sort; how they are sealed is the same for all.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from nacl import pwhash
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError
from nacl.utils import random

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.protocol.encoding import HEX, Json, canonical, fields, matching, number, raw, read
from consultations.votes.protocol.refusals import Refused

CIPHER: Final = "argon2id+xchacha20poly1305"
NAMES: Final = "checksum cipher kind label memory nonce operations salt sealed version"
LARGEST: Final = 1_000_000
MEBIBYTE: Final = 2**20

NOT_A_KEY: Final = Said(
    "{path} は鍵ファイルではありません。keygen で作ったファイルを指定してください。",
    "{path} is not a key file. Name the file that keygen made.",
)
WRONG_PASSPHRASE: Final = Said(
    "パスフレーズが違います。大文字と小文字、空白も区別します。", "The passphrase is wrong. Capitals and spaces count."
)
NO_MEMORY: Final = Said(
    "鍵を開くための記憶領域({size} MiB)が足りません。ほかの窓を閉じてください。",
    "There is not enough memory ({size} MiB) to open the key. Close other windows.",
)


@dataclass(frozen=True)
class Cost:
    """What one try of a passphrase costs."""

    operations: int
    memory: int  # bytes


COST: Final = Cost(3, 256 * MEBIBYTE)  # about a second
PRACTICE: Final = Cost(1, 8 * MEBIBYTE)  # made-up keys only
DEAREST: Final = Cost(20, 1024 * MEBIBYTE)


class Held(Protocol):
    """What a key file holds once it is open."""

    @property
    def label(self) -> dict[str, Json]:
        """What may be read without the passphrase."""

    @property
    def value(self) -> dict[str, Json]: ...


K = TypeVar("K", bound=Held)


@dataclass(frozen=True)
class Sort(Generic[K]):
    """A sort of keys: its name in the file, how it is read, and what is said where a file of it is damaged."""

    kind: str
    read: Callable[[Json], K]
    read_label: Callable[[Json], Json]
    damaged: Said

    def is_key(self, value: Json) -> bool:
        return isinstance(value, dict) and value.get("kind") == self.kind


@dataclass
class KeyFile(Generic[K]):
    """An open key file. `save` puts the changed key in its place, durably, before it returns."""

    path: Path
    key: K
    sort: Sort[K] = field(repr=False)
    salt: bytes
    cost: Cost
    wrapping: bytes = field(repr=False)

    def save(self, key: K) -> None:
        files.replace(self.path, self._sealed(key))
        self.key = key

    def create(self) -> None:
        files.write_new(self.path, self._sealed(self.key), files.PRIVATE)

    def _sealed(self, key: K) -> bytes:
        nonce = random(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
        header = {
            "cipher": CIPHER,
            "kind": self.sort.kind,
            "label": key.label,
            "memory": self.cost.memory,
            "nonce": nonce.hex(),
            "operations": self.cost.operations,
            "salt": self.salt.hex(),
            "version": 1,
        }
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(
            canonical(key.value), canonical(header), nonce, self.wrapping
        )
        whole = header | {"sealed": sealed.hex()}
        return canonical(whole | {"checksum": checksum(whole)})


def create(path: Path, passphrase: str, key: K, sort: Sort[K], cost: Cost) -> KeyFile[K]:
    """A new key file, mode 0600. Declined where a file of this name is there."""
    salt = random(pwhash.argon2id.SALTBYTES)
    made = KeyFile(path, key, sort, salt, cost, _wrapping(passphrase, salt, cost))
    made.create()
    return made


@contextmanager
def opened(path: Path, passphrase: str, sort: Sort[K]) -> Iterator[KeyFile[K]]:
    """The key file, open and locked against other processes until the end of the block."""
    with files.locked(path):
        yield _open(path, passphrase, sort)


def _open(path: Path, passphrase: str, sort: Sort[K]) -> KeyFile[K]:
    header, sealed = _read(path, sort)
    salt, cost = bytes.fromhex(header["salt"]), Cost(header["operations"], header["memory"])
    wrapping = _wrapping(passphrase, salt, cost)
    try:
        content = crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed, canonical(header), bytes.fromhex(header["nonce"]), wrapping
        )
    except CryptoError:
        raise Declined(WRONG_PASSPHRASE) from None
    return KeyFile(path, sort.read(read(content)), sort, salt, cost, wrapping)


def read_header(path: Path, sort: Sort[K]) -> dict[str, Json]:
    """What can be read without the passphrase; nothing vouches for it yet."""
    return _read(path, sort)[0]


def _read(path: Path, sort: Sort[K]) -> tuple[dict[str, Json], bytes]:
    """Header and sealed content of an undamaged key file."""
    content = files.read_bytes(path, LARGEST)
    try:
        value = read(content)
    except Refused:
        raise Declined(sort.damaged if sort.kind.encode() in content else NOT_A_KEY, path=str(path)) from None
    if not sort.is_key(value):
        raise Declined(NOT_A_KEY, path=str(path))
    try:
        return _checked(value, sort)
    except Refused:
        raise Declined(sort.damaged, path=str(path)) from None


def _checked(value: Json, sort: Sort[K]) -> tuple[dict[str, Json], bytes]:
    whole = dict(fields(value, NAMES, "key"))
    if whole.pop("checksum") != checksum(whole) or whole["cipher"] != CIPHER:
        raise Refused("shape", "checksum")
    number(whole["version"], 1, 1, "version")
    number(whole["operations"], 1, DEAREST.operations, "operations")
    number(whole["memory"], pwhash.argon2id.MEMLIMIT_MIN, DEAREST.memory, "memory")
    raw(whole["salt"], pwhash.argon2id.SALTBYTES, "salt")
    raw(whole["nonce"], crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce")
    sort.read_label(whole["label"])
    return whole, bytes.fromhex(matching(whole.pop("sealed"), HEX, "sealed"))


def checksum(value: Json) -> str:
    """Tells damage from a wrong passphrase; it protects from nobody."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _wrapping(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The key that seals the file. Full-width and half-width letters are the same passphrase."""
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    try:
        return pwhash.argon2id.kdf(32, typed, salt, cost.operations, cost.memory)
    except RuntimeError:
        raise Declined(NO_MEMORY, size=cost.memory // MEBIBYTE) from None
