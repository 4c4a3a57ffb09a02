"""Ed25519 signatures over named frames (SPEC.md, section 1)."""

from dataclasses import dataclass, field

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey as Ed25519Key
from nacl.signing import VerifyKey

from consultations.votes.protocol.encoding import Json, frame, raw
from consultations.votes.protocol.group import DOMAIN, is_point
from consultations.votes.protocol.refusals import Refused


@dataclass(frozen=True)
class SigningKey:
    """The board's or a witness's key, made of 32 secret bytes."""

    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        return bytes(Ed25519Key(self.seed).verify_key)

    def sign(self, name: str, *items: bytes | str | int) -> str:
        """The signature in hex; the same every time it is asked for."""
        return Ed25519Key(self.seed).sign(frame(DOMAIN + name, *items)).signature.hex()


def is_signed(key: bytes, signature: Json, name: str, *items: bytes | str | int) -> bool:
    """Whether `signature` is the key's over these items."""
    try:
        VerifyKey(key).verify(frame(DOMAIN + name, *items), raw(signature, 64, "signature"))
    except (BadSignatureError, Refused):
        return False
    return is_point(key)
