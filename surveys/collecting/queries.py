"""Reads around imports and exports: rows that wait, how tables were read, the responses themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic.activities.models import Participation, Project
from civic.activities.states import ParticipationState
from civic.db import db
from civic.jobs.models import Job, JobState
from civic.messages import Message
from civic.refusals import NotFound
from surveys import recording
from surveys.answers import Answers
from surveys.models import ImportRun, Response, ReviewRow, Survey
from surveys.rows import CellProblem

BATCH = 500
SHOWN_ROWS = 200
IMPORT_JOB = "surveys.import_upload"


def newest_project() -> Project | None:
    return db.session.scalar(sa.select(Project).order_by(Project.id.desc()).limit(1))


WAITING, SET_ASIDE, STORED_LATER = "waiting", "set_aside", "stored_later"


@dataclass(frozen=True)
class Reviewed:
    """A row that an import could not store, with the reasons and what became of it."""

    number: int
    cells: Sequence[str]
    reasons: Sequence[CellProblem]
    state: str


def review_rows(import_id: int, limit: int | None = None) -> Iterator[Reviewed]:
    """The rows of an import left for review, in the file's order."""
    found = db.session.scalars(
        sa.select(ReviewRow).where(ReviewRow.import_id == import_id).order_by(ReviewRow.row_number).limit(limit)
    )
    for row in found:
        reasons = [CellProblem(one["column"], Message(one["msgid"], one["params"])) for one in row.reasons]
        yield Reviewed(row.row_number, row.cells, reasons, _review_state(row))


def _review_state(row: ReviewRow) -> str:
    if row.settled_at is None:
        return WAITING
    return STORED_LATER if row.settled_by_id is None else SET_ASIDE


def waiting_rows(import_id: int) -> int:
    """How many rows of an import still wait."""
    waits = sa.and_(ReviewRow.import_id == import_id, ReviewRow.settled_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(ReviewRow).where(waits)) or 0


def waiting_by_survey(departments: frozenset[int] | None) -> list[tuple[Survey, int, int]]:
    """(survey, newest import with waiting rows, how many wait), for the surveys of these departments (None: all)."""
    counted = db.session.execute(
        sa.select(ImportRun.survey_id, sa.func.max(ImportRun.id), sa.func.count(ReviewRow.id))
        .join(ReviewRow, ReviewRow.import_id == ImportRun.id)
        .where(ReviewRow.settled_at.is_(None))
        .group_by(ImportRun.survey_id)
    )
    waiting = {survey_id: (run, count) for survey_id, run, count in counted}
    statement = sa.select(Survey).options(joinedload(Survey.department)).order_by(Survey.id)
    statement = statement.where(Survey.id.in_(waiting), Survey.closed_at.is_(None))
    if departments is not None:
        statement = statement.where(Survey.department_id.in_(departments))
    return [(survey, *waiting[survey.id]) for survey in db.session.scalars(statement)]


def imports(survey_id: int) -> Sequence[ImportRun]:
    """The imports of a survey, newest first."""
    return db.session.scalars(
        sa.select(ImportRun).where(ImportRun.survey_id == survey_id).order_by(ImportRun.id.desc()).limit(SHOWN_ROWS)
    ).all()


def import_run(survey_id: int, number: int) -> ImportRun:
    """One import of a survey; raises NotFound."""
    found = db.session.scalar(sa.select(ImportRun).where(ImportRun.id == number, ImportRun.survey_id == survey_id))
    if found is None:
        raise NotFound
    return found


def imports_under_way(survey_id: int) -> Sequence[Job]:
    """Jobs of uploads that are not done: queued, running, or failed with their sentence."""
    return db.session.scalars(
        sa.select(Job)
        .where(Job.name == IMPORT_JOB, Job.key.startswith(f"survey-import:{survey_id}:"), Job.state != JobState.DONE)
        .order_by(Job.id.desc())
        .limit(SHOWN_ROWS)
    ).all()


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
