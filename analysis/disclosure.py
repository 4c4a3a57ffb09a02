"""Disclosure control (秘匿): the one door through which counts of persons leave the staff area.

`release` hides counts of 1 to 4 and as many others as it takes that sums, complements, linked tables and earlier
releases give no small count back, at the least loss of information (`analysis.suppression`). It follows the practice of
厚生労働省 and the prefectures' statistics offices, which hide small cells and further cells against computing back, at a
stricter minimum; method: Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
What is not protected: a count of 0 or of everybody is published (an opinion all share is no person's secret); a reader
who knows the policy or some of the answers knows more than the intervals say.

One sort of count passes whole: what a statute or a public board shows anyway (`FrequencyTable.statutory`). In a
consultation these are the numbers of comments, opinion items and official responses by channel, passage and outcome
(行政手続法43条1項 as the default profile): every comment and every answer is itself published, so that each number can be
counted off the page. In a vote they are ballots, turnout and totals. What people think, by anything known of them, is
never one of them; where such a table shares a variable with a statutory one, the control takes the statutory counts as
known to the reader and hides accordingly more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from math import log2

from analysis.disclosure_records import (
    DEFAULT,
    Cell,
    FrequencyTable,
    Place,
    Policy,
    ReleasedTable,
    named,
    refuse_other_places,
)
from analysis.disclosure_rings import shown_of
from analysis.inference import EVERYBODY, Axis, Condition, Key, key_of, rules_of
from analysis.suppression_clock import Progress, clocks, nobody
from analysis.suppression_problem import Interval, Layer, Problem

__all__ = [
    "DEFAULT",
    "SECONDS",
    "Cell",
    "FrequencyTable",
    "NotDue",
    "Place",
    "Policy",
    "ReleasedTable",
    "due_for_release",
    "linked_shapes",
    "loss",
    "release",
]

_TOTAL_WEIGHS = 4
SECONDS = 10.0


class NotDue(ValueError):
    """Fewer participations came since the last release than the policy's step."""


def due_for_release(previous_n: int | None, current_n: int, policy: Policy = DEFAULT) -> bool:
    """Whether a live release should be made. `previous_n` is the base of the last one, None before the first.

    The last release, after the close, need not wait for growth: `release` itself asks only for `release_step`.
    """
    last = previous_n or 0
    return current_n - last >= max(policy.release_step, policy.release_growth * last)


def release(
    tables: Sequence[FrequencyTable],
    previous: Sequence[ReleasedTable] = (),
    policy: Policy = DEFAULT,
    seconds: float | None = SECONDS,
    progress: Progress = nobody,
) -> list[ReleasedTable]:
    """The tables as they may be published beside everything in `previous`, all earlier releases of the same activity.

    All tables but statutory ones have the same `base`. After this release every hidden count leaves a reader at least
    `minimum_cell` integers, and no count of 1 to `minimum_cell - 1` follows from any sum or from subtracting any two
    releases; statutory tables pass whole. The optimum is looked for during `seconds` (None: until it is found); the
    release is safe in any case. `progress` hears of each second. Loads SciPy: for jobs and commands.
    Raises NotDue within `release_step` participations of the last release; ValueError for tables that do not add up.
    """
    whole = {table.name: _whole(table) for table in tables if table.statutory}
    shown = _controlled([table for table in tables if not table.statutory], tables, previous, policy, seconds, progress)
    return [whole.get(table.name) or shown[table.name] for table in tables]


def _controlled(
    tables: Sequence[FrequencyTable],
    beside: Sequence[FrequencyTable],
    previous: Sequence[ReleasedTable],
    policy: Policy,
    seconds: float | None,
    progress: Progress,
) -> dict[str, ReleasedTable]:
    """The tables under control, by name. `beside` holds the statutory ones too, whose counts everybody knows."""
    if not tables:
        return {}
    for table in tables:
        refuse_other_places(table.name, table.axes, table.counts)
    base = _common_base(tables)
    earlier = [table for table in previous if not table.statutory]
    last = max((table.base for table in earlier if table.base is not None), default=None)
    if last is not None and last != base and base - last < policy.release_step:
        raise NotDue(f"{base} participations now, {last} at the last release")
    known = [table for table in beside if table.statutory and table.base == base]
    names = {axis.variable for table in tables for axis in table.axes}
    known = [table for table in known if any(axis.variable in names for axis in table.axes)]
    shown: set[Key] = set()
    if base == 0 or base >= policy.minimum_cell:
        found = partial(_problem, tables=tables, previous=earlier, policy=policy, known=known)
        groups = linked_shapes([*(one.axes for one in [*tables, *known]), *(one.axes for one in earlier)])
        for shapes, clock in zip(groups, clocks(seconds, len(groups), progress), strict=True):
            shown |= shown_of(shapes, found, base, clock)
    return {table.name: _published(table, shown, base if EVERYBODY in shown else None, policy) for table in tables}


def _problem(
    shapes: Sequence[tuple[Axis, ...]],
    through: Sequence[tuple[Axis, ...]],
    tables: Sequence[FrequencyTable],
    previous: Sequence[ReleasedTable],
    policy: Policy,
    known: Sequence[FrequencyTable],
) -> Problem:
    """What there is to hide among tables of these shapes, and what a reader of the earlier ones knows.

    The crosses of the rings in `through`, which nobody published, are reasoned over as well.
    """
    rules = rules_of([*shapes, *through])
    related = {key for rule in rules for key in (rule.total, *rule.parts)}
    base = tables[0].base
    told = {key: count for key, count in (_linked_counts(known) if known else {}).items() if key in related}
    counts = told | {key: count for key, count in _linked_counts(tables).items() if key in related}
    layers = _layers(previous, related)
    same = layers.pop(base, None)
    public = {key for key in counts if key and {condition.variable for condition in key} <= policy.public}
    tell = {key: _told_by(count, policy.rounding if key and key not in told else 1) for key, count in counts.items()}
    printed = {} if same is None else dict(same.printed)
    if any(key in counts and not low <= counts[key] <= high for key, (low, high) in printed.items()):
        raise ValueError(
            "the tables do not count what an earlier release of as many participations counted: count them again from "
            "the same answers"
        )
    tell |= {key: interval for key, interval in printed.items() if key in counts}
    fixed = {EVERYBODY, *told, *public, *(key for key in printed if key in counts)}
    hidden_here = _small_tables(tables, policy) | (set() if same is None else same.hidden)
    return Problem(
        rules=rules,
        now=tell,
        value=counts,
        fixed=frozenset(fixed),
        sensitive=frozenset(key for key, count in counts.items() if policy.is_small(count) or key in hidden_here)
        - _impossible(tables),
        cost={key: loss(key, count, policy) for key, count in counts.items()},
        most=base,
        minimum=policy.minimum_cell,
        earlier=list(layers.values()),
        growing=all(
            counts.get(key, low) >= low for layer in layers.values() for key, (low, _high) in layer.printed.items()
        ),
        free=_free_to_tell(shapes, policy),
        public=policy.public,
        impossible=_impossible(tables),
    )


def loss(key: Key, count: float, policy: Policy) -> float:
    """What is lost with a number, in bits: those of the count, four times for each total it is over."""
    totals = sum(condition.kind == "answered" for condition in key)
    return log2(2 + (count or policy.minimum_cell)) * float(_TOTAL_WEIGHS**totals)


def _told_by(count: int, rounding: int) -> Interval:
    """The least and greatest count that is printed as this one is."""
    printed = (2 * count + rounding) // (2 * rounding) * rounding
    return max(0, -((rounding - 2 * printed) // 2)), printed + (rounding - 1) // 2


def _free_to_tell(shapes: Sequence[tuple[Axis, ...]], policy: Policy) -> frozenset[Condition]:
    return frozenset(
        Condition(axis.variable, "unanswered")
        for shape in shapes
        for axis in shape
        if not (axis.conditional or policy.protect_unanswered)
    )


def _impossible(tables: Iterable[FrequencyTable]) -> frozenset[Key]:
    return frozenset(key_of(table.axes, place) for table in tables for place in table.impossible)


def _whole(table: FrequencyTable) -> ReleasedTable:
    """A table with every count open."""
    shown = {key_of(table.axes, place) for place in table.counts}
    return replace(_published(table, shown, table.base, DEFAULT), statutory=True)


def _common_base(tables: Sequence[FrequencyTable]) -> int:
    bases = {table.base for table in tables}
    if len(bases) != 1:
        raise ValueError(
            f"tables of one release have one base, not {', '.join(map(str, sorted(bases)))}: release those of other people "
            "on their own"
        )
    return bases.pop()


def _linked_counts(tables: Sequence[FrequencyTable]) -> dict[Key, int]:
    """Every count under its key; ValueError where two tables disagree on the same number."""
    counts = {EVERYBODY: tables[0].base}
    for table in tables:
        for place, count in table.counts.items():
            if counts.setdefault(key_of(table.axes, place), count) != count:
                raise ValueError(
                    f"table {table.name} counts {named(place)} unlike another table of the release: count both again "
                    "from the same answers"
                )
    return counts


def _small_tables(tables: Sequence[FrequencyTable], policy: Policy) -> set[Key]:
    """All places of tables that fewer people answered than the smallest cell, zeros too: a profile of so few."""
    return {
        key_of(table.axes, place)
        for table in tables
        if 0 < table.counts[(None,) * len(table.axes)] < policy.minimum_cell
        for place in table.counts
    }


def linked_shapes(shapes: Iterable[tuple[Axis, ...]]) -> list[list[tuple[Axis, ...]]]:
    """The tables' axes in groups that share no variable: across groups, only the base is common."""
    groups: list[list[tuple[Axis, ...]]] = []
    for axes in dict.fromkeys(shapes):
        names = {axis.variable for axis in axes}
        linked = [group for group in groups if any(axis.variable in names for shape in group for axis in shape)]
        groups = [group for group in groups if group not in linked] + [[shape for group in linked for shape in group]]
        groups[-1].append(axes)
    return groups


def _layers(previous: Sequence[ReleasedTable], related: set[Key]) -> dict[int, Layer]:
    """The earlier releases that bear on these keys, by their base, oldest first."""
    printed: dict[int, dict[Key, Interval]] = {}
    hidden: dict[int, set[Key]] = {}
    for table in sorted((table for table in previous if table.base is not None), key=lambda table: table.base or 0):
        keys = {key_of(table.axes, place): cell.count for place, cell in table.cells.items()}
        if table.base is not None and keys.keys() & related:
            layer = printed.setdefault(table.base, {EVERYBODY: (table.base, table.base)})
            layer |= {key: _told_by(count, table.rounding) for key, count in keys.items() if count is not None}
            hidden.setdefault(table.base, set()).update(key for key, count in keys.items() if count is None)
    return {base: Layer(layer, frozenset(hidden[base] - layer.keys()), base) for base, layer in printed.items()}


def _published(table: FrequencyTable, shown: set[Key], base: int | None, policy: Policy) -> ReleasedTable:
    def printed(place: Place) -> int | None:
        return policy.printed(table.counts[place]) if key_of(table.axes, place) in shown else None

    cells = {}
    for place in table.counts:
        count, whole = printed(place), printed((*place[:-1], None))
        share = round(count / whole, 6) if count is not None and whole else None
        cells[place] = Cell(count, share, suppressed=count is None)
    # beside a hidden or rounded count a mean gives it back
    open_figures = policy.rounding == 1 and not any(cell.suppressed for cell in cells.values())
    figures = {name: figure if open_figures else None for name, figure in table.figures.items()}
    return ReleasedTable(
        table.name, table.axes, base, cells, figures, rounding=policy.rounding, impossible=table.impossible
    )
