"""Plurality (単純多数): one choice a ballot, the most votes win. A blank vote is an option of its own."""

from collections.abc import Iterable

from consultations.votes.counting.ballots import checked_options, fold, read_choice
from consultations.votes.counting.tallies import Tally, tally


def plurality(
    ballots: Iterable[tuple[str, int]], options: Iterable[str], *, seats: int = 1, seed: str | None = None
) -> Tally:
    """Count ballots that name one option. With several seats it is the single non-transferable vote (大選挙区単記制).

    Raises a CountRefused for what cannot be counted, SeedMissing for a tie over the last seat without a seed.
    """
    codes = checked_options(options)
    folded = fold(ballots, read_choice(codes))
    return tally("plurality", {code: folded.get(code, 0) for code in codes}, sum(folded.values()), seats, seed)
