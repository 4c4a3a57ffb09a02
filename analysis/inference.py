"""What a reader can work out from published counts: the interval of any count that is not printed.

A reader knows three things: published counts, that parts sum to their total, and that people who took part stay in later
releases. Each count is a *key*, a set of conditions on variables ("q1 is a" and "q2 is b"; no condition is everybody), so
that the same number in two tables is one unknown: a cross-tab's margin and a one-way table are linked without being told.
The sharpest interval from linear facts is two linear programmes (Willenborg & de Waal, Elements of Statistical
Disclosure Control, 2001, ch. 6.3; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4.3).
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

_ROUNDS = 60
_TOLERANCE = 1e-6
_WORLDS = 200


@dataclass(frozen=True)
class Axis:
    """One variable of a table.

    With `multiple`, categories overlap, and each has a complement among those who answered. With `conditional`, the
    question was put only to some, so that having no answer tells an answer to another question.
    """

    variable: str
    categories: tuple[str, ...]
    multiple: bool = False
    conditional: bool = False


class Condition(NamedTuple):
    """`kind` is answered (any category), unanswered, is, or is_not (the complement of a multiple choice option)."""

    variable: str
    kind: str
    category: str = ""


Key = frozenset[Condition]
EVERYBODY: Key = frozenset()


class Unknown(NamedTuple):
    """The count of `key` in release number `layer`."""

    layer: int
    key: Key


class Rule(NamedTuple):
    """The total is the sum of the parts, or, for options of a multiple choice (`exact` false), at most their sum."""

    total: Key
    parts: tuple[Key, ...]
    exact: bool = True


def key_of(axes: Sequence[Axis], place: Sequence[str | None]) -> Key:
    """The key of a table's cell; None on an axis is the total of those who answered it."""
    return frozenset(
        Condition(axis.variable, "answered") if category is None else Condition(axis.variable, "is", category)
        for axis, category in zip(axes, place, strict=True)
    )


def rules_of(shapes: Iterable[tuple[Axis, ...]]) -> list[Rule]:
    """All sums that hold between the counts of tables with these axes, margins over everybody included."""
    found: dict[Rule, None] = {}
    for axes in shapes:
        for position, axis in enumerate(axes):
            found.update(dict.fromkeys(_split(EVERYBODY, axis)))
            for other in axes[:position] + axes[position + 1 :]:
                for condition in _levels(other):
                    found.update(dict.fromkeys(_split(frozenset([condition]), axis)))
    return list(found)


def _levels(axis: Axis) -> list[Condition]:
    kinds = ("is", "is_not") if axis.multiple else ("is",)
    return [
        Condition(axis.variable, "answered"),
        Condition(axis.variable, "unanswered"),
        *(Condition(axis.variable, kind, category) for category in axis.categories for kind in kinds),
    ]


def _split(context: Key, axis: Axis) -> Iterable[Rule]:
    answered = context | {Condition(axis.variable, "answered")}
    yield Rule(context, (answered, context | {Condition(axis.variable, "unanswered")}))
    parts = tuple(context | {Condition(axis.variable, "is", category)} for category in axis.categories)
    if parts:
        yield Rule(answered, parts, exact=not axis.multiple)
    if axis.multiple:
        for category, part in zip(axis.categories, parts, strict=True):
            yield Rule(answered, (part, context | {Condition(axis.variable, "is_not", category)}))


_AtMostZero = Mapping[Unknown, int]
"""A linear fact: the sum of factor times count is at most 0. An equation is two of them."""


class Reader:
    """A reader of several releases, oldest first, each a mapping of published keys to counts (EVERYBODY among them).

    With `growing`, nobody's answers were taken out between the releases, so that no count falls. `possible` are worlds
    that a reader of more than these counts could not rule out; they stay possible for one of fewer and spare programmes.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        layers: Sequence[Mapping[Key, int]],
        *,
        growing: bool = True,
        possible: Iterable[Mapping[Unknown, float]] = (),
    ) -> None:
        keys = {key for rule in rules for key in (rule.total, *rule.parts)}
        self.keys = sorted(keys, key=sorted)
        self._low: dict[Unknown, int] = {}
        self._high: dict[Unknown, int] = {}
        for layer, published in enumerate(layers):
            for key in self.keys:
                self._low[Unknown(layer, key)] = published.get(key, 0)
                self._high[Unknown(layer, key)] = published.get(key, published[EVERYBODY])
        self.possible = deque(possible, maxlen=_WORLDS)
        self._facts = list(_facts(rules, self.keys, len(layers), growing))
        self._facts_about: dict[Unknown, list[_AtMostZero]] = defaultdict(list)
        self._settle()
        for fact in self._facts:
            for place in fact:
                if not self.knows(place):
                    self._facts_about[place].append(fact)

    def knows(self, place: Unknown) -> bool:
        """Whether adding and subtracting already gives this count away."""
        return self._low[place] == self._high[place]

    @property
    def consistent(self) -> bool:
        """Whether sums and bounds leave every count a value."""
        return all(low <= self._high[place] for place, low in self._low.items())

    def interval(self, *terms: tuple[int, Unknown]) -> tuple[int, int]:
        """Least and greatest integer the sum of `factor * count` can be, as far as linear facts tell."""
        known = sum(factor * self._low[place] for factor, place in terms if self.knows(place))
        unknown = {place: factor for factor, place in terms if not self.knows(place)}
        if not unknown:
            return known, known
        low, high = self._programme(unknown)
        return known + low, known + high

    def surely_open(self, integers: int, *terms: tuple[int, Unknown]) -> bool:
        """Whether worlds already found differ enough in the sum of `factor * count`. False is no answer."""
        sums = [
            sum(factor * world[place] for factor, place in terms)
            for world in self.possible
            if all(place in world for _, place in terms)
        ]
        return bool(sums) and floor(max(sums) + _TOLERANCE) - ceil(min(sums) - _TOLERANCE) + 1 >= integers

    def _settle(self) -> None:
        """Tighten bounds fact by fact until nothing moves: most counts of a table become known here, without solver."""
        for _ in range(_ROUNDS):
            moved = False
            for fact in self._facts:
                least = sum(self._least(place, factor) for place, factor in fact.items())
                for place, factor in fact.items():
                    room = self._least(place, factor) - least
                    if factor > 0 and room // factor < self._high[place]:
                        self._high[place], moved = room // factor, True
                    elif factor < 0 and -(room // -factor) > self._low[place]:
                        self._low[place], moved = -(room // -factor), True
            if not moved:
                return

    def _least(self, place: Unknown, factor: int) -> int:
        return factor * (self._low[place] if factor > 0 else self._high[place])

    def _programme(self, aim: Mapping[Unknown, int]) -> tuple[int, int]:
        """Bounds of the aim over everything that hangs together with it, by SciPy's HiGHS."""
        from scipy.optimize import linprog

        places, facts = self._around(aim)
        column = {place: number for number, place in enumerate(places)}
        matrix, bounds = [], []
        for fact in facts:
            row = [0] * len(places)
            for place, factor in fact.items():
                if place in column:
                    row[column[place]] = factor
            matrix.append(row)
            bounds.append(-sum(factor * self._low[place] for place, factor in fact.items() if place not in column))
        cost = [aim.get(place, 0) for place in places]
        box = [(self._low[place], self._high[place]) for place in places]
        ends = []
        for sign in (1, -1):
            solved = linprog([sign * factor for factor in cost], A_ub=matrix, b_ub=bounds, bounds=box, method="highs")
            if solved.status != 0:
                raise ArithmeticError(f"the published counts contradict each other: {solved.message}")
            ends.append(sign * solved.fun)
            known = {place: float(low) for place, low in self._low.items() if self.knows(place)}
            self.possible.append(known | dict(zip(places, solved.x.tolist(), strict=True)))
        return ceil(ends[0] - _TOLERANCE), floor(ends[1] + _TOLERANCE)

    def _around(self, aim: Iterable[Unknown]) -> tuple[list[Unknown], list[_AtMostZero]]:
        reached, waiting = dict.fromkeys(aim), list(aim)
        facts: dict[int, _AtMostZero] = {}
        while waiting:
            for fact in self._facts_about[waiting.pop()]:
                facts[id(fact)] = fact
                for place in fact:
                    if place not in reached and not self.knows(place):
                        reached[place] = None
                        waiting.append(place)
        return list(reached), list(facts.values())


def _facts(rules: Sequence[Rule], keys: Sequence[Key], layers: int, growing: bool) -> Iterator[_AtMostZero]:
    for layer in range(layers):
        for rule in rules:
            fact = {Unknown(layer, rule.total): 1, **{Unknown(layer, part): -1 for part in rule.parts}}
            yield fact
            if rule.exact:
                yield {place: -factor for place, factor in fact.items()}
    if growing:
        for earlier, later in pairwise(range(layers)):
            for key in keys:
                yield {Unknown(earlier, key): 1, Unknown(later, key): -1}
