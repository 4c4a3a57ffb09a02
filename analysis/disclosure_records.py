"""Tables before and after disclosure control, and the policy between them; each knows its plain form."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from math import prod
from typing import Any

from analysis.inference import Axis

_ALL_PLACES = "give a number for every place and total of its axes, and no other"

Place = tuple[str | None, ...]
"""A category per axis; None is the total of those who answered that axis."""


@dataclass(frozen=True)
class Policy:
    """`minimum_cell`: the smallest count that may be known, and the number of integers a hidden one leaves open.

    A live release waits for `release_step` participations and for growth by `release_growth` of the last one's base:
    each release is checked against all before it, so that there should be few.
    `protect_unanswered`: how many left a question out, which follows from two bases, is protected like an answer. Off,
    since silence is no answer, and two people who skip one question would hide most of a cross-tab; always on for a
    question with a display condition, where it is one.
    `protect_zeros`: that nobody gave an answer is hidden like a small count (zeros a table calls impossible are not).
    `public`: variables anybody can see of a person; counts by these alone pass whole and are taken as known.
    `rounding`: what is printed is the nearest multiple; 1 prints the count itself.
    A sum of a number is hidden where its `dominance` (n, k) largest contributions are more than k per cent of it, or
    where the second largest contributor could estimate the largest to within `p_percent` of it.
    """

    minimum_cell: int = 5
    release_step: int = 10
    release_growth: float = 0.5
    protect_unanswered: bool = False
    protect_zeros: bool = False
    public: frozenset[str] = frozenset()
    rounding: int = 1
    dominance: tuple[int, float] | None = None
    p_percent: float | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.minimum_cell <= self.release_step:
            raise ValueError("a policy needs 2 <= minimum_cell <= release_step")
        if self.rounding < 1:
            raise ValueError("a policy rounds to 1 or more")
        if self.dominance and not (self.dominance[0] >= 1 and 0 < self.dominance[1] < 100):
            raise ValueError("a dominance rule needs n of 1 or more and k between 0 and 100")
        if self.p_percent is not None and not 0 < self.p_percent < 100:
            raise ValueError("a p% rule needs p between 0 and 100")

    @property
    def spread(self) -> float:
        """The share of a hidden sum that stays open to either side."""
        by_dominance = 100 / self.dominance[1] - 1 if self.dominance else 0.0
        return max(by_dominance, (self.p_percent or 0) / 100)

    def printed(self, count: int) -> int:
        return (2 * count + self.rounding) // (2 * self.rounding) * self.rounding

    def is_small(self, count: int) -> bool:
        return (0 if self.protect_zeros else 1) <= count < self.minimum_cell

    def dominated(self, total: float, largest: Sequence[float]) -> bool:
        """Whether few contributors make up so much of a sum that one of them learns about another."""
        ranked = sorted(largest, reverse=True)
        if self.dominance and total > 0 and sum(ranked[: self.dominance[0]]) > self.dominance[1] / 100 * total:
            return True
        return bool(self.p_percent and ranked) and total - sum(ranked[:2]) < (self.p_percent or 0) / 100 * ranked[0]


DEFAULT = Policy()


@dataclass(frozen=True)
class FrequencyTable:
    """Counts as tallied, before control. One axis or two; `base` is everybody whose participation is counted.

    `counts` holds every place: category by category, and None for the total of those who answered, on each axis (for
    one axis `(category,)` and `(None,)`; for two also `(category, None)`, `(None, category)` and `(None, None)`).
    Who did not answer is the rest to `base`; listed as a category (無回答) they are protected like any other.
    A numeric question has an axis without categories; `figures` (mean, median …, never a least or greatest value) are
    shown while its count is.
    A `statutory` table passes `release` whole; it may count other things than participations and so have its own base.
    `impossible` places hold nobody, and everybody knows it (no pensioner is under 20): shown, and no cover for others.
    """

    name: str
    axes: tuple[Axis, ...]
    counts: Mapping[Place, int]
    base: int
    figures: Mapping[str, float] = field(default_factory=dict)
    statutory: bool = False
    impossible: frozenset[Place] = frozenset()


@dataclass(frozen=True)
class Cell:
    """One count as everybody may see it; `share`, 0 to 1, is of those who answered (of its row with two axes)."""

    count: int | None
    share: float | None
    suppressed: bool


@dataclass(frozen=True)
class ReleasedTable:
    """A table after control, the only thing pages, files and feeds read. Hidden numbers are gone, not marked.

    With `rounding` above 1 a printed count is the nearest multiple.
    """

    name: str
    axes: tuple[Axis, ...]
    base: int | None
    cells: Mapping[Place, Cell]
    figures: Mapping[str, float | None]
    statutory: bool = False
    rounding: int = 1
    impossible: frozenset[Place] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts; `from_json` gives the equal table back."""
        return {
            "name": self.name,
            "axes": [axis_to_json(axis) for axis in self.axes],
            "base": self.base,
            "cells": [
                {"place": list(place), "count": cell.count, "share": cell.share, "suppressed": cell.suppressed}
                for place, cell in self.cells.items()
            ],
            "figures": dict(self.figures),
            **({"statutory": True} if self.statutory else {}),
            **({"rounding": self.rounding} if self.rounding > 1 else {}),
            **({"impossible": sorted(map(list, self.impossible))} if self.impossible else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ReleasedTable":
        return cls(
            stored["name"],
            tuple(axis_from_json(axis) for axis in stored["axes"]),
            stored["base"],
            {tuple(cell["place"]): Cell(cell["count"], cell["share"], cell["suppressed"]) for cell in stored["cells"]},
            dict(stored["figures"]),
            stored.get("statutory", False),
            stored.get("rounding", 1),
            frozenset(tuple(place) for place in stored.get("impossible", ())),
        )


def axis_to_json(axis: Axis) -> dict[str, Any]:
    """Plain lists and strings; the nesting only where there is one."""
    plain = asdict(axis) | {"categories": list(axis.categories), "nested": [list(pair) for pair in axis.nested]}
    return plain if axis.nested else {name: value for name, value in plain.items() if name != "nested"}


def axis_from_json(stored: Mapping[str, Any]) -> Axis:
    return Axis(
        stored["variable"],
        tuple(stored["categories"]),
        stored.get("multiple", False),
        stored.get("conditional", False),
        tuple((part, whole) for part, whole in stored.get("nested", ())),
    )


def refuse_other_places(name: str, axes: Sequence[Axis], places: Collection[Place]) -> None:
    """Raises ValueError where a table does not have every place and total of its axes, and no other."""
    along = [dict.fromkeys((*axis.categories, None)) for axis in axes]
    missing = next((place for place in product(*along) if place not in places), None)
    if missing is not None:
        raise ValueError(f"table {name} has nothing for {named(missing)}: {_ALL_PLACES}")
    if len(places) > prod(map(len, along)):
        raise ValueError(f"table {name} has numbers for places that its axes do not have: {_ALL_PLACES}")


def named(place: Place) -> str:
    return " × ".join("total" if category is None else category for category in place)
