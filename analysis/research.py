"""A research file: rows of answers in which nobody stands alone, and texts beside no more attributes than are safe.

k-anonymity by full-domain generalisation (Samarati, "Protecting respondents' identities in microdata release", IEEE TKDE
13, 2001; LeFevre et al., "Incognito", SIGMOD 2005) with distinct l-diversity (Machanavajjhala et al., ACM TKDD 1, 2007):
every value of an attribute is replaced by what stands above it on one level of its hierarchy, the same level for all rows,
so that the rows that were hard to hide cannot be told from how they were hidden. Standard library alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

_NODES = 200_000
ANY = "*"


@dataclass(frozen=True)
class Hierarchy:
    """How a column may be coarsened: each level maps every value to a wider one. Level 0 is the value itself.

    The last step, which needs no level, is `*` for all.
    """

    column: str
    levels: tuple[Mapping[str, str], ...] = ()

    def at(self, level: int, value: str) -> str:
        """The value on a level. Raises ValueError for a value that the level leaves out."""
        if level == 0:
            return value
        if level > len(self.levels):
            return ANY
        if value not in self.levels[level - 1]:
            raise ValueError(
                f"level {level} of {self.column} does not say where {value!r} belongs: add it to the level"
            )
        return self.levels[level - 1][value]

    @property
    def top(self) -> int:
        return len(self.levels) + 1


@dataclass(frozen=True)
class Plan:
    """What to release: attributes that others may know of a person, and answers that they should not learn.

    Every combination of attributes is shared by `k` rows at least, and these show `l` different answers to each sensitive
    question. At most `removed` of the rows (a share) are left out for it. Columns that are named nowhere are not released.
    """

    attributes: tuple[Hierarchy, ...]
    sensitive: tuple[str, ...]
    k: int = 5
    l: int = 2  # noqa: E741 the name in the literature
    removed: float = 0.05

    def __post_init__(self) -> None:
        if not self.attributes or self.k < 2 or self.l < 1 or not 0 <= self.removed < 1:
            raise ValueError("a plan needs attributes, k of 2 or more, l of 1 or more, and removed from 0 to below 1")
        names = [one.column for one in self.attributes] + list(self.sensitive)
        if len(set(names)) < len(names):
            raise ValueError("a column of a plan is an attribute or sensitive, once")


@dataclass(frozen=True)
class Risk:
    """How well a reader who knows somebody's attributes finds the row. Shares are 0 to 1.

    `unique_before`: rows alone with their attributes as received. `highest`: 1 over the smallest group in the file, what
    such a reader can be sure of at most; `average`: groups over rows, what he is right in on average.
    `surest_answer`: the greatest share that one answer has in any group of rows, over all sensitive questions.
    """

    rows: int
    unique_before: int
    groups: int
    smallest_group: int
    highest: float
    average: float
    surest_answer: float


@dataclass(frozen=True)
class ResearchFile:
    """`rows` under `headers`, in an order that tells nothing; `levels` by column; `loss` 0 (as received) to 1 (nothing)."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    levels: Mapping[str, int]
    removed: int
    loss: float
    risk: Risk
    plan: Plan

    @property
    def wider(self) -> dict[str, Mapping[str, str]]:
        """What stands above each value, by column that was coarsened to a level of its hierarchy."""
        levels = ((one, self.levels[one.column]) for one in self.plan.attributes)
        return {one.column: one.levels[level - 1] for one, level in levels if 1 <= level < one.top}

    def codebook(self) -> dict[str, Any]:
        """What each column is, on which level, and how often each of its values occurs."""
        columns = []
        for position, name in enumerate(self.headers):
            values = Counter(row[position] for row in self.rows)
            role = "attribute" if name in self.levels else "answer"
            level = {"level": self.levels[name]} if name in self.levels else {}
            wider = {"wider": dict(self.wider[name])} if name in self.wider else {}
            columns.append({"column": name, "role": role, **level, **wider, "values": dict(sorted(values.items()))})
        return {
            "version": 1,
            "columns": columns,
            "rows": len(self.rows),
            "removed": self.removed,
            "k": self.plan.k,
            "l": self.plan.l,
            "loss": round(self.loss, 6),
            "risk": {name: round(value, 6) for name, value in vars(self.risk).items()},
        }


class NoSafeFile(ValueError):
    """Even with every attribute left out, the rows do not keep what the plan promises."""


def research_file(
    rows: Sequence[Mapping[str, str]],
    plan: Plan,
    progress: Callable[[int, int, str], None] = lambda done, total, step: None,
) -> ResearchFile:
    """The file that keeps the plan and loses least. Raises NoSafeFile; ValueError for values no hierarchy holds.

    Loss is the mean over rows and attributes of how many of a column's values its released one may be, scaled to 0 to 1; a
    row left out loses all. `progress` hears of each hundredth of the combinations of levels that are tried, and of the end.
    """
    nodes = sorted(_nodes(rows, plan))
    best: tuple[float, tuple[int, ...], set[int]] | None = None
    often = max(len(nodes) // 100, 1)
    for number, (loss, levels) in enumerate(nodes):
        if number % often == 0:
            progress(number, len(nodes), "coarsen")
        if best and loss >= best[0]:
            break
        left_out = _left_out(rows, plan, levels)
        if left_out is None:
            continue
        total = loss + (1 - loss) * len(left_out) / len(rows)
        if best is None or total < best[0]:
            best = total, levels, left_out
    progress(len(nodes), len(nodes), "coarsen")
    if best is None:
        raise NoSafeFile(
            f"no coarsening of {len(rows)} rows keeps k = {plan.k} and l = {plan.l}: lower them, or leave answers out"
        )
    return _made(rows, plan, *best)


def singled_out(attributes: Iterable[Sequence[str]], minimum: int) -> list[int]:
    """The positions of those whose attributes fewer than `minimum` people share."""
    listed = [tuple(one) for one in attributes]
    shared = Counter(listed)
    return [position for position, one in enumerate(listed) if shared[one] < minimum]


def safe_beside_texts(attributes: Sequence[Sequence[str]], minimum: int) -> tuple[int, ...]:
    """Which attributes may stand beside free texts: as many as can be, the first before the later ones.

    The same for all texts, since a text with fewer attributes than the others would tell that its author is rare. () where
    none may.
    """
    width = len(attributes[0]) if attributes else 0
    for size in range(width, 0, -1):
        for chosen in combinations(range(width), size):
            if not singled_out([[one[position] for position in chosen] for one in attributes], minimum):
                return chosen
    return ()


def _nodes(rows: Sequence[Mapping[str, str]], plan: Plan) -> list[tuple[float, tuple[int, ...]]]:
    """Every choice of levels with its loss."""
    losses = []
    for hierarchy in plan.attributes:
        values = Counter(_value(row, hierarchy.column) for row in rows)
        losses.append([_loss(hierarchy, level, values) for level in range(hierarchy.top + 1)])
    count = 1
    for one in losses:
        count *= len(one)
    if count > _NODES:
        raise ValueError(f"the hierarchies have {count} combinations of levels, {_NODES} are the most: take levels out")
    return [
        (sum(one[level] for one, level in zip(losses, levels, strict=True)) / len(losses), levels)
        for levels in product(*(range(len(one)) for one in losses))
    ]


def _loss(hierarchy: Hierarchy, level: int, values: Counter[str]) -> float:
    below: dict[str, int] = Counter(hierarchy.at(level, value) for value in values)
    if len(values) < 2:
        return 0.0
    lost = sum(count * (below[hierarchy.at(level, value)] - 1) / (len(values) - 1) for value, count in values.items())
    return lost / values.total()


def _left_out(rows: Sequence[Mapping[str, str]], plan: Plan, levels: Sequence[int]) -> set[int] | None:
    """The rows that have to go at these levels; None where they are too many."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[_attributes(row, plan, levels)].append(number)
    left_out: set[int] = set()
    for members in groups.values():
        diverse = all(len({_value(rows[one], name) for one in members}) >= plan.l for name in plan.sensitive)
        if len(members) < plan.k or not diverse:
            left_out.update(members)
    too_many = len(left_out) > plan.removed * len(rows) or len(left_out) == len(rows)
    return None if too_many else left_out


def _attributes(row: Mapping[str, str], plan: Plan, levels: Sequence[int]) -> tuple[str, ...]:
    return tuple(one.at(level, _value(row, one.column)) for one, level in zip(plan.attributes, levels, strict=True))


def _value(row: Mapping[str, str], column: str) -> str:
    if column not in row:
        raise ValueError(f"the rows have no column {column}")
    return row[column]


def _made(
    rows: Sequence[Mapping[str, str]], plan: Plan, loss: float, levels: tuple[int, ...], left_out: set[int]
) -> ResearchFile:
    names = [one.column for one in plan.attributes]
    kept = [number for number in range(len(rows)) if number not in left_out]
    made = [
        (*_attributes(rows[number], plan, levels), *(_value(rows[number], name) for name in plan.sensitive))
        for number in kept
    ]
    before = Counter(tuple(_value(row, name) for name in names) for row in rows)
    return ResearchFile(
        (*names, *plan.sensitive),
        tuple(sorted(made)),
        dict(zip(names, levels, strict=True)),
        len(left_out),
        loss,
        _risk(made, len(names), sum(count == 1 for count in before.values())),
        plan,
    )


def _risk(made: Sequence[tuple[str, ...]], attributes: int, unique_before: int) -> Risk:
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for row in made:
        groups[row[:attributes]].append(row[attributes:])
    smallest = min(len(members) for members in groups.values())
    surest = 0.0
    for members in groups.values():
        for answers in zip(*members, strict=True):
            surest = max(surest, Counter(answers).most_common(1)[0][1] / len(members))
    return Risk(len(made), unique_before, len(groups), smallest, 1 / smallest, len(groups) / len(made), surest)
