"""Questions of a vote: which positions a ballot has, and what may stand in them (SPEC.md, section 4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from consultations.votes.protocol.encoding import Json, array, fields, flag, matching, number, texts
from consultations.votes.protocol.refusals import Refused

Choices: TypeAlias = Sequence[Sequence[int]]  # per question, per column

CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
OPTIONS: Final = 99
POINTS: Final = 20
BLANK: Final = "o00"


class Kind(StrEnum):
    SINGLE = "single"
    APPROVAL = "approval"
    SCORE = "score"


@dataclass(frozen=True)
class Option:
    code: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question. Its columns are its options, then the blank vote where there is one."""

    code: str
    kind: Kind
    text: Mapping[str, str]
    options: Sequence[Option]
    blank: bool
    min: int
    max: int
    points: int

    @cached_property
    def weights(self) -> Sequence[int]:
        """What each bit of an option is worth: every sum of them is a number from 0 to `points`, and each is one."""
        size = self.points.bit_length()
        return [*(2**bit for bit in range(size - 1)), self.points - (2 ** (size - 1) - 1)]

    @property
    def columns(self) -> int:
        return len(self.options) + self.blank

    @property
    def codes(self) -> list[str]:
        """The columns' codes; the blank vote's is `o00`."""
        return [*(option.code for option in self.options), *([BLANK] if self.blank else [])]

    @property
    def bits(self) -> int:
        """How many of the positions belong to options."""
        return len(self.options) * len(self.weights)

    @property
    def positions(self) -> int:
        return self.bits + self.blank

    def bits_of(self, values: Sequence[int]) -> list[int]:
        """The positions of a choice, one value per column. Refused("choice") where the question forbids it."""
        if not self.allows(values):
            raise Refused("choice", self.code)
        result: list[int] = []
        for value in values[: len(self.options)]:
            spelled: list[int] = []
            for weight in reversed(self.weights):
                spelled.insert(0, int(value >= weight))
                value -= weight * spelled[0]
            result += spelled
        return result + list(values[len(self.options) :])

    def allows(self, values: Sequence[int]) -> bool:
        if len(values) != self.columns or any(type(value) is not int or value < 0 for value in values):
            return False
        chosen, blank = values[: len(self.options)], self.blank and values[-1]
        if blank:
            return blank == 1 and not any(chosen)
        in_range = all(value <= self.points for value in chosen)
        return in_range and (self.kind is Kind.SCORE or self.min <= sum(chosen) <= self.max)


def read_question(value: Json) -> Question:
    """A question of a manifest. Refused("shape" | "limits" | "question")."""
    found = fields(value, "blank code kind max min options points text", "question")
    if not isinstance(found["kind"], str) or found["kind"] not in set(Kind):
        raise Refused("shape", "question")
    question = Question(
        code=matching(found["code"], CODE, "question"),
        kind=Kind(found["kind"]),
        text=texts(found["text"], "question"),
        options=array(found["options"], _option, "question", 1, OPTIONS),
        blank=flag(found["blank"], "question"),
        min=number(found["min"], 0, OPTIONS, "question"),
        max=number(found["max"], 1, OPTIONS, "question"),
        points=number(found["points"], 1, POINTS, "question"),
    )
    numbered = [f"o{position:02}" for position in range(1, len(question.options) + 1)]
    if [option.code for option in question.options] != numbered or not is_sound(question):
        raise Refused("question", question.code)
    return question


def _option(value: Json) -> Option:
    found = fields(value, "code text", "option")
    return Option(matching(found["code"], CODE, "option"), texts(found["text"], "option"))


def is_sound(question: Question) -> bool:
    """The conditions of each kind."""
    options = len(question.options)
    match question.kind:
        case Kind.SINGLE:
            return question.min == question.max == question.points == 1 and question.columns >= 2
        case Kind.APPROVAL:
            return question.points == 1 and question.min <= question.max <= options
        case Kind.SCORE:
            return question.min == 0 and question.max == options and question.points >= 2
