"""One layer of a box, and all of them (SPEC.md, section 4).

A box is libsodium's sealed box (`crypto_box_seal`: PyNaCl's `SealedBox` opens it), made here from its parts so that the
key drawn for it can be given: whoever knows that key makes the same box again. Nothing is malleable: the nonce hashes
both keys, so no changed box holds the same content.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from nacl.bindings import (
    crypto_box,
    crypto_box_NONCEBYTES,
    crypto_box_seal_open,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey

from consultations.votes.protocol.encoding import Json, raw
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.rules import Choice, Rules, padded

KEY: Final = 32
OVERHEAD: Final = KEY + 16  # the key drawn for this box, and the tag
HEAD: Final = 32  # the vote's id before every content


def public_of(secret: bytes) -> bytes:
    return crypto_scalarmult_base(secret)


def read_box_key(value: Json, where: str) -> bytes:
    """A key that something can be sealed for: with one of small order everybody could open it. Refused("point")."""
    key = raw(value, KEY, where)
    try:
        Box(PrivateKey(bytes(range(KEY))), PublicKey(key))
    except CryptoError:
        raise Refused("point", where) from None
    return key


def close_box(content: bytes, key: bytes, random: Random) -> bytes:
    """The content sealed for a key; 48 bytes longer."""
    secret = random(KEY)
    drawn = public_of(secret)
    nonce = hashlib.blake2b(drawn + key, digest_size=crypto_box_NONCEBYTES).digest()
    return drawn + crypto_box(content, nonce, key, secret)


def open_box(box: bytes, secret: bytes) -> bytes | None:
    """What is in it; None where it was not sealed for this key, or was changed."""
    try:
        return crypto_box_seal_open(box, public_of(secret), secret)
    except CryptoError:
        return None


def box_size(rules: Rules, layers: int) -> int:
    """The length of a box with so many layers left to open."""
    return rules.size + 4 + layers * (HEAD + OVERHEAD)


def nested(choice: Choice, rules: Rules, vote: bytes, keys: Sequence[bytes], random: Random) -> list[bytes]:
    """The boxes one within the other, the outermost (for the first key) first. Refused("choice")."""
    if not rules.allows(choice):
        raise Refused("choice")
    content = padded(rules.content(choice), rules.size)
    boxes: list[bytes] = []
    for key in reversed(keys):
        content = close_box(vote + content, key, random)
        boxes.insert(0, content)
    return boxes
