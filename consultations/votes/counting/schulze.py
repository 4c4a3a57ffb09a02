"""Condorcet by Schulze's method: the beatpath winner of the pairwise table.

Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method,
Social Choice and Welfare 36 (2011), with winning votes: a defeat is stronger by the votes of its winner, then by the
fewer votes of its loser, as in the constitution of the Debian project, A.5 and A.6. A path is as strong as its weakest
defeat; an option stands in front of another when its strongest path there is stronger than the one back. That is
transitive, so some option has nobody in front of it. Several of those are a tie, settled by the draw alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultations.votes.counting.ballots import checked_seats
from consultations.votes.counting.draw import Draw, Reason, favour
from consultations.votes.counting.pairwise import PairwiseTable, pairwise_table


@dataclass(frozen=True)
class Strength:
    """The weakest defeat on a path: votes of its winner and of its loser."""

    votes: int
    against: int


@dataclass(frozen=True)
class Seat:
    """One seat: those with nobody left in front of them, and the one who got it; `draw` where they were several."""

    unbeaten: tuple[str, ...]
    elected: str
    draw: Draw | None


@dataclass(frozen=True)
class Schulze:
    """`paths[a][b]` is the strongest path from a to b, None without one; `seats_filled` the record, seat by seat."""

    method: str
    table: PairwiseTable
    condorcet_winner: str | None
    paths: Mapping[str, Mapping[str, Strength | None]]
    elected: tuple[str, ...]
    seed: str | None
    seats_filled: tuple[Seat, ...]


def schulze(
    ballots: Iterable[tuple[Iterable[str | Iterable[str]], int]],
    options: Iterable[str],
    *,
    seats: int = 1,
    seed: str | None = None,
) -> Schulze:
    """Count rankings, which may put several options at one rank. Further seats go to the next in the order.

    Raises a CountRefused for what cannot be counted, SeedMissing for a tie without a seed. It is no proportional
    method: with several seats, the same majority fills them all.
    """
    return schulze_of(pairwise_table(ballots, options), seats=seats, seed=seed)


def schulze_of(table: PairwiseTable, *, seats: int = 1, seed: str | None = None) -> Schulze:
    """The same from a pairwise table. Raises BadSeats, or SeedMissing for a tie without a seed."""
    checked_seats(seats, table.options)
    strongest = _strongest(table)
    filled: list[Seat] = []
    left = set(table.options)
    for _ in range(seats):
        filled.append(_seat(left, strongest, seed))
        left.discard(filled[-1].elected)
    elected = tuple(seat.elected for seat in filled)
    paths = _paths(table, strongest)
    return Schulze("schulze", table, table.condorcet_winner, paths, elected, seed, tuple(filled))


_Links = dict[str, dict[str, int]]
"""Strength as one whole number that orders defeats: votes × base - against, 0 without a path."""


def _base(table: PairwiseTable) -> int:
    return 1 + max((number for row in table.above.values() for number in row.values()), default=0)


def _strongest(table: PairwiseTable) -> _Links:
    """The strongest paths between all pairs (Floyd & Warshall, widest paths): cubic in the number of options."""
    base, above = _base(table), table.above
    links = {
        one: {other: votes * base - above[other][one] if table.beats(one, other) else 0 for other, votes in row.items()}
        for one, row in above.items()
    }
    for middle in table.options:
        onward = links[middle]
        for one in table.options:
            if one != middle and links[one][middle]:
                _widen(links[one], links[one][middle], onward)
    return links


def _widen(row: dict[str, int], reach: int, onward: Mapping[str, int]) -> None:
    """Go by the middle option wherever that is stronger."""
    for other, strength in row.items():
        by_middle = onward.get(other, 0)
        by_middle = min(by_middle, reach)
        if by_middle > strength:
            row[other] = by_middle


def _seat(left: set[str], strongest: _Links, seed: str | None) -> Seat:
    unbeaten = tuple(
        sorted(
            one for one in left if all(strongest[one][other] >= strongest[other][one] for other in left if other != one)
        )
    )
    drawn = favour(seed, unbeaten, 1, Reason.SEAT) if len(unbeaten) > 1 else None
    return Seat(unbeaten, drawn.taken[0] if drawn else unbeaten[0], drawn)


def _paths(table: PairwiseTable, strongest: _Links) -> Mapping[str, Mapping[str, Strength | None]]:
    base = _base(table)
    return {
        one: {other: _strength(number, base) if number else None for other, number in row.items()}
        for one, row in strongest.items()
    }


def _strength(number: int, base: int) -> Strength:
    votes = -(-number // base)
    return Strength(votes, votes * base - number)
