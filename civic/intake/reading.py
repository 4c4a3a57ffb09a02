"""A table before anything of it is stored: opened, checked whole, and read row by row in bounded memory."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic

from analysis import tabular
from civic.activities.states import Channel
from civic.identity.registers.rules import MY_NUMBER_DIGITS, is_my_number
from civic.intake.refusals import FileDoesNotFit, MyNumberRefused, PersonWouldBeKept
from civic.intake.rows import SAME_KEY, Content, Row, Table, row_key

REASON = "review_reason"
"""The last column of a file of rows left for review; passed over when the corrected file comes back."""

LONGEST_MY_NUMBER = 20  # with blanks or hyphens between its digits


@dataclass(frozen=True)
class Intake:
    """What is to be imported, and how it is to be read. `column_map` is a document of the activity's kind."""

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

    def to_json(self) -> dict[str, Any]:
        """For the payload of a job."""
        return asdict(self) | {"path": str(self.path), "channel": self.channel.value, "key": list(self.key)}


def intake_from_json(stored: Mapping[str, Any]) -> Intake:
    return Intake(
        **{**stored, "path": Path(stored["path"]), "channel": Channel(stored["channel"]), "key": tuple(stored["key"])}
    )


@dataclass(frozen=True)
class Checked(Generic[Content]):
    """A file whose every row has its cells and whose every column has its use."""

    intake: Intake
    table: Table[Content]
    headers: tuple[str, ...]
    rows: int
    digest: str  # SHA-256 of the file, in hex


def check(intake: Intake, table: Table[Content]) -> Checked[Content]:
    """Look at the whole file; raises FileDoesNotFit, PersonWouldBeKept, MyNumberRefused and `tabular.TableRefused`."""
    if intake.person is not None and intake.person in {*table.key, *table.named}:
        raise PersonWouldBeKept(column=intake.person)
    with intake.opened() as stream:
        headers = stream.headers[:-1] if stream.headers[-1] == REASON else stream.headers
        if problems := table.header_problems(headers):
            raise FileDoesNotFit(problems)
        numbers = MyNumbers(headers)
        rows = 0
        for rows, cells in enumerate(stream, 1):
            numbers.look(rows, cells)
        numbers.refuse()
    with intake.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Checked(intake, table, headers, rows, digest)


class MyNumbers:
    """Finds columns of Individual Numbers: most 12-digit cells of one have the right check digit, by chance one in ten."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._headers = headers
        self._twelve: Counter[int] = Counter()
        self._right: Counter[int] = Counter()
        self._first: dict[int, int] = {}

    def look(self, row: int, cells: Sequence[str]) -> None:
        """Count the cells of a row."""
        for place, cell in enumerate(cells):
            if MY_NUMBER_DIGITS <= len(cell) <= LONGEST_MY_NUMBER and cell[0].isdigit():
                if sum(map(str.isdigit, cell)) == MY_NUMBER_DIGITS:
                    self._twelve[place] += 1
                if is_my_number(cell):
                    self._right[place] += 1
                    self._first.setdefault(place, row)

    def refuse(self) -> None:
        """Raise MyNumberRefused for the first such column."""
        for place, right in sorted(self._right.items()):
            if place < len(self._headers) and 2 * right > self._twelve[place]:
                raise MyNumberRefused(column=self._headers[place], row=self._first[place])


def read_rows(checked: Checked[Content], done: int = 0) -> Iterator[Row[Content]]:
    """The rows after the first `done`. A key that comes twice in the file leaves its later rows for review."""
    read = checked.table.reader(checked.headers)
    places = {header: place for place, header in enumerate(checked.headers)}
    key_columns = tuple(checked.table.key)
    key_places = [places[header] for header in key_columns]
    person = places[checked.intake.person] if checked.intake.person else None
    seen: set[int] = set()
    with checked.intake.opened() as stream:
        for number, whole in enumerate(stream, 1):
            cells = whole[: len(checked.headers)]
            key = row_key(checked.digest, number, [cells[place] for place in key_places])
            short = int(key[:16], 16)  # 64 bits, which a million rows do not share by chance
            if number > done:
                row = Row(number, key, cells, read(cells, key), None if person is None else cells[person])
                if short in seen:
                    row = replace(row.refused(key_columns[0], SAME_KEY), doubled=True)
                yield row
            if key_places:
                seen.add(short)
