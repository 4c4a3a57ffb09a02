"""An auditor of published tables: which hidden counts can a patient reader work out?

Written apart from the control, and it shares no code with it: it knows no keys and hides nothing. It lists every way to
answer the questions of a table (an atom), one unknown number of people for each, and asks linear programming for the least
and greatest number of people of every hidden cell that agree with all that was printed: all tables, margins and releases
together (integer programming where the problem is small enough). Releases are cohorts: a later one counts the cohorts before
it too.

The parts: `auditor_tables` (what is printed), `auditor_rows` (a research file beside it), `auditor_atoms` (the unknowns and
what links them), `auditor_questions`, `auditor_solver`; they import nothing else of this package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.auditor_atoms import Atoms
from analysis.auditor_questions import Finding, printed_small, questions
from analysis.auditor_rows import Rows, with_rows
from analysis.auditor_solver import Contradiction, Solver
from analysis.auditor_tables import Release, Strictness, Table, linked, never_falls

__all__ = ["Audit", "Rows", "audit"]


@dataclass(frozen=True)
class Audit:
    """What an auditor found in releases; `asked` counts the questions put, `integer` tells how they were answered."""

    findings: tuple[Finding, ...]
    asked: int
    integer: bool


def audit(releases: Sequence[Mapping[str, Any]], minimum: int | None = None, rows: Rows | None = None) -> Audit:
    """Audit releases (as `python -m analysis disclosure` writes them), oldest first.

    Release numbers count from 1 in the order given. `minimum` defaults to the last release's policy. `rows` are those of a
    research file given out beside them. ValueError for tables that contradict each other, and rows of other people.
    """
    strictness = Strictness.of(releases[-1].get("policy", {}), minimum)
    releases = releases if rows is None else with_rows(releases, rows)
    told = [Release(number, one) for number, one in enumerate(releases, 1) if one["base"] is not None]
    findings: list[Finding] = []
    asked, integer = 0, True
    for measure, variables in linked(told):
        part = _audited(measure, variables, told, strictness)
        findings += part.findings
        asked += part.asked
        integer = integer and part.integer
    return Audit(tuple(sorted(findings, key=_order)), asked, integer)


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return finding.release, finding.table, str(finding.place), finding.what


def _audited(measure: str, variables: set[str], releases: Sequence[Release], strictness: Strictness) -> Audit:
    """What there is to find in the tables of one measure over some of these variables.

    Where no newcomers explain the tables, answers were taken out between the releases, though no printed count fell: each
    release then tells of people of its own.
    """
    tables = [
        (index, table)
        for index, release in enumerate(releases)
        for table in release.tables
        if table.measure == measure and set(table.variables) <= variables
    ]
    if not measure and len(releases) > 1 and never_falls(tables):
        try:
            return _asked(measure, tables, releases, strictness, growing=True)
        except Contradiction:
            pass
    return _asked(measure, tables, releases, strictness, growing=False)


def _asked(
    measure: str,
    tables: Sequence[tuple[int, Table]],
    releases: Sequence[Release],
    strictness: Strictness,
    *,
    growing: bool,
) -> Audit:
    """What is found in the tables (each with the index of its release). Raises Contradiction where nothing explains them."""
    atoms = Atoms([table.axes for _index, table in tables], len(releases), growing=growing)
    if not measure:
        _tell_bases(atoms, releases)
    _tell(atoms, tables)
    small = [one for index, table in tables for one in printed_small(table, releases[index].number, strictness)]
    asked = list(questions(atoms, tables, releases, strictness))
    solver = Solver(atoms, sums=bool(measure))
    found = solver.found_out(asked, strictness)
    return Audit((*small, *found), len(asked), solver.integer)


def _tell_bases(atoms: Atoms, releases: Sequence[Release]) -> None:
    """How many people took part in all is printed with each release."""
    for index, release in enumerate(releases):
        everybody = atoms.people([{}], index)
        if everybody:
            atoms.add(everybody, release.base, release.base)


def _tell(atoms: Atoms, tables: Sequence[tuple[int, Table]]) -> None:
    """What each table prints, and where nobody can be."""
    for index, table in tables:
        for place, (low, high) in [*table.printed.items(), *((place, (0, 0)) for place in table.impossible)]:
            people = atoms.people([table.wanted(place)], index)
            if people:
                atoms.add(people, low, high)
