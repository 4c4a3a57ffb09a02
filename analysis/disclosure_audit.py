"""An auditor of published tables: which hidden counts can a patient reader work out?

Written apart from the control, and it shares no code with it: it knows no keys and hides nothing. It lists every way to
answer the questions of a table (an atom), one unknown number of people for each, and asks linear programming for the least
and greatest number of people of every hidden cell that agree with all that was printed: all tables, margins and releases
together (integer programming where the problem is small enough). Releases are cohorts: a later one counts the cohorts before
it too.

The parts: `auditor_tables` (what is printed), `auditor_rows` (a research file beside it), `auditor_atoms` (the unknowns and
what links them), `auditor_questions`, `auditor_solver`; they import nothing else of this package.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.auditor_atoms import Atoms
from analysis.auditor_questions import Finding, printed_small, questions
from analysis.auditor_rows import Rows, with_rows
from analysis.auditor_solver import Contradiction, Solver
from analysis.auditor_tables import Release, Strictness, Table, linked, never_falls

__all__ = ["Audit", "Rows", "audit"]

_Tables = Sequence[tuple[int, Table]]
"""Each with the index of its release."""


@dataclass(frozen=True)
class Audit:
    """What an auditor found in releases; `asked` counts the questions put, `integer` tells how they were answered."""

    findings: tuple[Finding, ...]
    asked: int
    integer: bool


def audit(
    releases: Sequence[Mapping[str, Any]],
    minimum: int | None = None,
    rows: Rows | None = None,
    progress: Callable[[int, int, str], None] = lambda done, total, step: None,
) -> Audit:
    """Audit releases (as `python -m analysis disclosure` writes them), oldest first.

    Release numbers count from 1 in the order given. `minimum` defaults to the last release's policy. `rows` are those of a
    research file given out beside them. `progress` hears how many of the places printed or hidden have been asked about, all
    of them in the end. ValueError for tables that contradict each other, and rows of other people.
    """
    strictness = Strictness.of(releases[-1].get("policy", {}), minimum)
    releases = releases if rows is None else with_rows(releases, rows)
    told = [Release(number, one) for number, one in enumerate(releases, 1) if one["base"] is not None]
    findings: list[Finding] = []
    asked, integer = 0, True
    groups = [(measure, _tables(measure, variables, told)) for measure, variables in linked(told)]
    pace = _Pace(progress, sum(_places(tables) for _measure, tables in groups))
    pace.asked(0, 1, 0)
    for measure, tables in groups:
        part = _audited(measure, tables, told, strictness, pace)
        findings += part.findings
        asked += part.asked
        integer = integer and part.integer
        pace.passed(_places(tables))
    pace.end()
    return Audit(tuple(sorted(findings, key=_order)), asked, integer)


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return finding.release, finding.table, str(finding.place), finding.what


class _Pace:
    """Tells how many of so many places are done, a hundredth at least between two times."""

    def __init__(self, progress: Callable[[int, int, str], None], places: int) -> None:
        self._progress, self._places = progress, places
        self._done, self._told = 0, -1

    def asked(self, number: int, questions: int, places: int) -> None:
        """So many of the questions about so many places are done."""
        done = self._done + places * number // questions
        if done < self._places and 100 * done // self._places > self._told:
            self._told = 100 * done // self._places
            self._progress(done, self._places, "audit")

    def passed(self, places: int) -> None:
        """All questions about these places are done."""
        self._done += places

    def end(self) -> None:
        self._progress(self._places, self._places, "audit")


def _places(tables: _Tables) -> int:
    return sum(len(table.printed) + len(table.hidden) for _index, table in tables)


def _tables(measure: str, variables: set[str], releases: Sequence[Release]) -> _Tables:
    """The tables of one measure over some of these variables."""
    return [
        (index, table)
        for index, release in enumerate(releases)
        for table in release.tables
        if table.measure == measure and set(table.variables) <= variables
    ]


def _audited(measure: str, tables: _Tables, releases: Sequence[Release], strictness: Strictness, pace: _Pace) -> Audit:
    """What there is to find in the tables of one measure that hang together.

    Where no newcomers explain the tables, answers were taken out between the releases, though no printed count fell: each
    release then tells of people of its own.
    """
    if not measure and len(releases) > 1 and never_falls(tables):
        try:
            return _asked(measure, tables, releases, strictness, pace, growing=True)
        except Contradiction:
            pass
    return _asked(measure, tables, releases, strictness, pace, growing=False)


def _asked(
    measure: str,
    tables: _Tables,
    releases: Sequence[Release],
    strictness: Strictness,
    pace: _Pace,
    *,
    growing: bool,
) -> Audit:
    """What is found in the tables. Raises Contradiction where nothing explains them."""
    atoms = Atoms([table.axes for _index, table in tables], len(releases), growing=growing)
    if not measure:
        _tell_bases(atoms, releases)
    _tell(atoms, tables)
    small = [one for index, table in tables for one in printed_small(table, releases[index].number, strictness)]
    asked = list(questions(atoms, tables, releases, strictness))
    solver = Solver(atoms, sums=bool(measure))
    places = _places(tables)
    found = solver.found_out(asked, strictness, lambda number: pace.asked(number, len(asked), places))
    return Audit((*small, *found), len(asked), solver.integer)


def _tell_bases(atoms: Atoms, releases: Sequence[Release]) -> None:
    """How many people took part in all is printed with each release."""
    for index, release in enumerate(releases):
        everybody = atoms.people([{}], index)
        if everybody:
            atoms.add(everybody, release.base, release.base)


def _tell(atoms: Atoms, tables: _Tables) -> None:
    """What each table prints, and where nobody can be."""
    for index, table in tables:
        for place, (low, high) in [*table.printed.items(), *((place, (0, 0)) for place in table.impossible)]:
            people = atoms.people([table.wanted(place)], index)
            if people:
                atoms.add(people, low, high)
