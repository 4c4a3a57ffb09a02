"""Published tables as a reader has them: what is printed, what is not, and which belong together.

Of the auditor, which shares no code with the control (`disclosure_audit`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, inf
from typing import Any

Place = tuple[str | None, ...]
"""A category per axis; None is the total of those who answered."""

Wanted = dict[str, str | None]
"""What people answered, by variable: a category, None for any answer, "" for silence, "!x" for an answer other than x."""


@dataclass(frozen=True)
class Strictness:
    """What counts as found out: fewer than `minimum` integers, or a sum known to `spread` times its value either way.

    With `protect_silence`, those who left a question out are protected as well; counts by `public` variables are not.
    """

    minimum: int
    protect_silence: bool
    public: frozenset[str]
    spread: float

    @classmethod
    def of(cls, policy: Mapping[str, Any], minimum: int | None) -> "Strictness":
        """As a stored policy says; `minimum` goes before its own."""
        dominance = policy.get("dominance")
        return cls(
            minimum or policy.get("minimum_cell", 5),
            policy.get("protect_unanswered", False),
            frozenset(policy.get("public", ())),
            max(100 / dominance[1] - 1 if dominance else 0.0, (policy.get("p_percent") or 0) / 100),
        )


class Table:
    """One published table of counts, or of sums of its `measure`.

    What is printed lies between two numbers (both included); what is not is `hidden`. Nobody can be in an `impossible`
    place. A `statutory` table shows everything, by law.
    """

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.name: str = stored["name"]
        self.axes: list[Mapping[str, Any]] = stored["axes"]
        self.variables = tuple(axis["variable"] for axis in self.axes)
        self.statutory = stored.get("statutory", False)
        self.measure: str = stored.get("measure", "")
        self.base = stored["base"]
        self.impossible = {tuple(place) for place in stored.get("impossible", ())}
        half = stored.get("rounding", 1) / 2
        self.printed: dict[Place, tuple[float, float]] = {}
        self.hidden: set[Place] = set()
        for cell in stored["cells"]:
            place = tuple(cell["place"])
            if "between" in cell:
                self.printed[place] = cell["between"]
                continue
            count = cell["sum" if self.measure else "count"]
            if count is None:
                self.hidden.add(place)
            elif self.measure:
                self.printed[place] = count, count
            else:
                self.printed[place] = _counts_printed_as(count, half)

    def wanted(self, place: Place) -> Wanted:
        """What the people of a place answered."""
        return dict(zip(self.variables, place, strict=True))


def _counts_printed_as(count: int, half: float) -> tuple[int, int]:
    """The least and the greatest count that is rounded to this one, `half` a step up or down."""
    return (max(0, ceil(count - half)), ceil(count + half) - 1) if half > 0.5 else (count, count)


class Release:
    """The tables published together about `base` people; statutory ones only where they count the same people."""

    def __init__(self, number: int, stored: Mapping[str, Any]) -> None:
        self.number = number
        self.base: int = stored["base"]
        tables = [Table(table) for table in stored["tables"]]
        self.tables = [table for table in tables if not table.statutory or table.base == self.base]


def linked(releases: Sequence[Release]) -> list[tuple[str, set[str]]]:
    """Groups of variables that tables join, each with its measure ("" for counts): across groups nothing hangs together."""
    groups: list[tuple[str, set[str]]] = []
    for table in chain.from_iterable(release.tables for release in releases):
        joined = [one for one in groups if one[0] == table.measure and one[1] & set(table.variables)]
        groups = [one for one in groups if one not in joined]
        groups.append((table.measure, set(table.variables).union(*(one[1] for one in joined))))
    return groups


def never_falls(tables: Iterable[tuple[int, Table]]) -> bool:
    """Whether every printed number may be as great as in the release before; tables with the number of theirs, in order."""
    last: dict[frozenset[tuple[str, str | None]], float] = {}
    for _cohort, table in tables:
        for place, (low, high) in table.printed.items():
            name = frozenset(zip(table.variables, place, strict=True))
            if high < last.get(name, -inf):
                return False
            last[name] = low
    return True
