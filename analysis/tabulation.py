"""Cross-tabs by the file: any two of many questions, three at once, and a report in which all tests count as one.

Every answer becomes a row of noughts and ones (answered, then each category), and the cross-tabs of all pairs are one
product of that matrix with itself, block by block: a million rows need no more memory than a few thousand. Counts are
exact: a block's sums stay below 2^24, what single precision holds. For commands and jobs; a page uses `crosstab`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.crosstab import CELL_HEADERS, WEIGHTED_HEADERS, Answer, Crosstab, Sums, checked_weights, crosstab_from
from analysis.disclosure import Place
from analysis.inference import Axis
from analysis.significance import chi_square_tail, holm, normal_tails
from analysis.spreadsheets import Sheet
from analysis.tabular import Value

_BLOCK = 1 << 14
_TEST_HEADERS = ("row_question", "column_question", "base", "chi2", "df", "p", "p_holm", "cramers_v", "small_expected")

Pair = tuple[str, str]


@dataclass(frozen=True)
class Question:
    """One column: its axis, an answer per respondent, and whether the categories have an order (least first)."""

    axis: Axis
    answers: Sequence[Answer]
    ordered: bool = False


@dataclass(frozen=True)
class Trend:
    """Whether two ordered questions rise together: Mantel's linear-by-linear test (1963) with scores 1, 2, 3 …

    `correlation` is of the scores, -1 to 1; `p` is two-sided. None of it where one question has a single answer.
    """

    correlation: float
    z: float
    p: float


@dataclass(frozen=True)
class Conditional:
    """The chi-squares of all layers added up: whether row and column hang together among people alike in the third."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class ThreeWay:
    """A cross-tab for each category of a third question, and over all who answered the three.

    `conditional` is None where no layer has a chi-square.
    """

    layer: Axis
    tabs: Mapping[str, Crosstab]
    together: Crosstab
    conditional: Conditional | None

    def sheet(self, name: str = "three_way") -> Sheet:
        """The cells of every layer, its question and category in the first two columns."""
        headers = CELL_HEADERS + (WEIGHTED_HEADERS if self.together.effective_base is not None else ())
        rows = ((self.layer.variable, layer, *row) for layer, tab in self.tabs.items() for row in tab.rows())
        return Sheet(name, ("layer_question", "layer", *headers), list(rows))

    def to_json(self) -> dict[str, Any]:
        """The cross-tab of every layer in the format of `surveys tabulate --json`, then of all together."""
        test = self.conditional
        return {
            "version": 1,
            "layer": self.layer.variable,
            "tables": [{"layer": layer} | tab.to_json() for layer, tab in self.tabs.items()],
            "together": self.together.to_json(),
            "conditional": test and {"statistic": test.statistic, "df": test.df, "p": test.p},
        }


@dataclass(frozen=True)
class Report:
    """Several cross-tabs read together. `p_holm` corrects each chi-square's p for all of them (Holm).

    With weights it corrects the p of the weighted test.
    """

    tabs: tuple[Crosstab, ...]
    p_holm: tuple[float | None, ...]

    def sheet(self, name: str = "cells") -> Sheet:
        """Every cell of every cross-tab."""
        weighted = bool(self.tabs) and self.tabs[0].effective_base is not None
        headers = CELL_HEADERS + (WEIGHTED_HEADERS if weighted else ())
        return Sheet(name, headers, [row for tab in self.tabs for row in tab.rows()])

    def tests(self, name: str = "tests") -> Sheet:
        """One line per cross-tab: its test, the corrected p, and how strong the association is."""
        lines: list[tuple[Value, ...]] = []
        for tab, p_holm in zip(self.tabs, self.p_holm, strict=True):
            test = tab.chi2 if tab.effective_base is None else tab.weighted_chi2
            figures: tuple[Value, ...] = (None,) * 6
            if test:
                small = "yes" if test.small_expected else "no"
                figures = (test.statistic, test.df, test.p, p_holm, test.cramers_v, small)
            lines.append((tab.row.variable, tab.column.variable, tab.base, *figures))
        return Sheet(name, _TEST_HEADERS, lines)

    def to_json(self) -> list[dict[str, Any]]:
        """Each cross-tab in the format of `surveys tabulate --json`, `p_holm` added."""
        return [tab.to_json() | {"p_holm": p} for tab, p in zip(self.tabs, self.p_holm, strict=True)]


def cross(row: Question, column: Question, weights: Sequence[float] | None = None) -> Crosstab:
    """The cross-tab of two questions answered by the same respondents, as `crosstab` counts it."""
    return report([row, column], weights=weights).tabs[0]


def three_way(row: Question, column: Question, layer: Question, weights: Sequence[float] | None = None) -> ThreeWay:
    """The cross-tab of `row` and `column` within each category of `layer`; who left one of the three out is in none.

    A multiple choice as layer counts a respondent in each layer she chose, but once in `together`; there is then no
    conditional test.
    """
    coded = [_Coded(question) for question in (row, column, layer)]
    pairs = [(0, 1)]
    tabs = {}
    for position, category in enumerate(layer.axis.categories, 1):
        among = coded[2].marks[coded[2].codes, position] > 0
        tabs[category] = _cross_all(coded, pairs, weights, among)[0]
    together = _cross_all(coded, pairs, weights, coded[2].marks[coded[2].codes, 0] > 0)[0]
    tests = [tab.weighted_chi2 if weights is not None else tab.chi2 for tab in tabs.values()]
    known = [] if layer.axis.multiple else [test for test in tests if test]
    statistic, df = sum(test.statistic for test in known), sum(test.df for test in known)
    found = Conditional(statistic, df, chi_square_tail(statistic, df)) if known else None
    return ThreeWay(layer.axis, tabs, together, found)


def report(
    questions: Sequence[Question], pairs: Iterable[Pair] | None = None, weights: Sequence[float] | None = None
) -> Report:
    """The cross-tabs of the named pairs of variables, by default of every two questions, with Holm's correction.

    ValueError for answers of different length, a category that an axis does not list (with its row) and a weight that
    is negative or no number.
    """
    coded = [_Coded(question) for question in questions]
    places = {question.axis.variable: place for place, question in enumerate(questions)}
    wanted = (
        list(combinations(range(len(coded)), 2))
        if pairs is None
        else [(places[row], places[column]) for row, column in pairs]
    )
    tabs = _cross_all(coded, wanted, weights)
    tests = [tab.chi2 if weights is None else tab.weighted_chi2 for tab in tabs]
    return Report(tuple(tabs), tuple(holm([test.p if test else None for test in tests])))


def trend(tab: Crosstab) -> Trend | None:
    """Whether the rows' and columns' categories, both in their order, rise together. None with a hidden count."""
    if tab.base is None or None in tab.counts.values() or tab.row.multiple or tab.column.multiple:
        return None
    shape = len(tab.row.categories), len(tab.column.categories)
    places = product(tab.row.categories, tab.column.categories)
    counts = np.array([tab.counts[place] for place in places], dtype=float).reshape(shape)
    rows, columns = np.arange(1.0, shape[0] + 1), np.arange(1.0, shape[1] + 1)
    base = counts.sum()
    if base < 2:
        return None
    rows -= counts.sum(axis=1) @ rows / base
    columns -= counts.sum(axis=0) @ columns / base
    spread = (counts.sum(axis=1) @ rows**2) * (counts.sum(axis=0) @ columns**2)
    if spread <= 0:
        return None
    correlation = float(rows @ counts @ columns / sqrt(spread))
    z = correlation * sqrt(base - 1)
    return Trend(correlation, z, normal_tails(z))


class _Coded:
    """A question's answers as row numbers of a small table of noughts and ones: answered, then each category."""

    def __init__(self, question: Question) -> None:
        self.axis, answers = question.axis, question.answers
        singles: dict[Answer, int] = {None: 0}
        singles |= {category: place for place, category in enumerate(self.axis.categories, 1)}
        lookup = singles
        try:
            self.codes = _codes(lookup, answers)
        except KeyError:
            sets = sorted((kind for kind in set(answers) if isinstance(kind, frozenset)), key=sorted)
            lookup = singles | {kind: len(singles) + place for place, kind in enumerate(sets)}
            try:
                self.codes = _codes(lookup, answers)
            except KeyError as error:
                raise _no_answer(error.args[0], self.axis, answers) from None
        self.marks = np.zeros((len(lookup), len(singles)), dtype=np.float32)
        for line, kind in zip(self.marks, lookup, strict=True):
            chosen = kind if isinstance(kind, frozenset) else frozenset(() if kind is None else (kind,))
            if not chosen <= singles.keys() or (len(chosen) > 1 and not self.axis.multiple):
                raise _no_answer(kind, self.axis, answers)
            for category in chosen:
                line[[0, singles[category]]] = 1


def _codes(lookup: Mapping[Answer, int], answers: Sequence[Answer]) -> NDArray[np.int32]:
    return np.fromiter(map(lookup.__getitem__, answers), np.int32, len(answers))


def _no_answer(answer: Answer, axis: Axis, answers: Sequence[Answer]) -> ValueError:
    shown = " and ".join(sorted(answer)) if isinstance(answer, frozenset) else answer
    known = ", ".join(axis.categories)
    return ValueError(
        f"row {answers.index(answer) + 1}: {shown} is no answer to {axis.variable}. Its answers: {known}."
    )


def _cross_all(
    coded: Sequence[_Coded],
    pairs: Sequence[tuple[int, int]],
    weights: Sequence[float] | None,
    among: NDArray[np.bool_] | None = None,
) -> list[Crosstab]:
    lengths = {len(one.codes) for one in coded}
    if len(lengths) > 1:
        raise ValueError(f"the questions have answers of different numbers of respondents: {sorted(lengths)}")
    starts = np.cumsum([0, *(one.marks.shape[1] for one in coded)])
    counts = _products(coded, starts, among=among)
    if weights is None:
        return [crosstab_from(*_axes(coded, pair), _counts(coded, pair, starts, counts)) for pair in pairs]
    known = np.asarray(checked_weights(weights), dtype=float)
    if {len(known)} != lengths:
        raise ValueError(f"there are {len(known)} weights for {lengths.pop()} respondents")
    totals = _products(coded, starts, known, among)
    squares = _products(coded, starts, known**2, among)
    return [
        crosstab_from(
            *_axes(coded, pair), _counts(coded, pair, starts, counts), _sums(coded, pair, starts, totals, squares)
        )
        for pair in pairs
    ]


def _products(
    coded: Sequence[_Coded],
    starts: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
    among: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Sums over respondents of the product of any two marks, (marks × marks)."""
    kind = np.float32 if weights is None else np.float64
    respondents = len(coded[0].codes) if coded else 0
    found = np.zeros((starts[-1], starts[-1]))
    block = np.empty((min(_BLOCK, respondents), starts[-1]), dtype=kind)
    for start in range(0, respondents, _BLOCK):
        part = slice(start, min(start + _BLOCK, respondents))
        marks = block[: part.stop - part.start]
        for one, left, right in zip(coded, starts, starts[1:], strict=False):
            marks[:, left:right] = one.marks[one.codes[part]]
        if among is not None:
            marks *= among[part, None]
        found += marks.T @ (marks if weights is None else marks * weights[part, None])
    return found


def _axes(coded: Sequence[_Coded], pair: tuple[int, int]) -> tuple[Axis, Axis]:
    return coded[pair[0]].axis, coded[pair[1]].axis


def _block(pair: tuple[int, int], starts: NDArray[np.int64], table: NDArray[np.float64]) -> list[list[float]]:
    row, column = pair
    part: list[list[float]] = table[starts[row] : starts[row + 1], starts[column] : starts[column + 1]].tolist()
    return part


def _places(coded: Sequence[_Coded], pair: tuple[int, int]) -> list[Place]:
    row, column = _axes(coded, pair)
    return list(product((None, *row.categories), (None, *column.categories)))


def _counts(
    coded: Sequence[_Coded], pair: tuple[int, int], starts: NDArray[np.int64], counts: NDArray[np.float64]
) -> dict[Place, int]:
    flat = [round(count) for line in _block(pair, starts, counts) for count in line]
    return dict(zip(_places(coded, pair), flat, strict=True))


def _sums(
    coded: Sequence[_Coded],
    pair: tuple[int, int],
    starts: NDArray[np.int64],
    totals: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> Sums:
    flat = [
        (total, square)
        for lines in zip(_block(pair, starts, totals), _block(pair, starts, squares), strict=True)
        for total, square in zip(*lines, strict=True)
    ]
    return dict(zip(_places(coded, pair), flat, strict=True))
