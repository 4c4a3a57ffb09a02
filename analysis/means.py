"""A numeric question by the answers to another: means with intervals, medians, and whether the groups differ."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, sqrt
from typing import Any

from analysis.crosstab import Answer, checked_weights
from analysis.inference import Axis
from analysis.significance import Interval, effective_number
from analysis.spreadsheets import Sheet
from analysis.tabular import Value

_HEADERS = (
    "question",
    "row_question",
    "row",
    "count",
    "mean",
    "mean_low",
    "mean_high",
    "sd",
    "lower",
    "median",
    "upper",
)


@dataclass(frozen=True)
class Figures:
    """The numbers of one group. `sd` and the interval of the mean (Student's t) need two numbers, the rest one.

    `quartiles` are lower quartile, median and upper quartile, between neighbours by linear interpolation.
    `weighted_mean` and `effective` (Kish) are None without weights.
    """

    count: int
    mean: float | None = None
    sd: float | None = None
    ci95: Interval | None = None
    quartiles: tuple[float, float, float] | None = None
    weighted_mean: float | None = None
    effective: float | None = None


@dataclass(frozen=True)
class WelchTest:
    """Welch's one-way test (1951) that all groups have one mean, whatever their spread; `p` of the F distribution.

    `eta_squared` is the share of the numbers' variance that lies between the groups, 0 to 1.
    """

    statistic: float
    df: float
    df_within: float
    p: float
    eta_squared: float


@dataclass(frozen=True)
class Means:
    """A numeric question in each category of another, and under None over all who answered both.

    `test` is None for a multiple choice (its groups overlap) and with fewer than two groups of two different numbers.
    """

    question: str
    axis: Axis
    groups: Mapping[str | None, Figures]
    test: WelchTest | None

    def sheet(self, name: str = "means") -> Sheet:
        """One line per category, then all; weighted figures in the last columns where there are weights."""
        weighted = self.groups[None].effective is not None
        headers = (*_HEADERS, "weighted_mean", "effective") if weighted else _HEADERS
        return Sheet(name, headers, [self._row(category, weighted) for category in self.groups])

    def to_json(self) -> dict[str, Any]:
        """The groups by their columns' names, and the test."""
        weighted = self.groups[None].effective is not None
        sheet = self.sheet()
        lines = [dict(zip(sheet.headers, self._row(category, weighted), strict=True)) for category in self.groups]
        return {
            "question": self.question,
            "row": self.axis.variable,
            "groups": lines,
            "welch": asdict(self.test) if self.test else None,
        }

    def _row(self, category: str | None, weighted: bool) -> tuple[Value, ...]:
        found = self.groups[category]
        low, high = found.ci95 or (None, None)
        quartiles = found.quartiles or (None, None, None)
        plain = (self.question, self.axis.variable, category, found.count, found.mean, low, high, found.sd, *quartiles)
        return (*plain, found.weighted_mean, found.effective) if weighted else plain


def means(
    question: str,
    numbers: Sequence[float | None],
    axis: Axis,
    answers: Sequence[Answer],
    weights: Sequence[float] | None = None,
) -> Means:
    """The numbers (None: not answered) by the categories of `axis`; one number, answer and weight per respondent.

    ValueError for a number that is infinite or NaN and for an answer that the axis does not list, with the row.
    """
    members: dict[str | None, list[int]] = {category: [] for category in (*axis.categories, None)}
    for row, (number, answer) in enumerate(zip(numbers, answers, strict=True)):
        chosen = answer if isinstance(answer, frozenset) else frozenset(() if answer is None else (answer,))
        if not chosen <= members.keys():
            raise ValueError(f"row {row + 1}: {' and '.join(sorted(chosen))} is no answer to {axis.variable}")
        if number is not None and not isfinite(number):
            raise ValueError(
                f"row {row + 1}: {number} is not a number that can be counted in {question}. Correct it or leave the row out."
            )
        if number is not None and chosen:
            for category in (*chosen, None):
                members[category].append(row)
    known = None if weights is None else checked_weights(weights)
    found = {category: _figures(rows, numbers, known) for category, rows in members.items()}
    samples = [[float(numbers[row] or 0) for row in members[category]] for category in axis.categories]
    return Means(question, axis, found, None if axis.multiple else _welch(samples))


def _figures(rows: Sequence[int], numbers: Sequence[float | None], weights: Sequence[float] | None) -> Figures:
    import numpy as np
    from scipy.special import stdtrit

    if not rows:
        return Figures(0, effective=None if weights is None else 0.0)
    values = np.array([numbers[row] for row in rows], dtype=float)
    mean, sd, interval = float(values.mean()), None, None
    if len(rows) > 1:
        sd = float(values.std(ddof=1))
        reach = float(stdtrit(len(rows) - 1, 0.975)) * sd / sqrt(len(rows))
        interval = (mean - reach, mean + reach)
    lower, median, upper = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    weighted, effective = None, None
    if weights is not None:
        shares = np.array([weights[row] for row in rows], dtype=float)
        effective = effective_number(float(shares.sum()), float((shares**2).sum()))
        weighted = float(shares @ values / shares.sum()) if effective else None
    return Figures(len(rows), mean, sd, interval, (lower, median, upper), weighted, effective)


def _welch(samples: Sequence[Sequence[float]]) -> WelchTest | None:
    import numpy as np
    from scipy.special import fdtrc

    groups = [np.array(sample) for sample in samples if len(sample) > 1 and len(set(sample)) > 1]
    if len(groups) < 2:
        return None
    sizes = np.array([len(group) for group in groups])
    centres = np.array([group.mean() for group in groups])
    precisions = sizes / np.array([group.var(ddof=1) for group in groups])
    centre = precisions @ centres / precisions.sum()
    df = len(groups) - 1
    spread = float(((1 - precisions / precisions.sum()) ** 2 / (sizes - 1)).sum())
    between = float(precisions @ (centres - centre) ** 2) / df
    statistic = between / (1 + 2 * (df - 1) / (len(groups) ** 2 - 1) * spread)
    df_within = (len(groups) ** 2 - 1) / (3 * spread)
    everything = np.concatenate(groups)
    total = float(((everything - everything.mean()) ** 2).sum())
    explained = float(sizes @ (centres - everything.mean()) ** 2) / total
    return WelchTest(statistic, df, df_within, float(fdtrc(df, df_within, statistic)), explained)
