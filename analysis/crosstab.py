"""Cross-tabs of two questions: counts, shares, intervals, and whether the two hang together.

Everything is standard library: a page can show a cross-tab without loading SciPy, and the tests hold each figure against
SciPy and statsmodels. The tail of the chi-square distribution has a closed form for whole degrees of freedom
(Abramowitz & Stegun 1964, 26.4.4 and 26.4.5), so no general incomplete gamma function is needed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import erfc, exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import Any

from analysis.disclosure import FrequencyTable, Place, ReleasedTable
from analysis.inference import Axis

Answer = str | frozenset[str] | None
"""A single choice's category, a multiple choice's categories, or None (also the empty set): not answered."""

_Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class CrosstabCell:
    """One cell; the shares are of its row's and its column's respondents, 0 to 1, `ci95` belongs to `row_share`.

    All four are None when suppressed; a share is None where its whole is 0 or suppressed.
    """

    row: str
    column: str
    count: int | None
    row_share: float | None
    column_share: float | None
    ci95: tuple[float, float] | None
    suppressed: bool


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's test of independence without continuity correction, over rows and columns that hold anybody."""

    statistic: float
    df: int
    p: float
    min_expected: float
    cramers_v: float
    small_expected: bool
    """Cochran's rule (1954) is broken: an expected count under 1, or more than a fifth under 5. Read p with care."""


@dataclass(frozen=True)
class Crosstab:
    """Two questions against each other; `base` is everybody who answered both, None when suppressed.

    `counts` has totals under None as in FrequencyTable. `chi2` is None with a multiple choice (its options overlap), with
    a suppressed count (the statistic would help to compute it back), and with fewer than two rows or columns in use.
    """

    row: Axis
    column: Axis
    base: int | None
    counts: Mapping[Place, int | None]
    cells: tuple[CrosstabCell, ...]
    chi2: ChiSquare | None

    def to_json(self) -> dict[str, Any]:
        """The format of `surveys tabulate --json`."""
        test = self.chi2
        return {
            "row": self.row.variable,
            "column": self.column.variable,
            "base": self.base,
            "cells": [
                {
                    "row": cell.row,
                    "column": cell.column,
                    "count": cell.count,
                    "row_share": cell.row_share,
                    "column_share": cell.column_share,
                    "ci95": list(cell.ci95) if cell.ci95 else None,
                    "suppressed": cell.suppressed,
                }
                for cell in self.cells
            ],
            "chi2": test
            and {
                "statistic": test.statistic,
                "df": test.df,
                "p": test.p,
                "min_expected": test.min_expected,
                "cramers_v": test.cramers_v,
            },
        }


def crosstab(answers: Iterable[tuple[Answer, Answer]], row: Axis, column: Axis) -> Crosstab:
    """The cross-tab of one (row answer, column answer) per respondent, before disclosure control.

    A multiple choice counts respondents: one who chose two options stands in two rows but once in the base. Who left
    either question out is in no count. A category that the axis does not list is a ValueError.
    """
    counts: dict[Place, int] = dict.fromkeys(product((*row.categories, None), (*column.categories, None)), 0)
    for pair, respondents in Counter(answers).items():
        row_chosen, column_chosen = _categories(pair[0], row), _categories(pair[1], column)
        if row_chosen and column_chosen:
            for place in product((*row_chosen, None), (*column_chosen, None)):
                counts[place] += respondents
    return _crosstab(row, column, counts)


def table_of(tab: Crosstab, name: str, base: int) -> FrequencyTable:
    """The counts as `analysis.disclosure.release` takes them; `base` is every counted participation, answered or not."""
    counts = {place: count for place, count in tab.counts.items() if count is not None}
    return FrequencyTable(name, (tab.row, tab.column), counts, base)


def crosstab_of(released: ReleasedTable) -> Crosstab:
    """A released table of two axes as a cross-tab: the only form in which one leaves the staff area."""
    row, column = released.axes
    return _crosstab(row, column, {place: cell.count for place, cell in released.cells.items()})


def wilson_interval(count: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of the share `count / whole`, `whole` > 0 (Wilson 1927; Newcombe 1998, method 3)."""
    share, square = count / whole, _Z95 * _Z95
    centre = share + square / (2 * whole)
    reach = _Z95 * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    low = 0.0 if count == 0 else (centre - reach) / scale
    high = 1.0 if count == whole else (centre + reach) / scale
    return low, high


def chi_square_tail(statistic: float, df: int) -> float:
    """The chance that a chi-square variable with `df` >= 1 degrees of freedom is at least `statistic` >= 0."""
    half, odd = statistic / 2, df % 2
    if half == 0:
        return 1.0
    start = erfc(sqrt(half)) if odd else 0.0
    powers = (step + odd / 2 for step in range(df // 2))
    return min(1.0, start + sum(exp(power * log(half) - half - lgamma(power + 1)) for power in powers))


def _categories(answer: Answer, axis: Axis) -> frozenset[str]:
    chosen = answer if isinstance(answer, frozenset) else frozenset(() if answer is None else (answer,))
    if not chosen <= set(axis.categories) or (len(chosen) > 1 and not axis.multiple):
        raise ValueError(f"{sorted(chosen)} is no answer to {axis.variable}")
    return chosen


def _crosstab(row: Axis, column: Axis, counts: Mapping[Place, int | None]) -> Crosstab:
    cells = tuple(_cell(place, counts) for place in product(row.categories, column.categories))
    return Crosstab(row, column, counts[None, None], counts, cells, _chi_square(row, column, counts))


def _cell(place: tuple[str, str], counts: Mapping[Place, int | None]) -> CrosstabCell:
    count, in_row, in_column = counts[place], counts[place[0], None], counts[None, place[1]]
    if count is None:
        return CrosstabCell(*place, None, None, None, None, suppressed=True)
    return CrosstabCell(
        *place,
        count,
        count / in_row if in_row else None,
        count / in_column if in_column else None,
        wilson_interval(count, in_row) if in_row else None,
        suppressed=False,
    )


def _chi_square(row: Axis, column: Axis, counts: Mapping[Place, int | None]) -> ChiSquare | None:
    known = {place: count for place, count in counts.items() if count is not None}
    if row.multiple or column.multiple or len(known) < len(counts):
        return None
    rows = [category for category in row.categories if known[category, None]]
    columns = [category for category in column.categories if known[None, category]]
    if len(rows) < 2 or len(columns) < 2:
        return None
    df = (len(rows) - 1) * (len(columns) - 1)
    base = known[None, None]
    expected = {(r, c): known[r, None] * known[None, c] / base for r, c in product(rows, columns)}
    statistic = sum((known[place] - count) ** 2 / count for place, count in expected.items())
    small = sum(count < 5 for count in expected.values())
    return ChiSquare(
        statistic,
        df,
        chi_square_tail(statistic, df),
        min(expected.values()),
        sqrt(statistic / (base * (min(len(rows), len(columns)) - 1))),
        small_expected=min(expected.values()) < 1 or small > len(expected) / 5,
    )
