"""Weights that make a sample look like a known population: raking to several margins, or cell by cell to one.

Raking is iterative proportional fitting (Deming & Stephan 1940). With a largest weight it is Deville & Särndal's (1992)
truncated form: the smaller of the limit and the product of one factor per category, the factors fitted to the margins.
Where the margins cannot be met under the limit, what is above it is cut off and spread over the others, and the record
says which category is missed by how much. Weights have mean 1. They mend what the margins know, nothing else: those who
did not answer may think otherwise within every category.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from analysis.crosstab import checked_weights
from analysis.margins import Category, Columns, Margin, MarginRefused
from analysis.significance import effective_number
from analysis.spreadsheets import Sheet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MAX_WEIGHT = 5.0
TOLERANCE = 1e-11
"""The largest gap between a weighted share and its target at which raking has converged."""

ROUNDS = 2_000
_MISSED = 1e-6
_CELLS_SHOWN = 3
_HUGE = 1e100


@dataclass(frozen=True)
class Missed:
    """A category whose weighted share is beside its target because of the largest weight."""

    margin: str
    category: str
    share: float
    target: float


@dataclass(frozen=True)
class Weighting:
    """One weight per respondent in the sample's order, mean 1.

    `design_effect` is Kish's: how many times the variance of a share grows by weighting; `effective` is the number of
    respondents over it. `trimmed` counts the respondents at the largest weight; `missed` is worst first.
    """

    weights: tuple[float, ...]
    rounds: int
    design_effect: float
    effective: float
    trimmed: int
    missed: tuple[Missed, ...]

    def sheet(self, name: str = "weights") -> Sheet:
        """One line per respondent: row from 1, weight."""
        return Sheet(name, ("row", "weight"), list(enumerate(self.weights, 1)))


def rake(
    columns: Columns,
    margins: Sequence[Margin],
    *,
    max_weight: float | None = MAX_WEIGHT,
    base: Sequence[float] | None = None,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
) -> Weighting:
    """Weights under which the sample meets every margin.

    `base` are weights to start from (by design, say); `max_weight` > 1 bounds every weight, None does not. Raises
    MarginRefused for a value without target, a category with a target that nobody stands for, and margins that no
    weights can meet (naming category and empty cells); ValueError for a base weight that is negative or no number.
    """
    if max_weight is not None and not max_weight > 1:
        raise ValueError("the largest weight must be above 1, as the mean is 1")
    units = _Units(columns, margins, base)
    factors, done = units.fit(None, tolerance, rounds)
    if units.gap(factors) > tolerance:
        raise MarginRefused(units.refusal(factors, done))
    if max_weight is not None and factors.max() > max_weight + tolerance:
        bounded, more = units.fit(max_weight, tolerance, rounds)
        done += more
        factors = bounded if units.gap(bounded) <= tolerance else units.trim(factors, max_weight)
    return units.weighting(factors, done, max_weight)


def given(weights: Sequence[float]) -> Weighting:
    """Weights that somebody else made, as they are, and what they cost. ValueError for one that is negative or no number."""
    checked = tuple(checked_weights(weights))
    effective = effective_number(sum(checked), sum(weight * weight for weight in checked))
    return Weighting(checked, 0, len(checked) / effective, effective, 0, ())


def weight_cells(
    columns: Columns,
    margin: Margin,
    *,
    max_weight: float | None = MAX_WEIGHT,
    base: Sequence[float] | None = None,
) -> Weighting:
    """Weights cell by cell (post-stratification): each is its cell's share of the population over that of the sample.

    Refuses as `rake`; an empty cell is named, to be joined with a neighbour.
    """
    return rake(columns, [margin], max_weight=max_weight, base=base)


class _Units:
    """Respondents alike in every margin and base weight, folded: they get the same weight, however many they are."""

    def __init__(self, columns: Columns, margins: Sequence[Margin], base: Sequence[float] | None) -> None:
        import numpy as np

        self._margins = margins
        categories = [margin.of(columns) for margin in margins]
        if not categories or not categories[0]:
            raise MarginRefused(
                "The sample has no row." if categories else "The margins have no line. Write one for each category."
            )
        _refuse_nobody(margins, categories)
        start = [1.0] * len(categories[0]) if base is None else checked_weights(base)
        self._keys = list(zip(*categories, start, strict=True))
        self._members = Counter(self._keys)
        kinds = list(self._members)
        self._count = np.array(list(self._members.values()), dtype=float)
        self._start = np.array([kind[-1] for kind in kinds], dtype=float)
        self._start *= self._count.sum() / (self._count @ self._start)
        self._places: list[NDArray[np.int64]] = []
        self._targets: list[Floats] = []
        for position, margin in enumerate(margins):
            order = {category: place for place, category in enumerate(margin.shares)}
            self._places.append(np.array([order[kind[position]] for kind in kinds]))
            self._targets.append(np.array(list(margin.shares.values())) * self._count.sum())

    def fit(self, limit: float | None, tolerance: float, rounds: int) -> tuple["Floats", int]:
        """The weights after as many rounds as it took, at most `rounds`, and that number."""
        import numpy as np

        product = self._start.copy()
        bound = _HUGE if limit is None else limit
        for done in range(1, rounds + 1):
            for place, target in zip(self._places, self._targets, strict=True):
                held = np.bincount(place, np.minimum(product, bound) * self._count, len(target))
                ratio = np.divide(target, held, out=np.ones_like(target), where=held > 0)
                product = np.minimum(product * ratio[place], _HUGE)
            weights = np.minimum(product, bound)
            if self.gap(weights) <= tolerance:
                return weights, done
        return weights, rounds

    def gap(self, weights: "Floats") -> float:
        """The largest distance of a weighted share from its target."""
        return max(abs(share - target) for _, _, share, target in self._shares(weights))

    def trim(self, weights: "Floats", limit: float) -> "Floats":
        """Weights above the limit cut to it, and the excess spread in proportion over the others until none is above."""
        import numpy as np

        everybody = self._count.sum()
        while True:
            above = weights >= limit
            rest = float(self._count[~above] @ weights[~above])
            if not rest:
                return weights
            scaled = weights * ((everybody - limit * float(self._count[above].sum())) / rest)
            weights = np.where(above, limit, scaled)
            if not (weights > limit).any():
                return weights

    def weighting(self, weights: "Floats", rounds: int, limit: float | None) -> Weighting:
        total, squares = float(self._count @ weights), float(self._count @ weights**2)
        effective = effective_number(total, squares)
        of_kind = dict(zip(self._members, (weights * (self._count.sum() / total)).tolist(), strict=True))
        at_limit = 0 if limit is None else int(self._count[weights >= limit - 1e-9].sum())
        missed = [
            Missed(margin.name, "*".join(category), share, target)
            for margin, category, share, target in self._shares(weights)
            if abs(share - target) > _MISSED
        ]
        missed.sort(key=lambda one: -abs(one.share - one.target))
        people = len(self._keys)
        kept = tuple(of_kind[key] for key in self._keys)
        return Weighting(kept, rounds, people / effective, effective, at_limit, tuple(missed))

    def refusal(self, weights: "Floats", rounds: int) -> str:
        """Which category stays away from its target, and the empty cells that may be why."""
        margin, category, share, target = max(self._shares(weights), key=lambda one: abs(one[2] - one[3]))
        sentence = (
            f"The weights did not converge in {rounds} rounds: {margin.words(category)} has a share of {share:.4g} "
            f"instead of {target:.4g}."
        )
        empty = list(self._empty_cells(margin, category))
        if empty:
            sentence += f" No respondent stands in the cell {'; nor in '.join(empty[:_CELLS_SHOWN])}."
        return sentence + " Join categories that few belong to, or leave a margin out."

    def _empty_cells(self, margin: Margin, category: Category) -> Iterator[str]:
        """Crossings of two margins that the targets ask for and nobody stands in, those of `category` first."""
        found = []
        for (first, one), (second, other) in combinations(enumerate(self._margins), 2):
            there = {(key[first], key[second]) for key in self._members}
            for left, left_target in one.shares.items():
                for right, right_target in other.shares.items():
                    if (left, right) not in there and left_target and right_target:
                        about = (one is margin and left == category) or (other is margin and right == category)
                        found.append((not about, f"{one.words(left)} and {other.words(right)}"))
        yield from (words for _, words in sorted(found, key=lambda each: each[0]))

    def _shares(self, weights: "Floats") -> Iterator[tuple[Margin, Category, float, float]]:
        import numpy as np

        total = float(self._count @ weights) or 1.0
        for margin, place in zip(self._margins, self._places, strict=True):
            held = np.bincount(place, weights * self._count, len(margin.shares)) / total
            for (category, target), share in zip(margin.shares.items(), held.tolist(), strict=True):
                yield margin, category, share, target


def _refuse_nobody(margins: Sequence[Margin], categories: Sequence[Sequence[Category]]) -> None:
    for margin, members in zip(margins, categories, strict=True):
        there = set(members)
        for category, target in margin.shares.items():
            if target and category not in there:
                raise MarginRefused(
                    f"No respondent stands for {margin.words(category)}, which has a target. "
                    "Join it with a neighbouring category in margins and sample, or leave it out of the margins."
                )
