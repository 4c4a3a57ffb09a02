"""Exact figures: a count, a share, a difference of shares. They are rounded only when printed."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Unit = Literal["comments", "people"]


@dataclass(frozen=True)
class Count:
    """So many comments or people."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number:,}"


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; of nothing it is 0."""

    part: int
    whole: int

    @property
    def exact(self) -> Fraction:
        return Fraction(self.part, self.whole) if self.whole else Fraction(0)

    def __str__(self) -> str:
        return f"{_tenths(self.exact * 100)}%"


@dataclass(frozen=True)
class Points:
    """A difference of two shares in percentage points, with its sign. Printed without it: the words say up or down."""

    exact: Fraction

    def __str__(self) -> str:
        return _tenths(abs(self.exact))


Figure = Count | Share | Points


def between(before: Share, after: Share) -> Points:
    """How far a share rose (fell: below 0), from the exact shares, not from the printed ones."""
    return Points((after.exact - before.exact) * 100)


def _tenths(number: Fraction) -> str:
    """One decimal; an exact half goes to the even side, as the pages of the house print it."""
    tenths = round(number * 10)
    return f"{tenths // 10:,}.{tenths % 10}"
