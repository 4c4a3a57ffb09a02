"""Instant run-off (優先順位付き投票, alternative vote): exclude the lowest until one has more than half.

Each ballot counts for the first option on it that is not excluded; one with none left is exhausted. In each round an
option with more than half of the ballots not exhausted wins; otherwise the lowest is excluded (Robert's Rules of Order,
12th ed., 45:62–69, preferential voting). A tie for the lowest is settled by the draw alone: what happened in earlier
rounds is no part of that rule. Two who are level at the end are a tie for the lowest too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultations.votes.counting.ballots import Ranking, checked_options, fold, read_ranking
from consultations.votes.counting.draw import Draw, disfavour


@dataclass(frozen=True)
class Round:
    """Votes of the options still in, by code; `excluded` is None in the last round, where `winner` stands."""

    number: int
    votes: Mapping[str, int]
    exhausted: int
    winner: str | None
    excluded: str | None
    draw: Draw | None


@dataclass(frozen=True)
class InstantRunoff:
    method: str
    ballots: int
    elected: tuple[str, ...]
    seed: str | None
    rounds: tuple[Round, ...]


def instant_runoff(
    ballots: Iterable[tuple[Iterable[str], int]], options: Iterable[str], *, seed: str | None = None
) -> InstantRunoff:
    """Count strict rankings, complete or not, to one winner.

    Raises a CountRefused for what cannot be counted, SeedMissing for a tie for the lowest without a seed.
    """
    standing = set(checked_options(options))
    folded = fold(ballots, read_ranking(standing))
    cast = sum(folded.values())
    rounds: list[Round] = []
    while True:
        one = _round(len(rounds) + 1, folded, standing, cast, seed)
        rounds.append(one)
        if one.winner is not None:
            return InstantRunoff("irv", cast, (one.winner,), seed, tuple(rounds))
        standing.remove(str(one.excluded))


def _round(number: int, folded: Mapping[Ranking, int], standing: set[str], cast: int, seed: str | None) -> Round:
    votes = dict.fromkeys(sorted(standing), 0)
    for ranking, count in folded.items():
        first = next((code for code in ranking if code in standing), None)
        if first is not None:
            votes[first] += count
    counted = sum(votes.values())
    leader = max(votes, key=lambda code: votes[code])
    if 2 * votes[leader] > counted or len(votes) == 1:
        return Round(number, votes, cast - counted, leader, None, None)
    lowest = [code for code, total in votes.items() if total == min(votes.values())]
    drawn = disfavour(seed, lowest) if len(lowest) > 1 else None
    return Round(number, votes, cast - counted, None, drawn.taken[0] if drawn else lowest[0], drawn)
