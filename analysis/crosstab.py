"""Cross-tabs of two questions: counts, shares, intervals, and whether the two hang together.

Everything is standard library: a page can show a cross-tab without loading SciPy. `analysis.tabulation` counts large
files and whole reports and returns the same records.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import isfinite, sqrt
from typing import Any

from analysis.disclosure import FrequencyTable, Place, ReleasedTable
from analysis.inference import Axis
from analysis.significance import Interval, chi_square_tail, effective_number, wilson_interval
from analysis.spreadsheets import Sheet
from analysis.tabular import Value

Answer = str | frozenset[str] | None
"""A single choice's category, a multiple choice's categories, or None (also the empty set): not answered."""


@dataclass(frozen=True)
class Weighted:
    """A cell by weight, to stand beside the unweighted one: `count` is the sum of weights, the shares are of such sums.

    `ci95` is Wilson's interval of `row_share` for the row's effective number of respondents (Kish).
    """

    count: float
    row_share: float | None
    column_share: float | None
    ci95: Interval | None


@dataclass(frozen=True)
class CrosstabCell:
    """One cell; the shares are of its row's and its column's respondents, 0 to 1, `ci95` belongs to `row_share`.

    All four are None when suppressed; a share is None where its whole is 0 or suppressed. `weighted` is None without
    weights.
    """

    row: str
    column: str
    count: int | None
    row_share: float | None
    column_share: float | None
    ci95: Interval | None
    suppressed: bool
    weighted: Weighted | None = None

    def to_json(self) -> dict[str, Any]:
        """The cell in the format of `surveys tabulate --json`, its weighted figures added where there are any."""
        printed: dict[str, Any] = {
            "row": self.row,
            "column": self.column,
            "count": self.count,
            "row_share": self.row_share,
            "column_share": self.column_share,
            "ci95": list(self.ci95) if self.ci95 else None,
            "suppressed": self.suppressed,
        }
        if self.weighted:
            printed["weighted"] = {
                "count": self.weighted.count,
                "row_share": self.weighted.row_share,
                "column_share": self.weighted.column_share,
                "ci95": list(self.weighted.ci95) if self.weighted.ci95 else None,
            }
        return printed


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

    def to_json(self) -> dict[str, Any]:
        """The test in the format of `surveys tabulate --json`."""
        names = ("statistic", "df", "p", "min_expected", "cramers_v")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Crosstab:
    """Two questions against each other; `base` is everybody who answered both, None when suppressed.

    `counts` has totals under None as in FrequencyTable. `chi2` is None with a multiple choice (its options overlap), with
    a suppressed count (the statistic would help to compute it back), and with fewer than two rows or columns in use.
    With weights, `effective_base` is Kish's effective number of the base, and `weighted_chi2` the test of the weighted
    shares as if that many had answered; its warning is that of the persons asked.
    """

    row: Axis
    column: Axis
    base: int | None
    counts: Mapping[Place, int | None]
    cells: tuple[CrosstabCell, ...]
    chi2: ChiSquare | None
    effective_base: float | None = None
    weighted_chi2: ChiSquare | None = None

    def to_json(self) -> dict[str, Any]:
        """The format of `surveys tabulate --json`; weighted figures are added beside the others."""
        printed: dict[str, Any] = {
            "row": self.row.variable,
            "column": self.column.variable,
            "base": self.base,
            "cells": [cell.to_json() for cell in self.cells],
            "chi2": self.chi2 and self.chi2.to_json(),
        }
        if self.effective_base is not None:
            printed["effective_base"] = self.effective_base
            printed["weighted_chi2"] = self.weighted_chi2 and self.weighted_chi2.to_json()
        return printed

    def sheet(self, name: str = "crosstab") -> Sheet:
        """The cells as a table, one a row, for CSV or a workbook."""
        weighted = self.effective_base is not None
        return Sheet(name, CELL_HEADERS + (WEIGHTED_HEADERS if weighted else ()), self.rows())

    def rows(self) -> list[tuple[Value, ...]]:
        """The cells under CELL_HEADERS, and WEIGHTED_HEADERS where there are weights."""
        return [self._row(cell) for cell in self.cells]

    def _row(self, cell: CrosstabCell) -> tuple[Value, ...]:
        low, high = cell.ci95 or (None, None)
        names = (self.row.variable, cell.row, self.column.variable, cell.column)
        plain = (*names, cell.count, cell.row_share, low, high, cell.column_share)
        if cell.weighted is None:
            return plain
        low, high = cell.weighted.ci95 or (None, None)
        return (*plain, cell.weighted.count, cell.weighted.row_share, low, high, cell.weighted.column_share)


CELL_HEADERS = (
    "row_question",
    "row",
    "column_question",
    "column",
    "count",
    "row_share",
    "row_share_low",
    "row_share_high",
    "column_share",
)
WEIGHTED_HEADERS = (
    "weighted_count",
    "weighted_row_share",
    "weighted_row_share_low",
    "weighted_row_share_high",
    "weighted_column_share",
)

Sums = Mapping[Place, tuple[float, float]]
"""Per place the sum of the weights and of their squares."""


def crosstab(
    answers: Iterable[tuple[Answer, Answer]], row: Axis, column: Axis, weights: Sequence[float] | None = None
) -> Crosstab:
    """The cross-tab of one (row answer, column answer) per respondent, before disclosure control.

    A multiple choice counts respondents: one who chose two options stands in two rows but once in the base. Who left
    either question out is in no count. A category that the axis does not list is a ValueError, and so is a weight that
    is negative or no number, named by its row from 1.
    """
    pairs = answers if weights is None else list(answers)
    counts: dict[Place, int] = dict.fromkeys(product((*row.categories, None), (*column.categories, None)), 0)
    for pair, respondents in Counter(pairs).items():
        for place in _places(pair, row, column):
            counts[place] += respondents
    if weights is None:
        return crosstab_from(row, column, counts)
    totals, squares = dict.fromkeys(counts, 0.0), dict.fromkeys(counts, 0.0)
    for pair, weight in zip(pairs, checked_weights(weights), strict=True):
        for place in _places(pair, row, column):
            totals[place] += weight
            squares[place] += weight * weight
    return crosstab_from(row, column, counts, {place: (totals[place], squares[place]) for place in counts})


def checked_weights(weights: Sequence[float]) -> Sequence[float]:
    """The weights; ValueError for one that is negative, infinite or no number, with its row, and for none above 0."""
    for row, weight in enumerate(weights, 1):
        if not isfinite(weight) or weight < 0:
            raise ValueError(
                f"row {row}: the weight {weight} is not a number of 0 or more. Correct it or leave the row out."
            )
    if not any(weights):
        raise ValueError("no row has a weight above 0, so that nobody would count")
    return weights


def table_of(tab: Crosstab, name: str, base: int) -> FrequencyTable:
    """The counts as `analysis.disclosure.release` takes them; `base` is every counted participation, answered or not."""
    counts = {place: count for place, count in tab.counts.items() if count is not None}
    return FrequencyTable(name, (tab.row, tab.column), counts, base)


def crosstab_of(released: ReleasedTable) -> Crosstab:
    """A released table of two axes as a cross-tab: the only form in which one leaves the staff area."""
    row, column = released.axes
    return crosstab_from(row, column, {place: cell.count for place, cell in released.cells.items()})


def crosstab_from(row: Axis, column: Axis, counts: Mapping[Place, int | None], sums: Sums | None = None) -> Crosstab:
    """The cross-tab of counts with their totals under None, and of sums of weights where there are any."""
    chi2 = _chi_square(row, column, counts)
    if sums is None:
        cells = tuple(_cell(place, counts) for place in product(row.categories, column.categories))
        return Crosstab(row, column, counts[None, None], counts, cells, chi2)
    cells = tuple(
        replace(_cell(place, counts), weighted=_weighted(place, sums))
        for place in product(row.categories, column.categories)
    )
    return Crosstab(
        row,
        column,
        counts[None, None],
        counts,
        cells,
        chi2,
        effective_number(*sums[None, None]),
        _weighted_chi_square(row, column, sums, chi2),
    )


def _categories(answer: Answer, axis: Axis) -> frozenset[str]:
    chosen = answer if isinstance(answer, frozenset) else frozenset(() if answer is None else (answer,))
    if not chosen <= set(axis.categories) or (len(chosen) > 1 and not axis.multiple):
        raise ValueError(f"{sorted(chosen)} is no answer to {axis.variable}")
    return chosen


def _places(pair: tuple[Answer, Answer], row: Axis, column: Axis) -> Iterable[Place]:
    row_chosen, column_chosen = _categories(pair[0], row), _categories(pair[1], column)
    return product((*row_chosen, None), (*column_chosen, None)) if row_chosen and column_chosen else ()


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


def _weighted(place: tuple[str, str], sums: Sums) -> Weighted:
    count, (in_row, row_squares), (in_column, _) = sums[place][0], sums[place[0], None], sums[None, place[1]]
    share = min(1.0, count / in_row) if in_row else None
    number = effective_number(in_row, row_squares)
    return Weighted(
        count,
        share,
        min(1.0, count / in_column) if in_column else None,
        wilson_interval(share * number, number) if share is not None else None,
    )


def _weighted_chi_square(row: Axis, column: Axis, sums: Sums, chi2: ChiSquare | None) -> ChiSquare | None:
    total, squares = sums[None, None]
    if chi2 is None or not total:
        return None
    factor = effective_number(total, squares) / total
    test = _chi_square(row, column, {place: weight * factor for place, (weight, _) in sums.items()})
    return test and replace(test, small_expected=chi2.small_expected)


def _chi_square(row: Axis, column: Axis, counts: Mapping[Place, float | None]) -> ChiSquare | None:
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
