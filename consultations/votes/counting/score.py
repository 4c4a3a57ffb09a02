"""Score (評点投票): each option gets 0 to `highest` points from a ballot, the highest sum wins."""

from collections.abc import Callable, Iterable, Mapping

from consultations.votes.counting.ballots import checked_options, fold
from consultations.votes.counting.errors import ScoreOutOfRange, UnknownOption
from consultations.votes.counting.tallies import Tally, tally

Scores = tuple[tuple[str, int], ...]


def score(
    ballots: Iterable[tuple[Mapping[str, int], int]],
    options: Iterable[str],
    *,
    highest: int,
    seats: int = 1,
    seed: str | None = None,
) -> Tally:
    """Count ballots of option → points. An option left out got 0, so that no option gains by being overlooked.

    Raises a CountRefused for what cannot be counted, SeedMissing for a tie over the last seat without a seed.
    """
    codes = checked_options(options)
    totals = dict.fromkeys(codes, 0)
    folded = fold(ballots, _read(codes, highest))
    for scores, count in folded.items():
        for code, points in scores:
            totals[code] += points * count
    return tally("score", totals, sum(folded.values()), seats, seed)


def _read(options: Iterable[str], highest: int) -> Callable[[Mapping[str, int]], Scores]:
    known = frozenset(options)

    def read(ballot: Mapping[str, int]) -> Scores:
        for code, points in ballot.items():
            if code not in known:
                raise UnknownOption(code)
            if isinstance(points, bool) or not isinstance(points, int) or not 0 <= points <= highest:
                raise ScoreOutOfRange(code, points, highest)
        return tuple(sorted((code, points) for code, points in ballot.items() if points))

    return read
