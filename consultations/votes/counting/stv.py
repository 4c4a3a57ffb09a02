"""What both kinds of the single transferable vote take and record: papers, stages, what each did with the votes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from consultations.votes.counting.ballots import Ranking, checked_options, checked_seats, fold, read_ranking
from consultations.votes.counting.draw import Draw
from consultations.votes.counting.errors import NoBallots
from consultations.votes.counting.records import Decimals


class Act(StrEnum):
    """What a stage did before its votes were counted."""

    FIRST = "first"  # first preferences
    SURPLUS = "surplus"  # the surplus of `of` was transferred
    EXCLUSION = "exclusion"  # `of` was excluded and the votes transferred
    ITERATION = "iteration"  # Meek: keep factors were computed anew


@dataclass(frozen=True)
class Stage:
    """The count at the end of one stage; votes of all candidates by code, those excluded at 0.

    `non_transferable` is everything that is no candidate's by now, of it `rounding` what cut decimals lost. `keep` is
    each candidate's keep factor (Meek only), `iterations` how often the factors were computed in this stage.
    """

    number: int
    act: Act
    of: str | None
    transfer_value: Decimals | None
    quota: Decimals
    votes: Mapping[str, Decimals]
    transferred: Mapping[str, Decimals]
    non_transferable: Decimals
    rounding: Decimals
    elected: tuple[str, ...]
    draws: tuple[Draw, ...]
    keep: Mapping[str, Decimals] | None = None
    iterations: int = 0


@dataclass(frozen=True)
class TransferableVote:
    """`elected` in the order of the stages, those of one stage from the most votes, equal ones by code."""

    method: str
    seats: int
    ballots: int
    elected: tuple[str, ...]
    seed: str | None
    stages: tuple[Stage, ...]


def read_papers(
    ballots: Iterable[tuple[Iterable[str], int]], options: Iterable[str], seats: int
) -> tuple[tuple[str, ...], dict[Ranking, int]]:
    """The candidates by code, and how many papers have each ranking; papers that rank nobody are left out.

    Raises BadOptions, BadSeats, BadBallot, or NoBallots where nobody is ranked at all.
    """
    codes = checked_options(options)
    checked_seats(seats, codes)
    papers = fold(ballots, read_ranking(codes))
    papers.pop((), None)
    if not papers:
        raise NoBallots
    return codes, papers


def decimals(votes: Mapping[str, int], places: int) -> dict[str, Decimals]:
    """Votes in units of 10 ** -`places` as the record shows them, by code."""
    return {code: Decimals(votes[code], places) for code in sorted(votes)}
