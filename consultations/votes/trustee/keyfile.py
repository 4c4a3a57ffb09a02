"""The key file: a trustee's key, sealed by a passphrase (argon2id, then XChaCha20-Poly1305 with the header bound in)."""

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

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
from consultations.votes.trustee.keys import Key, read_key, read_label

KIND: Final = "machikoe-trustee-key"
CIPHER: Final = "argon2id+xchacha20poly1305"
NAMES: Final = "checksum cipher kind label memory nonce operations salt sealed version"
LARGEST_KEY_FILE: Final = 1_000_000
MEBIBYTE: Final = 2**20

NOT_A_KEY: Final = Said(
    "{path} は鍵ファイルではありません。keygen で作ったファイルを指定してください。",
    "{path} is not a key file. Name the file that keygen made.",
)
DAMAGED: Final = Said(
    "{path} は壊れています(1文字でも変わると使えません)。別に保管した写しか、印刷した控え(restore)を使ってください。",
    "{path} is damaged (one changed character is enough). Use another copy, or the printed backup (restore).",
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


@dataclass
class KeyFile:
    """An open key file. `save` puts the changed key in its place, durably, before it returns."""

    path: Path
    key: Key
    salt: bytes
    cost: Cost
    wrapping: bytes = field(repr=False)

    def save(self, key: Key) -> None:
        files.replace(self.path, self._sealed(key))
        self.key = key

    def create(self) -> None:
        files.write_new(self.path, self._sealed(self.key), files.PRIVATE)

    def _sealed(self, key: Key) -> bytes:
        nonce = random(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
        header = {
            "cipher": CIPHER,
            "kind": KIND,
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
        return canonical(whole | {"checksum": _checksum(whole)})


def create(path: Path, passphrase: str, key: Key | None = None, cost: Cost | None = None) -> KeyFile:
    """A new key file, mode 0600. Declined where a file of this name is there."""
    salt, cost = random(pwhash.argon2id.SALTBYTES), cost or COST
    made = KeyFile(path, key or Key(random(32)), salt, cost, _wrapping(passphrase, salt, cost))
    made.create()
    return made


@contextmanager
def opened(path: Path, passphrase: str) -> Iterator[KeyFile]:
    """The key file, open and locked against other processes until the end of the block."""
    with files.locked(path):
        yield _open(path, passphrase)


def _open(path: Path, passphrase: str) -> KeyFile:
    header, sealed = _read(path)
    salt, cost = bytes.fromhex(header["salt"]), Cost(header["operations"], header["memory"])
    wrapping = _wrapping(passphrase, salt, cost)
    try:
        content = crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed, canonical(header), bytes.fromhex(header["nonce"]), wrapping
        )
    except CryptoError:
        raise Declined(WRONG_PASSPHRASE) from None
    return KeyFile(path, read_key(read(content)), salt, cost, wrapping)


def read_header(path: Path) -> dict[str, Json]:
    """What can be read without the passphrase; nothing vouches for it yet."""
    return _read(path)[0]


def is_key(value: Json) -> bool:
    return isinstance(value, dict) and value.get("kind") == KIND


def _read(path: Path) -> tuple[dict[str, Json], bytes]:
    """Header and sealed content of an undamaged key file."""
    content = files.read_bytes(path, LARGEST_KEY_FILE)
    try:
        value = read(content)
    except Refused:
        raise Declined(DAMAGED if KIND.encode() in content else NOT_A_KEY, path=str(path)) from None
    if not is_key(value):
        raise Declined(NOT_A_KEY, path=str(path))
    try:
        return _checked(value)
    except Refused:
        raise Declined(DAMAGED, path=str(path)) from None


def _checked(value: Json) -> tuple[dict[str, Json], bytes]:
    whole = dict(fields(value, NAMES, "key"))
    if whole.pop("checksum") != _checksum(whole) or whole["cipher"] != CIPHER:
        raise Refused("shape", "checksum")
    number(whole["version"], 1, 1, "version")
    number(whole["operations"], 1, DEAREST.operations, "operations")
    number(whole["memory"], pwhash.argon2id.MEMLIMIT_MIN, DEAREST.memory, "memory")
    raw(whole["salt"], pwhash.argon2id.SALTBYTES, "salt")
    raw(whole["nonce"], crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce")
    read_label(whole["label"])
    return whole, bytes.fromhex(matching(whole.pop("sealed"), HEX, "sealed"))


def _checksum(value: Json) -> str:
    """Tells damage from a wrong passphrase; it protects from nobody."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _wrapping(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The key that seals the file. Full-width and half-width letters are the same passphrase."""
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    try:
        return pwhash.argon2id.kdf(32, typed, salt, cost.operations, cost.memory)
    except RuntimeError:
        raise Declined(NO_MEMORY, size=cost.memory // MEBIBYTE) from None
