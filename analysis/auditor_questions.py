"""What an auditor asks of published tables: for every hidden cell, and for the people around it, how many can they be?

Of the auditor, which shares no code with the control (`disclosure_audit`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, inf
from typing import Any

from analysis.auditor_atoms import Atoms, Row
from analysis.auditor_tables import Place, Release, Strictness, Table, Wanted

TOLERANCE = 1e-6
"""By how much a solver's number may be off."""


@dataclass(frozen=True)
class Finding:
    """A count that can be worked out: it lies in [low, high], fewer integers than the smallest cell.

    `what` is printed (a small count that is not even hidden), cell (a hidden one), complement (who did not choose an
    option), silent (who left a question out), rest (the hidden cells of a line together), or growth of any of these since
    an earlier release.
    """

    table: str
    place: Place
    what: str
    release: int
    since: int | None
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """One line for a person."""
        place = " × ".join("total" if category is None else category for category in self.place)
        since = f" since release {self.since}" if self.since is not None else ""
        return f"{self.table}, {place}: {self.what} in release {self.release}{since} is {self.low:g} to {self.high:g}"

    def to_json(self) -> dict[str, Any]:
        """As `python -m analysis disclosure-audit --json` writes it; an end without bound is null."""
        return {
            "table": self.table,
            "place": list(self.place),
            "what": self.what,
            "release": self.release,
            "since": self.since,
            "interval": [None if bound in (inf, -inf) else bound for bound in (self.low, self.high)],
        }


@dataclass(frozen=True)
class Question:
    """How many people are in `row`? `always` asks for an open interval even where it holds no small number.

    `finding` is what to say where the answer is too narrow, its interval still to be set.
    """

    finding: Finding
    row: Row
    always: bool

    def too_narrow(self, low: float, high: float, strictness: Strictness, *, sums: bool) -> bool:
        """Whether the answer [low, high] tells too much."""
        minimum = strictness.minimum
        if sums and high - low < 2 * strictness.spread * low - TOLERANCE:
            return True
        if integers(low, high) >= minimum:
            return False
        small = (low < minimum - 0.5 and high > 0.5) or (low < -0.5 and high > 0.5 - minimum)
        return self.always or small

    def answered(self, low: float, high: float) -> Finding:
        """The finding with this answer."""
        return replace(self.finding, low=round(low, 6) + 0.0, high=round(high, 6) + 0.0)


def integers(low: float, high: float) -> float:
    """How many integers lie in [low, high]."""
    if high == inf or low == -inf:
        return inf
    return floor(high + TOLERANCE) - ceil(low - TOLERANCE) + 1


def printed_small(table: Table, release: int, strictness: Strictness) -> Iterator[Finding]:
    """Small counts that stand there for all to read."""
    if table.statutory or table.measure or set(table.variables) <= strictness.public:
        return
    for place, (low, high) in table.printed.items():
        if low <= 0 or place in table.impossible:
            continue
        if low < strictness.minimum and high - low + 1 < strictness.minimum:
            yield Finding(table.name, place, "printed", release, None, low, high)


def questions(
    atoms: Atoms, tables: Sequence[tuple[int, Table]], releases: Sequence[Release], strictness: Strictness
) -> Iterator[Question]:
    """All that is worth asking of the tables (each with the index of its release), nothing twice."""
    asked: set[tuple[frozenset[int], bool]] = set()
    for cohort, table in tables:
        if table.statutory:
            continue
        for place in [*table.printed, *table.hidden]:
            if place in table.impossible:
                continue
            for what, parts in _people_at(table, place, strictness):
                printed_cell = what == "cell" and place in table.printed
                for since in range(cohort + 1) if not table.measure else (0,):
                    if printed_cell and not since:
                        continue
                    row = atoms.people(parts, cohort, since)
                    always = what == "cell" and not since
                    if row is None or (frozenset(row), always) in asked:
                        continue
                    asked.add((frozenset(row), always))
                    number = releases[cohort].number
                    before = releases[since - 1].number if since else None
                    name = what if not since else f"growth of {what}"
                    yield Question(Finding(table.name, place, name, number, before, 0, 0), row, always)


def _people_at(table: Table, place: Place, strictness: Strictness) -> Iterator[tuple[str, list[Wanted]]]:
    """The people of a place, and those around it whom nobody prints: what they are (see Finding), and their answers."""
    wanted = table.wanted(place)
    if set(wanted) <= strictness.public:
        return
    yield "cell", [wanted]
    if table.measure:
        return
    for number, axis in enumerate(table.axes):
        name = axis["variable"]
        category = place[number]
        if category is None and (axis.get("conditional") or strictness.protect_silence):
            yield "silent", [wanted | {name: ""}]
        if category is not None and axis.get("multiple"):
            yield "complement", [wanted | {name: f"!{category}"}]
        if not axis.get("multiple"):
            wholes = dict(axis.get("nested", ()))
            line = [one for one in axis["categories"] if wholes.get(one) == category]
            hidden = [one for one in line if (*place[:number], one, *place[number + 1 :]) in table.hidden]
            if len(hidden) > 1:
                yield "rest", [wanted | {name: one} for one in hidden]
