"""The same questions in two waves: what changed, by how much at least, and what is chance. Standard library only.

The waves count as two independent samples. Where the same people answered both (a panel), the intervals are wider than
they need to be: a change that is told is there all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.crosstab import Answer, checked_weights
from analysis.inference import Axis
from analysis.significance import Difference, Interval, difference, effective_number, holm, wilson_interval
from analysis.spreadsheets import Sheet
from analysis.tabular import Value

_HEADERS = (
    "question",
    "category",
    "before_count",
    "before_base",
    "before_share",
    "after_count",
    "after_base",
    "after_share",
    "difference",
    "low",
    "high",
    "p",
    "p_holm",
)
_LIKELY = 0.05


class WavesRefused(ValueError):
    """The waves cannot be compared; the message says which question or row and what to do."""


@dataclass(frozen=True)
class Wave:
    """One wave: an answer per respondent for each question, and a weight per respondent or None."""

    name: str
    answers: Mapping[str, Sequence[Answer]]
    weights: Sequence[float] | None = None


@dataclass(frozen=True)
class WaveShare:
    """One category in one wave. `share` is by weight where the wave has weights, and `effective` then Kish's number.

    `ci95` is Wilson's for that number; without weights `effective` is the base.
    """

    count: int
    base: int
    share: float
    effective: float
    ci95: Interval


@dataclass(frozen=True)
class Change:
    """One category in both waves: `change` is after less before; `p_holm` is corrected for the whole comparison."""

    question: str
    category: str
    before: WaveShare
    after: WaveShare
    change: Difference
    p_holm: float | None

    @property
    def told(self) -> bool:
        """Whether the change may be reported as one: at most one comparison in twenty tells any that is not there."""
        return self.p_holm is not None and self.p_holm < _LIKELY


@dataclass(frozen=True)
class Comparison:
    """All categories of all questions, in the questions' order."""

    before: str
    after: str
    changes: tuple[Change, ...]

    def sheet(self, name: str = "waves") -> Sheet:
        """One line per category."""
        return Sheet(name, _HEADERS, [_line(one) for one in self.changes])

    def to_json(self) -> dict[str, Any]:
        """Both names, and each line by its column's name."""
        lines = [dict(zip(_HEADERS, _line(one), strict=True)) for one in self.changes]
        return {"before": self.before, "after": self.after, "changes": lines}


def compare_waves(axes: Sequence[Axis], before: Wave, after: Wave) -> Comparison:
    """Every category's share before and after, with interval and test of the difference, corrected (Holm 1979).

    The base is who answered the question. WavesRefused for a question that a wave does not have or nobody answered
    there, and for an answer that the axis does not list, with its row.
    """
    pairs = [
        (axis.variable, category, first, second)
        for axis in axes
        for category, first, second in zip(axis.categories, _shares(axis, before), _shares(axis, after), strict=True)
    ]
    changes = [
        difference(first.share * first.effective, first.effective, second.share * second.effective, second.effective)
        for _, _, first, second in pairs
    ]
    corrected = holm([change.p for change in changes])
    found = tuple(Change(*pair, change, p) for pair, change, p in zip(pairs, changes, corrected, strict=True))
    return Comparison(before.name, after.name, found)


def _shares(axis: Axis, wave: Wave) -> list[WaveShare]:
    if axis.variable not in wave.answers:
        raise WavesRefused(
            f"{wave.name} has no question {axis.variable}. Its questions are: {', '.join(wave.answers)}."
        )
    answers = wave.answers[axis.variable]
    try:
        weights = [1.0] * len(answers) if wave.weights is None else checked_weights(wave.weights)
    except ValueError as refusal:
        raise WavesRefused(f"{wave.name}, {str(refusal).rstrip('.')}.") from refusal
    counts = dict.fromkeys(axis.categories, 0)
    sums = dict.fromkeys(axis.categories, 0.0)
    base, total, squares = 0, 0.0, 0.0
    for row, (answer, weight) in enumerate(zip(answers, weights, strict=True), 1):
        chosen = answer if isinstance(answer, frozenset) else frozenset(() if answer is None else (answer,))
        if not chosen <= counts.keys() or (len(chosen) > 1 and not axis.multiple):
            raise WavesRefused(
                f"{wave.name}, row {row}: {' and '.join(sorted(chosen))} is no answer to {axis.variable}."
            )
        if chosen:
            base, total, squares = base + 1, total + weight, squares + weight * weight
            for category in chosen:
                counts[category] += 1
                sums[category] += weight
    if not total:
        raise WavesRefused(f"Nobody answered {axis.variable} in {wave.name}. Leave the question out.")
    number = effective_number(total, squares)
    return [_share(counts[category], base, min(1.0, sums[category] / total), number) for category in axis.categories]


def _share(count: int, base: int, share: float, number: float) -> WaveShare:
    return WaveShare(count, base, share, number, wilson_interval(share * number, number))


def _line(one: Change) -> tuple[Value, ...]:
    before, after, change = one.before, one.after, one.change
    waves = (before.count, before.base, before.share, after.count, after.base, after.share)
    return (one.question, one.category, *waves, change.difference, *change.ci95, change.p, one.p_holm)
