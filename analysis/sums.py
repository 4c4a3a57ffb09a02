"""Disclosure control of sums of a number (yen spent by those who …): a sum that one or few contributors make up is theirs.

Which sums are sensitive follows the dominance rule (n, k) and the p% rule (Hundepool et al., Statistical Disclosure
Control, 2012, ch. 4.2; the rules of τ-ARGUS); a hidden sum stays open by a share of its value to either side (sliding
protection, Fischetti & Salazar 2001).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.disclosure import SECONDS, linked_shapes, loss
from analysis.disclosure_records import (
    DEFAULT,
    Place,
    Policy,
    ReleasedTable,
    axis_from_json,
    axis_to_json,
    named,
    refuse_other_places,
)
from analysis.inference import Axis, Key, key_of, rules_of
from analysis.suppression_clock import Progress, nobody
from analysis.suppression_problem import Problem


@dataclass(frozen=True)
class SumTable:
    """Sums of a number (`measure`, never negative) over those who answered, before control; places as in FrequencyTable.

    `contributors` and the `largest` contributions of every place (two, or as many as the policy's n) decide what is
    sensitive; they are not published.
    """

    name: str
    axes: tuple[Axis, ...]
    measure: str
    sums: Mapping[Place, float]
    contributors: Mapping[Place, int]
    largest: Mapping[Place, Sequence[float]]
    base: int


@dataclass(frozen=True)
class ReleasedSums:
    """Sums after control; None is hidden. `impossible` places have no contributor, as the counts beside them show."""

    name: str
    axes: tuple[Axis, ...]
    measure: str
    base: int
    sums: Mapping[Place, float | None]
    impossible: frozenset[Place] = frozenset()

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "axes": [axis_to_json(axis) for axis in self.axes],
            "measure": self.measure,
            "base": self.base,
            "cells": [
                {"place": list(place), "sum": total, "suppressed": total is None} for place, total in self.sums.items()
            ],
            "impossible": [list(place) for place in self.sums if place in self.impossible],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ReleasedSums":
        return cls(
            stored["name"],
            tuple(axis_from_json(axis) for axis in stored["axes"]),
            stored["measure"],
            stored["base"],
            {tuple(cell["place"]): cell["sum"] for cell in stored["cells"]},
            frozenset(tuple(place) for place in stored["impossible"]),
        )


def release_sums(
    tables: Sequence[SumTable],
    counted: Sequence[ReleasedTable],
    previous: Sequence[ReleasedSums] = (),
    policy: Policy = DEFAULT,
    seconds: float | None = SECONDS,
    progress: Progress = nobody,
) -> list[ReleasedSums]:
    """The sums as they may be published beside `counted`, the count tables of this very release.

    A sum over a hidden count is hidden with it. `progress` hears of each second, measure by measure. Loads SciPy: for jobs
    and commands. ValueError for sums that do not add up, and for a measure published before: how its sums grew would tell
    what the newcomers gave.
    """
    again = {table.measure for table in tables} & {table.measure for table in previous}
    if again:
        raise ValueError(
            f"sums of {', '.join(sorted(again))} were published before: take these tables out, sums are published once"
        )
    for table in tables:
        refuse_other_places(table.name, table.axes, table.sums)
    hidden = {key_of(table.axes, place) for table in counted for place, cell in table.cells.items() if cell.suppressed}
    found: dict[str, ReleasedSums] = {}
    for measure in dict.fromkeys(table.measure for table in tables):
        alike = [table for table in tables if table.measure == measure]
        shown: set[Key] = set()
        for shapes in linked_shapes(table.axes for table in alike):
            from analysis.suppression import protect  # NumPy and SciPy, which no web worker loads

            problem = _problem([table for table in alike if table.axes in shapes], hidden, policy)
            shown |= problem.now.keys() - protect(problem, seconds, progress).hidden
        found |= {table.name: _published(table, shown) for table in alike}
    return [found[table.name] for table in tables]


def _problem(tables: Sequence[SumTable], hidden: set[Key], policy: Policy) -> Problem:
    sums: dict[Key, float] = {}
    sensitive: set[Key] = set()
    empty: set[Key] = set()
    for table in tables:
        for place, total in table.sums.items():
            key = key_of(table.axes, place, table.measure)
            if total < 0 or sums.setdefault(key, total) != total:
                raise ValueError(
                    f"table {table.name} sums {named(place)} unlike another table, or to "
                    "less than nothing: sum both again from the same answers"
                )
            if key_of(table.axes, place) in hidden or _is_sensitive(table, place, policy):
                sensitive.add(key)
            if not table.contributors[place]:
                empty.add(key)
    return Problem(
        rules=rules_of((table.axes for table in tables), tables[0].measure),
        now={key: (total, total) for key, total in sums.items()},
        value=sums,
        fixed=frozenset(empty - sensitive),
        sensitive=frozenset(sensitive),
        cost={key: loss(key, total, policy) for key, total in sums.items()},
        most=10 * max(1.0, *sums.values()) + policy.minimum_cell,
        minimum=policy.minimum_cell,
        impossible=frozenset(empty - sensitive),
        spread=policy.spread,
    )


def _is_sensitive(table: SumTable, place: Place, policy: Policy) -> bool:
    contributors = table.contributors[place]
    small = 0 < contributors < policy.minimum_cell
    return small or (contributors > 0 and policy.dominated(table.sums[place], table.largest[place]))


def _published(table: SumTable, shown: set[Key]) -> ReleasedSums:
    open_to_all = {place for place in table.sums if key_of(table.axes, place, table.measure) in shown}
    return ReleasedSums(
        table.name,
        table.axes,
        table.measure,
        table.base,
        {place: total if place in open_to_all else None for place, total in table.sums.items()},
        frozenset(place for place in open_to_all if not table.contributors[place]),
    )
