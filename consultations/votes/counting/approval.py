"""Approval (承認投票): as many choices as one approves of, the most approvals win (Brams & Fishburn 1978)."""

from collections.abc import Iterable

from consultations.votes.counting.ballots import checked_options, fold, read_choices
from consultations.votes.counting.tallies import Tally, tally


def approval(
    ballots: Iterable[tuple[Iterable[str], int]],
    options: Iterable[str],
    *,
    most: int | None = None,
    seats: int = 1,
    seed: str | None = None,
) -> Tally:
    """Count ballots that name any number of options, at most `most` where that is given. An empty ballot is counted too.

    Raises a CountRefused for what cannot be counted, SeedMissing for a tie over the last seat without a seed.
    """
    codes = checked_options(options)
    totals = dict.fromkeys(codes, 0)
    folded = fold(ballots, read_choices(codes, most))
    for chosen, count in folded.items():
        for code in chosen:
            totals[code] += count
    return tally("approval", totals, sum(folded.values()), seats, seed)
