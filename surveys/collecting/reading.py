"""A table of responses before anything of it is stored: opened, checked whole, and read row by row in bounded memory."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis import tabular
from civic.activities.states import Channel
from civic.messages import N_, Message
from surveys import columns
from surveys.collecting.refusals import FileDoesNotFit, PersonWouldBeKept
from surveys.columns import ColumnMap, MapRefused
from surveys.questionnaire import Questionnaire
from surveys.rows import CellCounts, CellProblem, RowReader, RowResult

REASON = "review_reason"
"""The last column of a file of rows left for review; passed over when the corrected file comes back."""

SAME_KEY = N_("An earlier row of this file has the same key.")
NOBODY_NAMED = N_("The cell is empty, but it says who answered.")
NOT_IN_REGISTER = N_("The register has no such person.")


@dataclass(frozen=True)
class Intake:
    """What is to be imported, and how it is to be read. `column_map` is a document, None for headers by field name."""

    path: Path
    name: str
    channel: Channel
    column_map: dict[str, Any] | None = None
    key: tuple[str, ...] = ()
    person: str | None = None
    encoding: str | None = None
    max_cells: int | None = None

    def opened(self) -> tabular.RowStream:
        return tabular.iter_rows(self.path, encoding=self.encoding, max_cells=self.max_cells)


@dataclass(frozen=True)
class Checked:
    """A file whose every row has its cells and whose every column has its use."""

    intake: Intake
    column_map: ColumnMap
    headers: tuple[str, ...]
    rows: int
    digest: str  # SHA-256 of the file, in hex


@dataclass(frozen=True)
class Row:
    """One row read. `key` tells it apart from every other row that this survey and channel will ever get; `doubled`
    says that an earlier row of the file has it."""

    number: int
    key: str
    cells: Sequence[str]
    result: RowResult
    person: str | None
    doubled: bool = False

    def refused(self, column: str, sentence: str) -> "Row":
        """The row left for review for one reason more."""
        problems = (*self.result.problems, CellProblem(column, Message(sentence)))
        counts = CellCounts(self.result.cells.non_empty, review=self.result.cells.non_empty)
        return replace(self, result=replace(self.result, answers={}, attributes={}, cells=counts, problems=problems))


def check(intake: Intake, questionnaire: Questionnaire) -> Checked:
    """Look at the whole file; raises FileDoesNotFit, PersonWouldBeKept and `tabular.TableRefused`."""
    column_map = read_map(intake, questionnaire)
    if intake.person is not None and intake.person in {*column_map.key, *column_map.uses}:
        raise PersonWouldBeKept(column=intake.person)
    with intake.opened() as stream:
        headers = stream.headers[:-1] if stream.headers[-1] == REASON else stream.headers
        if problems := column_map.header_problems(headers, [intake.person] if intake.person else []):
            raise FileDoesNotFit(problems)
        rows = sum(1 for _ in stream)
    with intake.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Checked(intake, column_map, headers, rows, digest)


def read_map(intake: Intake, questionnaire: Questionnaire) -> ColumnMap:
    """The map to read with; raises FileDoesNotFit."""
    if intake.column_map is None:
        return columns.default_map(questionnaire, intake.key)
    try:
        return columns.read_map(intake.column_map, questionnaire, intake.key)
    except MapRefused as refused:
        raise FileDoesNotFit(refused.problems) from refused


def read_rows(checked: Checked, done: int = 0) -> Iterator[Row]:
    """The rows after the first `done`. A key that comes twice in the file leaves its later rows for review."""
    reader = RowReader(checked.column_map, checked.headers)
    places = {header: place for place, header in enumerate(checked.headers)}
    key_places = [places[header] for header in checked.column_map.key]
    person = places[checked.intake.person] if checked.intake.person else None
    seen: set[int] = set()
    with checked.intake.opened() as stream:
        for number, whole in enumerate(stream, 1):
            cells = whole[: len(checked.headers)]
            key = row_key(checked.digest, number, [cells[place] for place in key_places])
            short = int(key[:16], 16)  # 64 bits, which a million rows do not share by chance
            if number > done:
                row = Row(number, key, cells, reader.read(cells), None if person is None else cells[person])
                if short in seen:
                    row = replace(row.refused(checked.column_map.key[0], SAME_KEY), doubled=True)
                yield row
            if key_places:
                seen.add(short)


def row_key(digest: str, number: int, key: Sequence[str]) -> str:
    """SHA-256 of the key cells, in hex; of the file and the row's number where there are none or one is empty."""
    told = list(key) if key and all(key) else [digest, number]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
