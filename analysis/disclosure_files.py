"""The files of disclosure control: tables with a policy in, a protected release out (formats in docs/commands.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from analysis.disclosure import FrequencyTable, Place, Policy, ReleasedTable, axis_from_json, axis_to_json
from analysis.research import Hierarchy, Plan
from analysis.schemas import difference
from analysis.sums import ReleasedSums, SumTable

if TYPE_CHECKING:
    from analysis.disclosure_audit import Rows

VERSION = 1


class FileRefused(ValueError):
    """A file that is no set of tables, no policy or no release; the message says where and what is missing."""


def tables_from_json(stored: Any) -> tuple[list[FrequencyTable], list[SumTable]]:
    """The count tables and the tables of sums of a file. Raises FileRefused."""
    counts: list[FrequencyTable] = []
    sums: list[SumTable] = []
    for number, table in enumerate(_versioned(stored, "tables"), 1):
        try:
            if "measure" in table:
                sums.append(_sum_table(table))
            else:
                counts.append(_frequency_table(table))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise FileRefused(f"Table {number}: {said}.") from error
    _refuse_other_forms(stored, "tables")
    names = [table.name for table in counts] + [table.name for table in sums]
    if len(set(names)) < len(names):
        raise FileRefused("Two tables have the same name.")
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
        raise FileRefused(f"A policy says: {', '.join(sorted(known))}.")
    given = dict(stored)
    try:
        if given.get("dominance") is not None:
            largest, share = given["dominance"]
            given["dominance"] = int(largest), float(share)
        given["public"] = frozenset(given.get("public", ()))
        policy = Policy(**given)
    except (TypeError, ValueError) as error:
        raise FileRefused(f"The policy is refused: {error}.") from error
    _refuse_other_forms(stored, "policy")
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
    try:
        attributes = tuple(Hierarchy(one["column"], tuple(one.get("levels", ()))) for one in stored["attributes"])
        numbers = {name: stored[name] for name in ("k", "l", "removed") if name in stored}
        plan = Plan(attributes, tuple(stored.get("sensitive", ())), **numbers)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(f"The plan is refused: {error}.") from error
    _refuse_other_forms(stored, "plan")
    return plan


def rows_from_json(stored: Any, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> "Rows":
    """The rows of a research file with what its codebook tells of them. Raises FileRefused for a codebook of others."""
    from analysis.disclosure_audit import Rows  # SciPy, which only an audit loads

    _refuse_other_forms(stored, "codebook")
    described = [one["column"] for one in stored["columns"]]
    if described != list(columns) or stored["rows"] != len(rows):
        raise FileRefused(f"The codebook describes {stored['rows']} rows with the columns {', '.join(described)}.")
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
        raise FileRefused("The file is no release: it has no base.")
    for number, table in enumerate(_versioned(stored, "tables"), 1):
        try:
            if "measure" in table:
                sums.append(ReleasedSums.from_json(table))
            else:
                counts.append(ReleasedTable.from_json(table))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FileRefused(f"Table {number} is no released table: {error}.") from error
    _refuse_other_forms(stored, "release")
    for table in stored["tables"]:
        for cell in table["cells"]:
            _place(cell["place"], len(table["axes"]))
    return counts, sums


def _refuse_other_forms(stored: Any, part: str) -> None:
    other = difference(stored, "disclosure", part)
    if other is not None:
        raise FileRefused(f"The file is not in its form: {other}")


def _versioned(stored: Any, name: str) -> Sequence[Any]:
    if not isinstance(stored, Mapping) or stored.get("version") != VERSION:
        raise FileRefused(f"The file is no object with version {VERSION}.")
    found = stored.get(name)
    if not isinstance(found, list) or not found:
        raise FileRefused(f"The file has no list of {name}.")
    return found


def _frequency_table(stored: Mapping[str, Any]) -> FrequencyTable:
    axes = tuple(axis_from_json(axis) for axis in stored["axes"])
    counts: dict[Place, int] = {}
    for cell in stored["cells"]:
        place, count = _place(cell["place"], len(axes)), cell["count"]
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"the count of {list(place)} is no whole number of 0 or more")
        counts[place] = count
    impossible = frozenset(_place(place, len(axes)) for place in stored.get("impossible", ()))
    if any(counts.get(place) for place in impossible):
        raise ValueError("an impossible place holds people")
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
        raise FileRefused(f"The place {list(place)} does not have a category or null for each axis.")
    return place
