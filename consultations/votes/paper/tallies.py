"""The paper ballots as they were counted by hand, and what such figures may be. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consultations.votes.protocol.questions import Kind, Question

FEW = 10  # paper ballots: fewer can show what single people chose


@dataclass(frozen=True)
class Tally:
    """One question: ballots (or points) for each option, in the order of the ballot paper, and the void ballots."""

    code: str
    totals: Sequence[int]
    void: int

    @property
    def ballots(self) -> int:
        """What a question of one choice adds up to."""
        return sum(self.totals) + self.void


@dataclass(frozen=True)
class PaperCount:
    """All questions, and why their figures differ from the number of people, where they do."""

    tallies: Sequence[Tally]
    note: Mapping[str, str] = field(default_factory=dict)

    def of(self, code: str) -> Tally | None:
        return next((one for one in self.tallies if one.code == code), None)

    def to_json(self) -> dict[str, Any]:
        questions = [{"code": one.code, "totals": list(one.totals), "void": one.void} for one in self.tallies]
        return {"questions": questions, "note": dict(self.note)}


def count_from_json(stored: Mapping[str, Any]) -> PaperCount:
    return PaperCount([Tally(one["code"], one["totals"], one["void"]) for one in stored["questions"]], stored["note"])


def most_of_one(question: Question, tally: Tally, people: int) -> int:
    """The most one option can have when so many people voted on paper."""
    valid = max(0, people - tally.void)
    return valid * question.points if question.kind is Kind.SCORE else valid


def adds_up(question: Question, tally: Tally, people: int) -> bool:
    """Whether the figures are those of so many people. Where several options may be chosen, only void ones can be seen."""
    if question.kind is Kind.SINGLE:
        return tally.ballots == people
    return tally.void <= people
