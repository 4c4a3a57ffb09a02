"""Disclosure control (秘匿): the one door through which counts of persons leave the staff area.

`release` hides counts of 1 to 4 and as many others as it takes that sums, complements, linked tables and earlier
releases give no small count back. It follows the practice of 厚生労働省 and the prefectures' statistics offices, which
hide small cells and further cells against computing back, at a stricter minimum; method: Hundepool et al., Statistical
Disclosure Control (2012), ch. 4: primary and complementary cell suppression checked against a reader's intervals.
What is not protected: a count of 0 or of everybody is published (an opinion all share is no person's secret); a reader
who knows the policy or some of the answers knows more than the intervals say.

One sort of count passes whole: what a statute or a public board shows anyway (`FrequencyTable.statutory`). In a
consultation these are the numbers of comments, opinion items and official responses by channel, passage and outcome
(行政手続法43条1項 as the default profile): every comment and every answer is itself published, so that each number can be
counted off the page. In a vote they are ballots, turnout and totals. What people think, by anything known of them, is
never one of them; where such a table shares a variable with a statutory one, the control takes the statutory counts as
known to the reader and hides accordingly more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from typing import Any

from analysis.inference import EVERYBODY, Axis, Condition, Key, Reader, Rule, Unknown, key_of, rules_of

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
    """

    minimum_cell: int = 5
    release_step: int = 10
    release_growth: float = 0.5
    protect_unanswered: bool = False

    def __post_init__(self) -> None:
        if not 2 <= self.minimum_cell <= self.release_step:
            raise ValueError("a policy needs 2 <= minimum_cell <= release_step")


@dataclass(frozen=True)
class FrequencyTable:
    """Counts as tallied, before control. One axis or two; `base` is everybody whose participation is counted.

    `counts` holds every place: category by category, and None for the total of those who answered, on each axis (for
    one axis `(category,)` and `(None,)`; for two also `(category, None)`, `(None, category)` and `(None, None)`).
    Who did not answer is the rest to `base`; listed as a category (無回答) they are protected like any other.
    A numeric question has an axis without categories; `figures` (mean, median …, never a least or greatest value) are
    shown while its count is.
    A `statutory` table passes `release` whole; it may count other things than participations and so have its own base.
    """

    name: str
    axes: tuple[Axis, ...]
    counts: Mapping[Place, int]
    base: int
    figures: Mapping[str, float] = field(default_factory=dict)
    statutory: bool = False


@dataclass(frozen=True)
class Cell:
    """One count as everybody may see it; `share`, 0 to 1, is of those who answered (of its row with two axes)."""

    count: int | None
    share: float | None
    suppressed: bool


@dataclass(frozen=True)
class ReleasedTable:
    """A table after control, the only thing pages, files and feeds read. Hidden numbers are gone, not marked."""

    name: str
    axes: tuple[Axis, ...]
    base: int | None
    cells: Mapping[Place, Cell]
    figures: Mapping[str, float | None]
    statutory: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts; `from_json` gives the equal table back."""
        return {
            "name": self.name,
            "axes": [asdict(axis) | {"categories": list(axis.categories)} for axis in self.axes],
            "base": self.base,
            "cells": [
                {"place": list(place), "count": cell.count, "share": cell.share, "suppressed": cell.suppressed}
                for place, cell in self.cells.items()
            ],
            "figures": dict(self.figures),
            **({"statutory": True} if self.statutory else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ReleasedTable":
        return cls(
            stored["name"],
            tuple(Axis(**axis | {"categories": tuple(axis["categories"])}) for axis in stored["axes"]),
            stored["base"],
            {tuple(cell["place"]): Cell(cell["count"], cell["share"], cell["suppressed"]) for cell in stored["cells"]},
            dict(stored["figures"]),
            stored.get("statutory", False),
        )


class NotDue(ValueError):
    """Fewer participations came since the last release than the policy's step."""


def due_for_release(previous_n: int | None, current_n: int, policy: Policy = Policy()) -> bool:
    """Whether a live release should be made. `previous_n` is the base of the last one, None before the first.

    The last release, after the close, need not wait for growth: `release` itself asks only for `release_step`.
    """
    last = previous_n or 0
    return current_n - last >= max(policy.release_step, policy.release_growth * last)


def release(
    tables: Sequence[FrequencyTable], previous: Sequence[ReleasedTable] = (), policy: Policy = Policy()
) -> list[ReleasedTable]:
    """The tables as they may be published beside everything in `previous`, all earlier releases of the same activity.

    All tables but statutory ones have the same `base`. After this release every hidden count leaves a reader at least
    `minimum_cell` integers, and no count of 1 to `minimum_cell - 1` follows from any sum or from subtracting any two
    releases; statutory tables pass whole. Raises NotDue within `release_step` participations of the last release;
    ValueError for tables that do not add up.
    """
    whole = {table.name: _whole(table) for table in tables if table.statutory}
    shown = _controlled([table for table in tables if not table.statutory], tables, previous, policy)
    return [whole.get(table.name) or shown[table.name] for table in tables]


def _controlled(
    tables: Sequence[FrequencyTable],
    beside: Sequence[FrequencyTable],
    previous: Sequence[ReleasedTable],
    policy: Policy,
) -> dict[str, ReleasedTable]:
    """The tables under control, by name. `beside` holds the statutory ones too, whose counts everybody knows."""
    if not tables:
        return {}
    base = _common_base(tables)
    earlier = [table for table in previous if not table.statutory]
    last = max((table.base for table in earlier if table.base is not None), default=None)
    if last is not None and last != base and base - last < policy.release_step:
        raise NotDue(f"{base} participations now, {last} at the last release")
    known = [table for table in beside if table.statutory and table.base == base]
    names = {axis.variable for table in tables for axis in table.axes}
    known = [table for table in known if any(axis.variable in names for axis in table.axes)]
    shown: dict[Key, int] = {}
    if base == 0 or base >= policy.minimum_cell:
        for shapes in _linked_shapes([*tables, *known, *earlier]):
            shown |= _Control(shapes, tables, earlier, policy, known).run()
    return {table.name: _published(table, shown, base if EVERYBODY in shown else None) for table in tables}


def _whole(table: FrequencyTable) -> ReleasedTable:
    """A table with every count open."""
    counts = {key_of(table.axes, place): count for place, count in table.counts.items()}
    return replace(_published(table, counts, table.base), statutory=True)


Check = tuple[tuple[int, Unknown], ...]
"""A sum of `factor * count` that must not be known too closely: a count, several, or how they grew between releases."""


class _Control:
    """Hides counts of one group of linked tables until no check gives a small count away.

    Hiding one more count only widens a reader's intervals, so a check once passed stays passed, and each is made once.
    It ends: with everything hidden but the base, each count can be anything up to the base, and each difference anything
    up to the participations since, which are none or at least `release_step`.
    """

    def __init__(
        self,
        shapes: Sequence[tuple[Axis, ...]],
        tables: Sequence[FrequencyTable],
        previous: Sequence[ReleasedTable],
        policy: Policy,
        known: Sequence[FrequencyTable] = (),
    ) -> None:
        self._minimum = policy.minimum_cell
        self._free_to_tell = {
            Condition(axis.variable, "unanswered")
            for shape in shapes
            for axis in shape
            if not (axis.conditional or policy.protect_unanswered)
        }
        self._rules = rules_of(shapes)
        related = {key for rule in self._rules for key in (rule.total, *rule.parts)}
        base = tables[0].base
        told = _linked_counts(known) if known else {}
        self._counts = {key: count for key, count in (told | _linked_counts(tables)).items() if key in related}
        if not Reader(self._rules, [self._counts]).consistent:
            raise ValueError("the counts of the tables do not add up")
        printed = _printed_by_base(previous, related)
        self._fixed = printed.pop(base, {}) | {key: told[key] for key in told if key in related} | {EVERYBODY: base}
        hidden_here = _small_tables(tables, policy) | _hidden_at(base, previous)
        self._shown = {
            key: count
            for key, count in self._counts.items()
            if key in self._fixed or not (0 < count < self._minimum or key in hidden_here)
        }
        self._layers = list(printed.values())
        self._hidden_before = [_hidden_at(layer[EVERYBODY], previous) for layer in self._layers]
        self._now = len(self._layers)
        self._growing = all(
            self._counts.get(key, count) >= count for layer in self._layers for key, count in layer.items()
        )
        self._reader = self._new_reader(())

    def run(self) -> dict[Key, int]:
        """The counts that may be shown."""
        protected = [key for key in self._reader.keys if not key & self._free_to_tell]
        waiting = [check for key in protected for check in self._checks([key])]
        for rule in self._rules:
            waiting.extend(self._checks_of_hidden(rule))
        for check in waiting:
            while self._gives_away(check):
                hidden = self._next_to_hide(check)
                if hidden is None:
                    break  # known from earlier releases alone, made under a milder policy: nothing left to protect
                del self._shown[hidden]
                self._reader = self._new_reader(self._reader.possible)
                waiting.extend(self._checks([hidden]))
                for rule in self._rules:
                    if hidden in rule.parts:
                        waiting.extend(self._checks_of_hidden(rule))
        return self._shown

    def _new_reader(self, possible: Iterable[Mapping[Unknown, float]]) -> Reader:
        layers = [*self._layers, self._shown | self._fixed]
        return Reader(self._rules, layers, growing=self._growing, possible=possible)

    def _checks(self, keys: Sequence[Key]) -> list[Check]:
        """The sum of these counts in every release, and its difference between every earlier release and this one."""
        now, *before = [
            tuple((factor, Unknown(layer, key)) for key in keys)
            for layer, factor in [(self._now, 1), *((layer, -1) for layer in range(self._now))]
        ]
        return [now, *before, *(now + sum_before for sum_before in before)]

    def _checks_of_hidden(self, rule: Rule) -> list[Check]:
        """All hidden parts of a sum together: what is left of the total when the shown parts are taken off."""
        hidden = [part for part in rule.parts if part not in self._shown]
        if not rule.exact or len(hidden) < 2 or rule.total & self._free_to_tell:
            return []
        return self._checks(hidden)

    def _gives_away(self, check: Check) -> bool:
        if self._reader.surely_open(self._minimum, *check):
            return False
        low, high = self._reader.interval(*check)
        if high - low + 1 >= self._minimum:
            return False
        if len(check) == 1:
            (_, place) = check[0]
            if place.key in self._hidden_in(place.layer):
                return True
            if place.key in self._printed_in(place.layer):
                return False
        return (low < self._minimum and high > 0) or (low < 0 and high > -self._minimum)

    def _printed_in(self, layer: int) -> Mapping[Key, int]:
        return self._shown if layer == self._now else self._layers[layer]

    def _hidden_in(self, layer: int) -> set[Key]:
        if layer == self._now:
            return self._counts.keys() - self._shown.keys()
        return self._hidden_before[layer]

    def _next_to_hide(self, check: Check) -> Key | None:
        """The cheapest count that widens the check: its own, else in a sum that pins it, else farther."""
        reached = {place.key for _, place in check}
        near = [{rule.total, *rule.parts} for rule in self._rules if reached & {rule.total, *rule.parts}]
        pinning = [keys for keys in near if len(keys - self._shown.keys()) == 1]
        for choice in (reached, set().union(*pinning), set().union(*near), self._shown):
            if found := self._may_hide(choice):
                return found[0]
        return None

    def _may_hide(self, keys: Iterable[Key]) -> list[Key]:
        """Those of the keys that can still be hidden, the least loss first: cells before totals, small before large."""
        return sorted(
            {key for key in keys if key in self._shown and key not in self._fixed},
            key=lambda key: (_totals_in(key), self._shown[key] == 0, self._shown[key], sorted(key)),
        )


def _totals_in(key: Key) -> int:
    return sum(condition.kind == "answered" for condition in key)


def _common_base(tables: Sequence[FrequencyTable]) -> int:
    bases = {table.base for table in tables}
    if len(bases) != 1:
        raise ValueError(f"tables of one release have one base, not {sorted(bases)}")
    return bases.pop()


def _linked_counts(tables: Sequence[FrequencyTable]) -> dict[Key, int]:
    """Every count under its key; ValueError where a place is missing or two tables disagree on the same number."""
    counts = {EVERYBODY: tables[0].base}
    for table in tables:
        if table.counts.keys() != set(product(*((*axis.categories, None) for axis in table.axes))):
            raise ValueError(f"table {table.name} needs a count for every place and total, and no other")
        for place, count in table.counts.items():
            if counts.setdefault(key_of(table.axes, place), count) != count:
                raise ValueError(f"table {table.name} counts {place} unlike another table of the release")
    return counts


def _small_tables(tables: Sequence[FrequencyTable], policy: Policy) -> set[Key]:
    """All places of tables that fewer people answered than the smallest cell, zeros too: a profile of so few."""
    return {
        key_of(table.axes, place)
        for table in tables
        if 0 < table.counts[(None,) * len(table.axes)] < policy.minimum_cell
        for place in table.counts
    }


def _linked_shapes(tables: Sequence[FrequencyTable | ReleasedTable]) -> list[list[tuple[Axis, ...]]]:
    """The tables' axes in groups that share no variable: across groups, only the base is common."""
    groups: list[list[tuple[Axis, ...]]] = []
    for axes in dict.fromkeys(table.axes for table in tables):
        names = {axis.variable for axis in axes}
        linked = [group for group in groups if any(axis.variable in names for shape in group for axis in shape)]
        groups = [group for group in groups if group not in linked] + [[shape for group in linked for shape in group]]
        groups[-1].append(axes)
    return groups


def _printed_by_base(previous: Sequence[ReleasedTable], related: set[Key]) -> dict[int, dict[Key, int]]:
    """The counts of earlier releases, oldest first; a release is told by its base."""
    printed: dict[int, dict[Key, int]] = {}
    for table in sorted((table for table in previous if table.base is not None), key=lambda table: table.base or 0):
        keys = {key_of(table.axes, place): cell.count for place, cell in table.cells.items()}
        if table.base is not None and keys.keys() & related:
            layer = printed.setdefault(table.base, {EVERYBODY: table.base})
            layer.update((key, count) for key, count in keys.items() if count is not None)
    return printed


def _hidden_at(base: int, previous: Sequence[ReleasedTable]) -> set[Key]:
    return {
        key_of(table.axes, place)
        for table in previous
        if table.base == base
        for place, cell in table.cells.items()
        if cell.suppressed
    }


def _published(table: FrequencyTable, shown: Mapping[Key, int], base: int | None) -> ReleasedTable:
    cells = {}
    for place in table.counts:
        count = shown.get(key_of(table.axes, place))
        whole = shown.get(key_of(table.axes, (*place[:-1], None)))
        share = round(count / whole, 6) if count is not None and whole else None
        cells[place] = Cell(count, share, suppressed=count is None)
    open_figures = not any(cell.suppressed for cell in cells.values())  # beside a hidden count a mean gives it back
    figures = {name: figure if open_figures else None for name, figure in table.figures.items()}
    return ReleasedTable(table.name, table.axes, base, cells, figures)
