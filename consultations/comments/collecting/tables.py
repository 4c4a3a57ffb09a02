"""Tables of comments: which column is the text, what the others tell, and how what they bring is kept.

A document says how the columns are read: `{"text": …, "passage": …, "arrived": …, "name": …, "address": …,
"language_column": …, "language": "ja"}`, all but the last names of columns; the last is the language of a row that names
none. Name, address and every other column that is not empty are sealed apart from the comment, as what a clerk keys of a
person is.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from babel import Locale
from sqlalchemy.orm import Session

from civic import clock
from civic.activities.arrivals import Entered
from civic.activities.models import Activity
from civic.activities.states import Channel
from civic.characters import clean, is_readable
from civic.eras import day_in_cell
from civic.intake.cells import EMPTY_KEY, UNREADABLE, CellCounts, CellProblem
from civic.intake.reading import Intake
from civic.intake.refusals import FileDoesNotFit
from civic.intake.rows import Read
from civic.messages import N_, Message
from consultations.comments import recording
from consultations.comments.collecting import queries
from consultations.comments.collecting.places import Places
from consultations.comments.recording import Author, Written

COMMAND = "consultations import-comments"
NO_COLUMN = N_("The column “%(column)s” is not in the file.")
NO_TEXT_COLUMN = N_("Name the column that holds the comments.")
TWO_USES = N_("The column “%(column)s” cannot have two uses.")
NO_TEXT = N_("There is no text in this row.")
NOT_A_DAY = N_("“%(cell)s” is not a day. Write it like 2026-11-30.")
NO_LANGUAGE = N_("“%(cell)s” is not a language we know. Write its tag, like ja, en or zh-TW.")
NOT_YET = N_("This day has not come yet.")
NO_RETENTION = N_("No day is set until which names are kept here. Leave the columns with name and address unnamed.")
SHOWN_CELL = 60
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
"""Tags of languages as comments carry them: ja, en, zh-TW."""


@dataclass(frozen=True)
class Layout:
    """Which columns of a table are what; None for a use that no column has."""

    text: str
    passage: str | None = None
    arrived: str | None = None
    language: str = "ja"
    name: str | None = None
    address: str | None = None
    language_column: str | None = None

    @property
    def columns(self) -> list[str]:
        given = (self.text, self.passage, self.arrived, self.name, self.address, self.language_column)
        return [name for name in given if name]

    @property
    def about_person(self) -> list[str]:
        """The columns that say who wrote."""
        return [name for name in (self.name, self.address) if name]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def layout_from_json(stored: Mapping[str, Any] | None) -> Layout:
    """Raises FileDoesNotFit where no column holds the text, or one column has two uses."""
    given = {name: value for name, value in (stored or {}).items() if value}
    if "text" not in given:
        raise FileDoesNotFit([Message(NO_TEXT_COLUMN)])
    layout = Layout(**given)
    doubled = {name for name in layout.columns if layout.columns.count(name) > 1}
    if doubled:
        raise FileDoesNotFit([Message(TWO_USES, {"column": name}) for name in sorted(doubled)])
    return layout


def read_table(activity: Activity, intake: Intake) -> "CommentTable":
    """The table beside the draft as it is now: the feature's `tables`. Raises FileDoesNotFit."""
    consultation = queries.consultation_at(activity.slug)
    layout = layout_from_json(intake.column_map)
    if layout.about_person and consultation.retention_until is None:
        raise FileDoesNotFit([Message(NO_RETENTION)])
    places = queries.places_of(consultation) if layout.passage else Places()
    return CommentTable(consultation.id, consultation.current_version, layout, places, intake.key, intake.person)


@dataclass(frozen=True)
class CommentTable:
    """A table of comments on one consultation; `civic.intake.rows.Table` says what its parts are."""

    consultation_id: int
    version: int | None
    layout: Layout
    places: Places
    key: tuple[str, ...] = ()
    person: str | None = None

    @property
    def named(self) -> Collection[str]:
        return self.layout.columns

    @property
    def about_person(self) -> Collection[str]:
        return self.layout.about_person

    def header_problems(self, headers: Sequence[str]) -> Sequence[Message]:
        needed = [*self.layout.columns, *self.key, *([self.person] if self.person else [])]
        missing = [name for name in dict.fromkeys(needed) if name not in headers]
        return [Message(NO_COLUMN, {"column": name}) for name in missing]

    def reader(self, headers: Sequence[str]) -> Callable[[Sequence[str], str], Read[Written]]:
        return RowReader(self, headers, clock.today()).read

    def stored_keys(self, session: Session, channel: Channel, keys: Sequence[str]) -> set[str]:
        return queries.stored_keys(session, self.consultation_id, channel, keys)

    def store(self, session: Session, channel: Channel, entered: Sequence[tuple[Entered, Written]]) -> None:
        recording.store_together(session, self.consultation_id, channel, entered)


class RowReader:
    """Reads the rows of one file: the text exactly as it stands, its line breaks as `\\n`."""

    def __init__(self, table: CommentTable, headers: Sequence[str], today: date) -> None:
        self._table, self._headers, self._today = table, headers, today
        self._places = {header: place for place, header in enumerate(headers)}

    def read(self, cells: Sequence[str], key: str) -> Read[Written]:
        """What a row says; left for review where something of it could not be kept as it is."""
        problems: list[CellProblem] = []
        body = self._body(cells, problems)
        passage = self._passage(cells, problems)
        arrived_on = self._arrived(cells, problems)
        language = self._language(cells, problems)
        self._check(cells, problems)
        non_empty = sum(1 for cell in cells if cell)
        if problems:
            return Read(None, CellCounts(non_empty, review=non_empty), tuple(problems), arrived_on)
        written = Written(
            body=body,
            passage=passage,
            version=self._table.version,
            language=language,
            author=self._author(cells),
            row_key=key,
        )
        written.fold_key  # noqa: B018 - taken here, outside of the transaction
        return Read(written, CellCounts(non_empty, stored=non_empty), arrived_on=arrived_on)

    def _cell(self, cells: Sequence[str], column: str | None) -> str:
        return cells[self._places[column]] if column else ""

    def _body(self, cells: Sequence[str], problems: list[CellProblem]) -> str:
        body = self._cell(cells, self._table.layout.text).replace("\r\n", "\n").replace("\r", "\n")
        if clean(body) == "":
            problems.append(CellProblem(self._table.layout.text, Message(NO_TEXT)))
        return body

    def _passage(self, cells: Sequence[str], problems: list[CellProblem]) -> str | None:
        column = self._table.layout.passage
        found = self._table.places.find(self._cell(cells, column))
        if isinstance(found, Message):
            problems.append(CellProblem(column or "", found))
            return None
        return found

    def _arrived(self, cells: Sequence[str], problems: list[CellProblem]) -> date | None:
        """The day of a cell with a day, or with a day and a time, which stays among the other columns."""
        column = self._table.layout.arrived
        cell = self._cell(cells, column).strip()
        if not column or not cell:
            return None
        day = day_of(cell)
        if day is None:
            problems.append(CellProblem(column, Message(NOT_A_DAY, {"cell": cell[:SHOWN_CELL]})))
        elif day > self._today:
            problems.append(CellProblem(column, Message(NOT_YET)))
        return day

    def _language(self, cells: Sequence[str], problems: list[CellProblem]) -> str:
        """The tag in the row's cell; the file's own where the cell is empty or no column holds it."""
        layout = self._table.layout
        cell = self._cell(cells, layout.language_column).strip()
        if not cell:
            return layout.language
        if not is_language(cell):
            problems.append(
                CellProblem(layout.language_column or "", Message(NO_LANGUAGE, {"cell": cell[:SHOWN_CELL]}))
            )
        return cell

    def _check(self, cells: Sequence[str], problems: list[CellProblem]) -> None:
        """Cells that no page can show, and empty ones that tell rows apart."""
        problems += [CellProblem(name, Message(EMPTY_KEY)) for name in self._table.key if not self._cell(cells, name)]
        problems += [
            CellProblem(header, Message(UNREADABLE))
            for header, cell in zip(self._headers, cells, strict=True)
            if not is_readable(cell.replace("\r", "\n"))
        ]

    def _author(self, cells: Sequence[str]) -> Author:
        layout = self._table.layout
        return Author(self._cell(cells, layout.name), self._cell(cells, layout.address), "", self._others(cells))

    def _others(self, cells: Sequence[str]) -> dict[str, str]:
        layout = self._table.layout
        apart = {layout.text, layout.passage, layout.language_column, self._table.person, *layout.about_person}
        if day_in_cell(self._cell(cells, layout.arrived)) is not None:
            apart.add(layout.arrived)
        return {header: cell for header, cell in zip(self._headers, cells, strict=True) if cell and header not in apart}


def day_of(cell: str) -> date | None:
    """The day of a cell, with or without a time after it."""
    return day_in_cell(cell) or day_in_cell(cell.replace("T", " ").split()[0])


def is_language(tag: str) -> bool:
    """Whether a tag names a language there is: `ja`, `zh-TW`; not `xx`, and not the language's name."""
    return LANGUAGE.fullmatch(tag) is not None and tag.partition("-")[0] in Locale("en").languages
