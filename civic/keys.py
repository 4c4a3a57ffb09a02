"""Keys that live outside the database: one master key, sub-keys by purpose.

The database alone never tells who took part: `person_key`, register codes and sealed columns need the key kept here.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_NPUBBYTES as NONCE_BYTES
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from civic.config import Settings
from civic.messages import N_
from civic.refusals import Refusal

MASTER = "master.key"


class KeysMissing(Refusal):
    """The master key is not where the settings say. The application then serves and stores nothing."""

    status = 503
    sentence = N_(
        "There is no usable master key, so nothing was done. Run `ops init-keys`, or bring the key back with `ops keys import`."
    )


@dataclass(frozen=True)
class Keys:
    """Sub-keys of one 32-byte master key. `repr` never shows it."""

    master: bytes

    def __repr__(self) -> str:
        return "Keys(…)"

    def subkey(self, purpose: str) -> bytes:
        """32 bytes for `purpose` (at most 16 bytes of ASCII, with its version: "person.1")."""
        return hashlib.blake2b(b"", key=self.master, person=purpose.encode("ascii"), digest_size=32).digest()

    def mac(self, purpose: str, *parts: bytes | str | int) -> bytes:
        """HMAC-SHA-256 over `parts`, each with its length before it, so that no two lists give one message."""
        digest = hmac.new(self.subkey(purpose), digestmod=hashlib.sha256)
        for part in parts:
            raw = part if isinstance(part, bytes) else str(part).encode()
            digest.update(len(raw).to_bytes(8, "big") + raw)
        return digest.digest()

    def seal(self, place: str, value: str) -> bytes:
        """Encrypt `value` for `place` ("table.column|id"): copied to another row it does not decrypt."""
        return bytes(Aead(self.subkey("column.1")).encrypt(value.encode(), place.encode()))

    def unseal(self, place: str, sealed: bytes) -> str:
        """Decrypt what `seal` made for the same `place`; raises `nacl.exceptions.CryptoError` otherwise."""
        if len(sealed) <= NONCE_BYTES:
            raise CryptoError("too short to be sealed")
        return Aead(self.subkey("column.1")).decrypt(sealed, place.encode()).decode()


def load(folder: Path) -> Keys:
    """Read the master key from `folder`; raises `KeysMissing` when it is not there or not 32 bytes in hex."""
    try:
        master = bytes.fromhex((folder / MASTER).read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeysMissing from error
    if len(master) != 32:
        raise KeysMissing
    return Keys(master)


def create(folder: Path) -> Keys:
    """Make a master key in `folder` (0700, file 0600) unless one is there, and load it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(folder / MASTER, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return load(folder)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    return load(folder)


def attach(app: Flask, settings: Settings) -> None:
    """Load the keys for the application, where there are any.

    Without them (a clean clone, `ops routes`, or a lost key file) `civic/safety.py` answers 503 to every request, and
    `keys()` and `civic.db.writing()` refuse every command: what is made with a passing key nobody ever opens again.
    """
    try:
        found = load(settings.keys_folder)
    except KeysMissing:
        app.extensions["keys"] = None
        app.config["SECRET_KEY"] = os.urandom(32)  # Flask wants one even where nothing but /healthz is served
    else:
        app.extensions["keys"] = found
        app.config["SECRET_KEY"] = found.subkey("cookie.1")


def are_missing() -> bool:
    """Whether the current application has no master key."""
    return current_app.extensions["keys"] is None


def keys() -> Keys:
    """The keys of the current application; raises `KeysMissing`."""
    found: Keys | None = current_app.extensions["keys"]
    if found is None:
        raise KeysMissing
    return found
