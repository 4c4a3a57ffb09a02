"""Borda (ボルダ得点): a point for each option that stands below, half a point for each that stands beside.

Black's symmetric form (The Theory of Committees and Elections, 1958): options left out of a ballot stand beside one
another below those ranked, so that leaving some out gives no more weight than ranking all. A full strict ranking of n
options gives n - 1, n - 2, …, 0.
"""

from collections.abc import Iterable
from fractions import Fraction

from consultations.votes.counting.ballots import WeakRanking, checked_options, fold, read_weak_ranking
from consultations.votes.counting.tallies import Tally, tally


def borda(
    ballots: Iterable[tuple[Iterable[str | Iterable[str]], int]],
    options: Iterable[str],
    *,
    seats: int = 1,
    seed: str | None = None,
) -> Tally:
    """Count rankings, which may put several options at one rank. Totals are whole or halves.

    Raises a CountRefused for what cannot be counted, SeedMissing for a tie over the last seat without a seed.
    """
    codes = checked_options(options)
    doubled = dict.fromkeys(codes, 0)
    folded = fold(ballots, read_weak_ranking(codes))
    for ranking, count in folded.items():
        for rank, points in _doubled_points(ranking, codes):
            for code in rank:
                doubled[code] += points * count
    totals = {code: Fraction(points, 2) for code, points in doubled.items()}
    return tally("borda", totals, sum(folded.values()), seats, seed)


def _doubled_points(ranking: WeakRanking, options: tuple[str, ...]) -> Iterable[tuple[Iterable[str], int]]:
    """Twice the points of an option of each rank: 2 for each option below it, 1 for each other one beside it."""
    below = len(options)
    ranked: set[str] = set()
    for rank in ranking:
        below -= len(rank)
        ranked |= rank
        yield rank, 2 * below + len(rank) - 1
    if below:
        yield (code for code in options if code not in ranked), below - 1
