"""Random bytes drawn from a secret: the same again in every run.

SHAKE-256 over a frame that names the use and then holds the secret is the generator; the name keeps the uses apart.
"""

import hashlib

from consultations.votes.protocol.encoding import frame
from consultations.votes.protocol.group import DOMAIN, Random


def stream(name: str, secret: bytes, *items: bytes | str | int) -> Random:
    """Bytes that only the holder of the secret can know, the same in every run."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(frame(DOMAIN + name, secret, *items, count)).digest(size)

    return random
