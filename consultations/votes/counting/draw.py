"""The public draw: the only thing that settles a tie.

The order of the options is that of SHA-256 over a published seed and the option's code. Whoever has the seed can draw
again; nobody can wish for an order who does not choose the seed. So the seed is a text that nobody could know when the
vote was opened and everybody can look up afterwards (a lottery's numbers, a die thrown in public), and how it will be
found is announced before the vote. Input order never settles anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from consultations.votes.counting.errors import BadSeed, SeedMissing

_DOMAIN = b"machikoe/votes/draw/1"


class Reason(StrEnum):
    """What a draw was needed for."""

    SEAT = "seat"  # who is elected
    EXCLUSION = "exclusion"  # who is excluded
    TRANSFER = "transfer"  # whose surplus is transferred first
    PURCHASE = "purchase"  # which project is bought first


@dataclass(frozen=True)
class Draw:
    """One use of the draw: those tied, in the order drawn, and who was taken. Never more favoured than the first."""

    reason: Reason
    order: tuple[str, ...]
    taken: tuple[str, ...]


def draw(seed: str, options: Iterable[str]) -> tuple[str, ...]:
    """The options in the order of the draw: SHA-256 of the domain, the seed's length (8 bytes), the seed, the code.

    The order of some of the options is that of all of them with the others left out. An empty seed is BadSeed.
    """
    if not seed:
        raise BadSeed
    bytes_of_seed = seed.encode()
    head = _DOMAIN + len(bytes_of_seed).to_bytes(8, "big") + bytes_of_seed
    return tuple(sorted(set(options), key=lambda code: (sha256(head + code.encode()).digest(), code)))


def favour(seed: str | None, tied: Iterable[str], seats: int, reason: Reason) -> Draw:
    """Take the first `seats` in the order drawn among the tied. Without a seed: SeedMissing."""
    order = _order(seed, tied)
    return Draw(reason, order, order[:seats])


def disfavour(seed: str | None, tied: Iterable[str]) -> Draw:
    """Take the last in the order drawn among the tied, to be excluded. Without a seed: SeedMissing."""
    order = _order(seed, tied)
    return Draw(Reason.EXCLUSION, order, order[-1:])


def _order(seed: str | None, tied: Iterable[str]) -> tuple[str, ...]:
    if seed is None:
        raise SeedMissing(tied)
    return draw(seed, tied)
