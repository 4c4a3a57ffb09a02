"""A research file as one more release: its rows are counts over what its columns say, which a reader adds and subtracts.

Its attributes may be wider than the categories of the tables (decades beside years), so that a count of the file is the sum
of several; where rows were left out of it, each count may be greater by as many. Of the auditor, which shares no code with
the control (`disclosure_audit`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import prod
from typing import Any

_TOGETHER = 4_000
"""Ways to answer all columns up to which they are counted together; above, by twos."""
_NOTHING = "*"
"""What stands for every value of a column that was left out."""

_Axes = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Rows:
    """The rows of a file under its columns; what a wider value stands for, by column; and how many rows were left out."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    wider: Mapping[str, Mapping[str, str]]
    removed: int


def with_rows(releases: Sequence[Mapping[str, Any]], file: Rows) -> list[Mapping[str, Any]]:
    """The releases with the file's counts beside the tables of the last one about as many people.

    Columns that no table asks about, and those of multiple choice, tell nothing about the tables. Raises ValueError where
    no release counts the people of the file.
    """
    people = len(file.rows) + file.removed
    of_same = [number for number, one in enumerate(releases) if one["base"] == people]
    if not of_same:
        raise ValueError(f"no release is about the {people} people of the research file: name the one that is")
    axes = _axes(releases)
    columns = [name for name in file.columns if name in axes and not axes[name].get("multiple")]
    columns = [name for name in columns if set(_column(file, name)) != {_NOTHING}]
    for name in columns:
        axes[name] = _widened(axes[name], file, name)
    known: list[Mapping[str, Any]] = [_with_axes(one, axes) for one in releases]
    together = prod(len(axes[name]["categories"]) + 1 for name in columns) <= _TOGETHER
    shapes = [tuple(columns)] if together or len(columns) < 3 else list(combinations(columns, 2))
    tables = [_table(shape, file, axes, people) for shape in shapes if shape]
    last = of_same[-1]
    known[last] = {**known[last], "tables": [*known[last]["tables"], *tables]}
    return known


def _axes(releases: Sequence[Mapping[str, Any]]) -> _Axes:
    """Every question of the tables of counts, with all its categories."""
    found: _Axes = {}
    for table in chain.from_iterable(release["tables"] for release in releases):
        for axis in () if table.get("measure") else table["axes"]:
            known = found.setdefault(axis["variable"], {**axis, "categories": []})
            known["categories"] += [one for one in axis["categories"] if one not in known["categories"]]
    return found


def _column(file: Rows, name: str) -> list[str]:
    place = file.columns.index(name)
    return [row[place] for row in file.rows]


def _widened(axis: Mapping[str, Any], file: Rows, name: str) -> dict[str, Any]:
    """The axis with the file's values as wholes of its categories, where the tables tell these apart."""
    there = set(axis["categories"])
    parted = {wide for value, wide in file.wider.get(name, {}).items() if value in there and value != wide}
    pairs = [[value, wide] for value, wide in file.wider.get(name, {}).items() if wide in parted and value != wide]
    every = [*axis["categories"], *(one for pair in pairs for one in pair), *filter(None, _column(file, name))]
    nested = [*pairs, *(list(pair) for pair in axis.get("nested", ()))]
    return {
        **axis,
        "categories": list(dict.fromkeys(every)),
        "nested": list(map(list, dict.fromkeys(map(tuple, nested)))),
    }


def _with_axes(release: Mapping[str, Any], axes: _Axes) -> dict[str, Any]:
    """The release with its questions as both know them."""
    tables = [
        table if table.get("measure") else {**table, "axes": [axes[axis["variable"]] for axis in table["axes"]]}
        for table in release["tables"]
    ]
    return {**release, "tables": tables}


def _table(columns: Sequence[str], file: Rows, axes: _Axes, people: int) -> dict[str, Any]:
    """How many rows say what, as a table whose own counts are meant to be seen."""
    counts = Counter(zip(*(_column(file, name) for name in columns), strict=True))
    values = [list(dict.fromkeys([*_said(file, name, axes), *_column(file, name)])) for name in columns]
    return {
        "name": "research file",
        "axes": [axes[name] for name in columns],
        "base": people,
        "statutory": True,
        "cells": [
            {"place": place, "between": (counts[place], counts[place] + file.removed)} for place in product(*values)
        ],
    }


def _said(file: Rows, name: str, axes: _Axes) -> Iterator[str]:
    """What the file could say of a column: nobody is where it says nothing."""
    yield ""
    wider = file.wider.get(name, {})
    wholes = {whole for _part, whole in axes[name]["nested"]}
    yield from wider.values()
    yield from (one for one in axes[name]["categories"] if one not in wider and one not in wholes)
