"""Reads around imports and exports: rows that wait, how tables were read, the responses themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from civic.activities.models import Participation, Project
from civic.activities.states import ParticipationState
from civic.db import db
from civic.messages import Message
from surveys import recording
from surveys.answers import Answers
from surveys.models import ImportRun, Response, ReviewRow
from surveys.rows import CellProblem

BATCH = 500


def newest_project() -> Project | None:
    return db.session.scalar(sa.select(Project).order_by(Project.id.desc()).limit(1))


@dataclass(frozen=True)
class Waiting:
    """A row that an import could not store, with the reasons."""

    id: int
    number: int
    cells: Sequence[str]
    reasons: Sequence[CellProblem]
    settled: bool


def review_rows(import_id: int, limit: int | None = None) -> Iterator[Waiting]:
    """The rows of an import left for review, in the file's order."""
    found = db.session.scalars(
        sa.select(ReviewRow)
        .where(ReviewRow.import_id == import_id)
        .order_by(ReviewRow.row_number)
        .limit(limit)
        .execution_options(yield_per=500)
    )
    for row in found:
        reasons = [CellProblem(one["column"], Message(one["msgid"], one["params"])) for one in row.reasons]
        yield Waiting(row.id, row.row_number, row.cells, reasons, row.settled_at is not None)


@dataclass(frozen=True)
class ImportedTable:
    """How a table was read that brought responses."""

    headers: Sequence[str]
    column_map: dict[str, Any] | None
    key: tuple[str, ...]


def imported_tables(survey_id: int) -> list[ImportedTable]:
    """The tables that brought responses to a survey, newest first, those read alike once."""
    found = db.session.execute(
        sa.select(ImportRun.headers, ImportRun.column_map, ImportRun.key_columns)
        .where(ImportRun.survey_id == survey_id)
        .order_by(ImportRun.id.desc())
    )
    tables = [ImportedTable(headers, column_map, tuple(key)) for headers, column_map, key in found]
    return [one for place, one in enumerate(tables) if one not in tables[:place]]


@dataclass(frozen=True)
class Stored:
    """One response as an export shows it. `key` are the key cells it was imported with, if it was."""

    answers: Answers
    attributes: Mapping[str, str]
    key: Sequence[str]
    answered_at: datetime | None


def counted_responses(survey_id: int) -> Iterator[Stored]:
    """Every response that counts, in the order they came, read in short transactions."""
    last = 0
    while rows := _responses_after(survey_id, last):
        for row in rows:
            yield Stored(recording.whole(row), row.attributes, row.key_cells, row.answered_at)
        last = rows[-1].id
        db.session.rollback()
        db.session.expunge_all()


def _responses_after(survey_id: int, last: int) -> Sequence[Response]:
    return db.session.scalars(
        sa.select(Response)
        .join(Response.participation)
        .options(selectinload(Response.texts))
        .where(Response.survey_id == survey_id, Response.id > last, Participation.state == ParticipationState.COUNTED)
        .order_by(Response.id)
        .limit(BATCH)
    ).all()
