"""Tables as evidence, from the files that commands write: a release of `disclosure`, a comparison of `waves --json`.

A table of one question has its own name; each row of a cross-tab is a table `name, row` of those who gave that answer. The
two sides of a comparison are `question (before)` and `question (after)`. With a label, as several files need, a name ends
in `(label)`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.disclosure import ReleasedTable
from analysis.disclosure_files import release_from_json
from analysis.evidence.records import Table, Tables


class NoTables(ValueError):
    """The document is no release and no comparison, or says less than a sentence needs; the message says what."""


def tables_of(document: Any, label: str | None = None) -> Tables:
    """The tables of people in a file. Raises NoTables; ValueError for counts no table can have."""
    if not isinstance(document, Mapping):
        raise NoTables("It is neither a release of disclosure nor what waves --json writes.")
    found = _of_waves(document) if "changes" in document else _of_release(document)
    tables: dict[str, Table] = {}
    for name, table in found:
        full = f"{name} ({label})" if label else name
        if full in tables:
            raise NoTables(f"It has two tables {full}.")
        tables[full] = table
    return tables


def _of_release(document: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    try:
        counted, _sums = release_from_json(document)
    except ValueError as refusal:
        raise NoTables(str(refusal)) from refusal
    for released in counted:
        if released.statutory:
            continue  # it may count other things than people
        if released.rounding > 1:
            raise NoTables(
                f"Table {released.name} is rounded to {released.rounding}: no exact sentence follows from it."
            )
        try:
            yield from _rows(released)
        except KeyError as missing:
            raise NoTables(f"Table {released.name} has no cell {missing}.") from missing


def _rows(released: ReleasedTable) -> Iterator[tuple[str, Table]]:
    """Each line of the last axis: the total over all others first, under the table's own name."""
    *before, last = released.axes
    rows: list[tuple[str | None, ...]] = [(None,) * len(before)]
    if len(before) == 1:
        rows += [(category,) for category in before[0].categories]
    for row in rows:
        counts = {category: released.cells[*row, category].count for category in last.categories}
        yield ", ".join([released.name, *filter(None, row)]), Table(counts, released.cells[*row, None].count)


def _of_waves(document: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    try:
        if document["version"] != 1 or document["before"] == document["after"]:
            raise NoTables("It is not version 1, or its two waves have one name: name their files apart.")
        questions: dict[str, list[Mapping[str, Any]]] = {}
        for change in document["changes"]:
            questions.setdefault(change["question"], []).append(change)
        for question, lines in questions.items():
            for side in ("before", "after"):
                counts = {line["category"]: line[f"{side}_count"] for line in lines}
                yield f"{question} ({document[side]})", Table(counts, lines[0][f"{side}_base"])
    except (KeyError, TypeError, AttributeError) as error:
        lacks = f" it lacks {error}" if isinstance(error, KeyError) else ""
        raise NoTables(f"It is not what waves --json writes:{lacks or ' something has another form'}.") from error
