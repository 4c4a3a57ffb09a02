"""The counting methods by name: what a ballot of each says, and the function that counts it.

A manifest names a method; a page asks here which ballot it needs and whether it can fill several seats.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consultations.votes.counting.approval import approval
from consultations.votes.counting.borda import borda
from consultations.votes.counting.equal_shares import equal_shares
from consultations.votes.counting.greedy import greedy
from consultations.votes.counting.irv import instant_runoff
from consultations.votes.counting.meek import meek
from consultations.votes.counting.plurality import plurality
from consultations.votes.counting.schulze import schulze
from consultations.votes.counting.score import score
from consultations.votes.counting.wigm import wigm


class BallotKind(StrEnum):
    """What a ballot says of the options."""

    CHOICE = "choice"  # one of them
    CHOICES = "choices"  # some of them
    SCORES = "scores"  # points for each
    RANKING = "ranking"  # some of them, one after another
    WEAK_RANKING = "weak_ranking"  # some of them, several at one rank allowed


@dataclass(frozen=True)
class Method:
    """One counting method. `count` takes ballots and options (or costs), the rest by name."""

    ballot: BallotKind
    several_seats: bool
    count: Callable[..., Any]


METHODS: Mapping[str, Method] = {
    "plurality": Method(BallotKind.CHOICE, True, plurality),
    "approval": Method(BallotKind.CHOICES, True, approval),
    "score": Method(BallotKind.SCORES, True, score),
    "borda": Method(BallotKind.WEAK_RANKING, True, borda),
    "irv": Method(BallotKind.RANKING, False, instant_runoff),
    "schulze": Method(BallotKind.WEAK_RANKING, True, schulze),
    "wigm": Method(BallotKind.RANKING, True, wigm),
    "meek": Method(BallotKind.RANKING, True, meek),
    "greedy": Method(BallotKind.CHOICES, False, greedy),
    "equal_shares": Method(BallotKind.CHOICES, False, equal_shares),
}
