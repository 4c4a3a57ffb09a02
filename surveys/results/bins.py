"""Classes (階級) of a number question. They follow from its limits alone, never from the answers, so that they tell
nothing about who answered and stay the same from release to release. Pure.
"""

from dataclasses import dataclass
from decimal import Decimal

from surveys.questionnaire import Question, QuestionType

MOST_BINS = 8
STEPS = (1, 2, 5)


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
    """At most eight equal classes between the limits; none where a limit is missing or the span is no wider than one."""
    if question.type is not QuestionType.NUMBER or question.min is None or question.max is None:
        return ()
    first, last = int(Decimal(question.min)), int(Decimal(question.max))
    width = width_for(last - first + 1)
    start = first - first % width
    return tuple(Bin(least, least + width) for least in range(start, last + 1, width))


def width_for(span: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that cuts `span` whole numbers into at most eight classes."""
    scale = 1
    while True:
        for step in STEPS:
            if span <= (MOST_BINS - 1) * step * scale or (span <= MOST_BINS and step * scale == 1):
                return step * scale
        scale *= 10


def bin_of(bins: tuple[Bin, ...], number: Decimal) -> Bin | None:
    """The class a number falls into; None for one outside the limits (an import may bring it)."""
    return next((one for one in bins if one.least <= number < one.below), None)
