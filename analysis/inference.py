"""Counts as keys: which numbers of a set of tables are the same, and which sums hold between them.

Each count is a *key*, a set of conditions on variables ("q1 is a" and "q2 is b"; no condition is everybody), so that the
same number in two tables is one unknown: a cross-tab's margin and a one-way table are linked without being told. A sum of
a number (yen spent by those who …) is a key with one condition more. `analysis.bounds` computes what a reader of some of
the counts can work out about the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple


@dataclass(frozen=True)
class Axis:
    """One variable of a table.

    With `multiple`, categories overlap, and each has a complement among those who answered. With `conditional`, the
    question was put only to some, so that having no answer tells an answer to another question. `nested` are pairs
    (category, the category it is part of): the parts of a category are all of it, and no category has two wholes.
    """

    variable: str
    categories: tuple[str, ...]
    multiple: bool = False
    conditional: bool = False
    nested: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        wholes = dict(self.nested)
        named = {name for pair in self.nested for name in pair}
        if len(wholes) != len(self.nested) or not named <= set(self.categories) or (self.nested and self.multiple):
            raise ValueError(f"the categories of {self.variable} are not nested: each has one whole among them")
        for category in wholes:
            above = category
            for _ in self.categories:
                above = wholes.get(above, "")
            if above:
                raise ValueError(f"the categories of {self.variable} are nested in a ring")

    @property
    def levels(self) -> list[tuple[str | None, tuple[str, ...]]]:
        """Each whole with its parts: None, all who answered, with those that are part of no other."""
        wholes = dict(self.nested)
        parts: dict[str | None, list[str]] = {None: []}
        for category in self.categories:
            parts.setdefault(wholes.get(category), []).append(category)
        return [(whole, tuple(below)) for whole, below in parts.items()]


class Condition(NamedTuple):
    """`kind` is answered (any category), unanswered, is, or is_not (the complement of a multiple choice option); for a
    sum of a number over those who meet the other conditions, sum."""

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


def key_of(axes: Sequence[Axis], place: Sequence[str | None], measure: str = "") -> Key:
    """The key of a table's cell; None on an axis is the total of those who answered it. `measure`: of a sum."""
    conditions = frozenset(
        Condition(axis.variable, "answered") if category is None else Condition(axis.variable, "is", category)
        for axis, category in zip(axes, place, strict=True)
    )
    return conditions | of_measure(measure)


def of_measure(measure: str) -> Key:
    """The condition that makes a sum of a count; nothing for a count."""
    return frozenset([Condition(measure, "sum")] if measure else [])


def rules_of(shapes: Iterable[tuple[Axis, ...]], measure: str = "") -> list[Rule]:
    """All sums that hold between the counts of tables with these axes, margins over everybody included."""
    found: dict[Rule, None] = {}
    for axes in shapes:
        for position, axis in enumerate(axes):
            others = [[None, *_levels(other)] for other in axes[:position] + axes[position + 1 :]]
            for chosen in product(*others):
                context = frozenset(condition for condition in chosen if condition) | of_measure(measure)
                found.update(dict.fromkeys(_split(context, axis)))
    return list(found)


def rings(shapes: Iterable[tuple[Axis, ...]]) -> Iterator[tuple[Axis, ...]]:
    """Three variables each two of which are crossed in a table: the cross of all three, which nobody published.

    Whoever thinks of whole persons reasons over it, and can tell more than the three tables say one by one.
    """
    pairs = {frozenset(axis.variable for axis in axes): axes for axes in shapes if len(axes) == 2}
    axes_of = {axis.variable: axis for axes in pairs.values() for axis in axes}
    for one, two, three in combinations(sorted(axes_of), 3):
        if all(frozenset(pair) in pairs for pair in ((one, two), (one, three), (two, three))):
            yield axes_of[one], axes_of[two], axes_of[three]


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
    for whole, below in axis.levels:
        total = context | {Condition(axis.variable, "is", whole)} if whole is not None else answered
        parts = tuple(context | {Condition(axis.variable, "is", category)} for category in below)
        if parts:
            yield Rule(total, parts, exact=not axis.multiple)
    if axis.multiple:
        for category in axis.categories:
            part = context | {Condition(axis.variable, "is", category)}
            yield Rule(answered, (part, context | {Condition(axis.variable, "is_not", category)}))
