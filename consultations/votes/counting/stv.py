"""What both kinds of the single transferable vote record: stages, and what each did with the votes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from consultations.votes.counting.draw import Draw
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
