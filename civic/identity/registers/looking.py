"""A register file looked at before anything of it is stored: which rows can be taken, and what is wrong with the rest."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from analysis import tabular
from civic.identity.registers import rules
from civic.identity.registers.refusals import RegisterFileRefused
from civic.identity.registers.rules import NOTHING_MORE, Fault, MoreColumns
from civic.intake.reading import REASON
from civic.messages import Message

MOST_SHOWN: Final = 100


@dataclass(frozen=True)
class Look:
    """What a file holds: rows that can be taken, rows that cannot, and the first faults of these."""

    digest: str  # SHA-256 of the file, in hex
    good: int
    bad: int
    faults: Sequence[Fault]
    checked: Mapping[str, str] = field(
        default_factory=dict
    )  # column of an activity's own → the rule it was held against

    def to_json(self) -> dict[str, Any]:
        faults = [
            {"row": one.row, "column": one.column, "msgid": one.message.msgid, "params": dict(one.message.params)}
            for one in self.faults
        ]
        return {"digest": self.digest, "good": self.good, "bad": self.bad, "faults": faults, "checked": self.checked}


def look_from_json(stored: Mapping[str, Any]) -> Look:
    faults = [Fault(one["row"], one["column"], Message(one["msgid"], one["params"])) for one in stored["faults"]]
    return Look(stored["digest"], stored["good"], stored["bad"], faults, stored.get("checked", {}))


@dataclass(frozen=True)
class Row:
    """One row with its faults; none where it can be taken."""

    cells: Sequence[str]
    faults: Sequence[Fault]


def look(source: Path, max_cells: int | None = None, more: MoreColumns = NOTHING_MORE) -> Look:
    """Read the whole file once. Raises `tabular.TableRefused`, and RegisterFileRefused for what no row can mend: its
    columns, and Individual Numbers, which may not be kept here for a moment longer.
    """
    faults: list[Fault] = []
    numbers: list[Fault] = []
    good = bad = 0
    with tabular.iter_rows(source, max_cells=max_cells) as stream:
        checked = more.checked(stream.headers)
        for row in rows_of(stream, more):
            good, bad = good + (not row.faults), bad + bool(row.faults)
            faults += row.faults[: MOST_SHOWN - len(faults)]
            numbers += [one for one in row.faults if one.message.msgid == rules.MY_NUMBER]
            if len(numbers) >= MOST_SHOWN:
                break
    if numbers:
        raise RegisterFileRefused(numbers[:MOST_SHOWN])
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Look(digest, good, bad, faults, checked)


def brought(source: Path, encoding: str | None, more: MoreColumns) -> dict[str, str]:
    """By column, the rules that this file is held against; only its header is read."""
    with tabular.iter_rows(source, encoding=encoding) as stream:
        return more.checked(stream.headers)


def headers_of(stream: tabular.RowStream, more: MoreColumns = NOTHING_MORE) -> tuple[str, ...]:
    """The columns; the reason that our own file of bad rows ends with is passed over. Raises RegisterFileRefused."""
    headers = stream.headers[:-1] if stream.headers[-1] == REASON else stream.headers
    if faults := list(rules.header_faults(headers, more)):
        raise RegisterFileRefused(faults)
    return headers


def rows_of(stream: tabular.RowStream, more: MoreColumns = NOTHING_MORE) -> Iterator[Row]:
    """Every row with what is wrong with it, an entry number that an earlier row had among it."""
    headers = headers_of(stream, more)
    seen: set[str] = set()
    for number, cells in enumerate(stream, 1):
        named = dict(zip(headers, cells, strict=False))
        faults = list(rules.row_faults(number, named, more))
        entry_id = named[rules.REQUIRED].strip()
        if entry_id and entry_id in seen:
            faults.append(Fault(number, rules.REQUIRED, Message(rules.TWICE)))
        seen.add(entry_id)
        yield Row(cells[: len(headers)], faults)


def bad_rows(source: Path, said: Callable[[Fault], str], more: MoreColumns = NOTHING_MORE) -> Iterator[bytes]:
    """The rows that cannot be taken, as CSV with the reason in a last column; corrected, it is handed in as it is."""
    with tabular.iter_rows(source) as stream:
        headers = headers_of(stream, more)
        rows = ([*row.cells, " / ".join(map(said, row.faults))] for row in rows_of(stream, more) if row.faults)
        yield from tabular.write_csv([*headers, REASON], rows)


def write_good(source: Path, target: Path, more: MoreColumns = NOTHING_MORE) -> None:
    """Write the rows that can be taken to another file, as `import_register` reads it: without an activity's own columns."""
    with tabular.iter_rows(source) as stream, target.open("wb") as file:
        headers = headers_of(stream, more)
        ours = [place for place, header in enumerate(headers) if header not in more.columns]
        good = ([row.cells[place] for place in ours] for row in rows_of(stream, more) if not row.faults)
        file.writelines(tabular.write_csv([headers[place] for place in ours], good))
