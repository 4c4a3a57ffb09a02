"""Classes (階級) of a number question. They follow from its limits alone, never from the answers, so that they tell
nothing about who answered and stay the same from release to release. Pure.
"""

from dataclasses import dataclass
from decimal import Decimal

from surveys.questionnaire import Question, QuestionType

MOST_BINS = 8
STEPS = (1, 2, 5)
LARGEST_RANGE_OF_SINGLE_NUMBERS = 10


@dataclass(frozen=True)
class Bin:
    """Numbers from `least` up to, but not including, `below`; the last one includes the question's largest number."""

    least: int
    below: int

    @property
    def code(self) -> str:
        return str(self.least) if self.below == self.least + 1 else f"{self.least}-{self.below - 1}"

    @property
    def label(self) -> str:
        return self.code if self.below == self.least + 1 else f"{self.least}–{self.below - 1}"


def bins_of(question: Question) -> tuple[Bin, ...]:
    """Equal classes between the limits: one per number up to a range of 10, else at most eight; none without limits."""
    if question.type is not QuestionType.NUMBER or question.min is None or question.max is None:
        return ()
    first, last = int(Decimal(question.min)), int(Decimal(question.max))
    width = width_for(last - first + 1)
    start = first - first % width
    return tuple(Bin(least, least + width) for least in range(start, last + 1, width))


def width_for(span: int) -> int:
    """1 for up to 11 whole numbers; else the smallest of 2, 5, 10, 20 … that cuts `span` of them into at most eight."""
    if span <= LARGEST_RANGE_OF_SINGLE_NUMBERS + 1:
        return 1
    scale = 1
    while True:
        for step in STEPS:
            if span <= (MOST_BINS - 1) * step * scale:
                return step * scale
        scale *= 10


def bin_of(bins: tuple[Bin, ...], number: Decimal) -> Bin | None:
    """The class a number falls into; None for one outside the limits (an import may bring it)."""
    return next((one for one in bins if one.least <= number < one.below), None)
