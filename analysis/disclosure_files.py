"""The files of disclosure control: tables with a policy in, a protected release out (formats in docs/commands.md)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from analysis.disclosure_records import (
    FrequencyTable,
    Place,
    Policy,
    ReleasedTable,
    axis_from_json,
    axis_to_json,
    refuse_other_places,
)
from analysis.research import Hierarchy, Plan
from analysis.schemas import difference
from analysis.sums import ReleasedSums, SumTable

if TYPE_CHECKING:
    from analysis.disclosure_audit import Rows

VERSION = 1
_FORMS = "docs/commands.md shows the form of the file."
_GIVE_A_RELEASE = "Give what disclosure wrote."


class FileRefused(ValueError):
    """A file that is no set of tables, no policy or no release; the message says where and what is missing."""


def tables_from_json(stored: Any) -> tuple[list[FrequencyTable], list[SumTable]]:
    """The count tables and the tables of sums of a file. Raises FileRefused."""
    counts: list[FrequencyTable] = []
    sums: list[SumTable] = []
    for number, table in enumerate(_versioned(stored, "Give what crosstab --tables writes."), 1):
        with _refusing(number, stored, "tables"):
            if _is_of_sums(table):
                sums.append(_sum_table(table))
            else:
                counts.append(_frequency_table(table))
    _refuse_other_forms(stored, "tables")
    names = [table.name for table in counts] + [table.name for table in sums]
    if len(set(names)) < len(names):
        raise FileRefused("Two tables have the same name. Give each a name of its own.")
    return counts, sums


def tables_to_json(tables: Sequence[FrequencyTable]) -> dict[str, Any]:
    """Count tables as `tables_from_json` reads them, without a policy."""
    stored = [
        {
            "name": table.name,
            "axes": [axis_to_json(axis) for axis in table.axes],
            "base": table.base,
            "cells": [{"place": list(place), "count": count} for place, count in table.counts.items()],
        }
        for table in tables
    ]
    return {"version": VERSION, "tables": stored}


def policy_from_json(stored: Any) -> Policy:
    """The policy; what is not said is as by default. Raises FileRefused for a name that is none of a policy's."""
    known = {one.name for one in fields(Policy)}
    if not isinstance(stored, Mapping) or not stored.keys() <= known:
        raise FileRefused(f"A policy says no more than: {', '.join(sorted(known))}. Take anything else out.")
    _refuse_other_forms(stored, "policy")
    given = dict(stored)
    try:
        if given.get("dominance") is not None:
            largest, share = given["dominance"]
            given["dominance"] = int(largest), float(share)
        given["public"] = frozenset(given.get("public", ()))
        policy = Policy(**given)
    except (TypeError, ValueError) as error:
        raise FileRefused(f"The policy is refused: {error}.") from error
    return policy


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """The policy as plain lists, strings and numbers."""
    plain = {one.name: getattr(policy, one.name) for one in fields(Policy)}
    return plain | {
        "public": sorted(policy.public),
        "dominance": list(policy.dominance) if policy.dominance else None,
    }


def plan_from_json(stored: Any) -> Plan:
    """The plan of a research file. Raises FileRefused."""
    known = {"attributes", "sensitive", "k", "l", "removed"}
    if not isinstance(stored, Mapping) or not {"attributes"} <= stored.keys() <= known:
        raise FileRefused(f"A plan has attributes and says no more than: {', '.join(sorted(known))}.")
    _refuse_other_forms(stored, "plan")
    try:
        attributes = tuple(Hierarchy(one["column"], tuple(one.get("levels", ()))) for one in stored["attributes"])
        numbers = {name: stored[name] for name in ("k", "l", "removed") if name in stored}
        plan = Plan(attributes, tuple(stored.get("sensitive", ())), **numbers)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(f"The plan is refused: {error}.") from error
    return plan


def rows_from_json(stored: Any, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> "Rows":
    """The rows of a research file with what its codebook tells of them. Raises FileRefused for a codebook of others."""
    from analysis.disclosure_audit import Rows  # SciPy, which only an audit loads

    _refuse_other_forms(stored, "codebook")
    described = [one["column"] for one in stored["columns"]]
    if described != list(columns) or stored["rows"] != len(rows):
        raise FileRefused(
            f"The codebook describes {stored['rows']} rows with the columns {', '.join(described)}. "
            "Give the one that was written with the research file."
        )
    wider = {one["column"]: one["wider"] for one in stored["columns"] if "wider" in one}
    return Rows(columns, rows, wider, stored["removed"])


def release_to_json(
    tables: Sequence[ReleasedTable], sums: Sequence[ReleasedSums], policy: Policy, base: int | None
) -> dict[str, Any]:
    """A protected release with the policy it was made under, as the auditor reads it."""
    cells = [cell.count for table in tables for cell in table.cells.values()]
    totals = [total for table in sums for total in table.sums.values()]
    numbers = [*cells, *totals]
    return {
        "version": VERSION,
        "base": base,
        "policy": policy_to_json(policy),
        "tables": [*(table.to_json() for table in tables), *(table.to_json() for table in sums)],
        "printed": len(numbers),
        "hidden": sum(number is None for number in numbers),
    }


def release_from_json(stored: Any) -> tuple[list[ReleasedTable], list[ReleasedSums]]:
    """The tables of an earlier release. Raises FileRefused."""
    counts: list[ReleasedTable] = []
    sums: list[ReleasedSums] = []
    if not isinstance(stored, Mapping) or "base" not in stored:
        raise FileRefused(f"The file is no release: it has no base. {_GIVE_A_RELEASE}")
    for number, table in enumerate(_versioned(stored, _GIVE_A_RELEASE), 1):
        with _refusing(number, stored, "release"):
            if _is_of_sums(table):
                sums.append(ReleasedSums.from_json(table))
            else:
                counts.append(ReleasedTable.from_json(table))
    _refuse_other_forms(stored, "release")
    for table in stored["tables"]:
        for cell in table["cells"]:
            _place(cell["place"], len(table["axes"]))
            if "between" in cell:
                raise FileRefused(f"{list(cell['place'])} lies between two numbers. Give its count or null instead.")
    return counts, sums


@contextmanager
def _refusing(number: int, stored: Any, part: str) -> Iterator[None]:
    """What is wrong with one of the tables as a sentence: where the file differs from its form, or why it cannot be used."""
    try:
        yield
    except KeyError as error:
        raise FileRefused(f"Table {number}: {error} is missing. {_FORMS}") from error
    except (TypeError, AttributeError) as error:
        _refuse_other_forms(stored, part)
        raise FileRefused(f"Table {number} is none. {_FORMS}") from error
    except FileRefused as refusal:
        raise FileRefused(f"Table {number}: {refusal}") from refusal
    except ValueError as refusal:
        _refuse_other_forms(stored, part)
        raise FileRefused(f"Table {number}: {refusal}.") from refusal


def _is_of_sums(table: Mapping[str, Any]) -> bool:
    """Whether a table is of sums. Raises FileRefused for sums of nothing, which are neither sums nor counts."""
    if table.get("measure", "a number") == "":
        raise FileRefused(f"{table['name']} has an empty measure. Name what it sums, or leave measure out for counts.")
    return "measure" in table


def _refuse_other_forms(stored: Any, part: str) -> None:
    other = difference(stored, "disclosure", part)
    if other is not None:
        raise FileRefused(f"The file is not in its form: {other} {_FORMS}")


def _versioned(stored: Any, advice: str) -> Sequence[Any]:
    """The tables of a file; `advice` says which file to give instead of one that has none."""
    if not isinstance(stored, Mapping) or stored.get("version") != VERSION:
        raise FileRefused(f"The file is no object with version {VERSION}. {advice}")
    found = stored.get("tables")
    if not isinstance(found, list) or not found:
        raise FileRefused(f"The file has no list of tables. {advice}")
    return found


def _frequency_table(stored: Mapping[str, Any]) -> FrequencyTable:
    axes = tuple(axis_from_json(axis) for axis in stored["axes"])
    counts: dict[Place, int] = {}
    for cell in stored["cells"]:
        place, count = _place(cell["place"], len(axes)), cell["count"]
        if not isinstance(count, int) or count < 0:
            raise FileRefused(f"Give the count of {list(place)} as a whole number of 0 or more.")
        if place in counts:
            raise FileRefused(f"There are two counts of {list(place)}. Leave the wrong one out.")
        counts[place] = count
    refuse_other_places(stored["name"], axes, counts)
    impossible = frozenset(_place(place, len(axes)) for place in stored.get("impossible", ()))
    if any(counts.get(place) for place in impossible):
        raise ValueError("an impossible place holds people: take it out of the impossible ones, or make its count 0")
    return FrequencyTable(
        stored["name"],
        axes,
        counts,
        int(stored["base"]),
        dict(stored.get("figures", {})),
        bool(stored.get("statutory", False)),
        impossible,
    )


def _sum_table(stored: Mapping[str, Any]) -> SumTable:
    axes = tuple(axis_from_json(axis) for axis in stored["axes"])
    cells = {_place(cell["place"], len(axes)): cell for cell in stored["cells"]}
    if len(cells) < len(stored["cells"]):
        raise FileRefused("There are two sums for the same place. Leave the wrong one out.")
    refuse_other_places(stored["name"], axes, cells)
    return SumTable(
        stored["name"],
        axes,
        stored["measure"],
        {place: float(cell["sum"]) for place, cell in cells.items()},
        {place: int(cell["contributors"]) for place, cell in cells.items()},
        {place: tuple(float(one) for one in cell["largest"]) for place, cell in cells.items()},
        int(stored["base"]),
    )


def _place(stored: Sequence[str | None], axes: int) -> Place:
    place = tuple(stored)
    if len(place) != axes or not all(category is None or isinstance(category, str) for category in place):
        raise FileRefused(f"The place {list(place)} does not have a category or null for each axis. {_FORMS}")
    return place
