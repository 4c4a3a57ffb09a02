"""Reads around imports and exports: how tables were read, the responses themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from civic.activities.models import Participation, Project
from civic.activities.states import ParticipationState
from civic.db import db
from civic.intake.models import ImportRun
from surveys import recording
from surveys.answers import Answers
from surveys.models import Response

BATCH = 500


def newest_project() -> Project | None:
    return db.session.scalar(sa.select(Project).order_by(Project.id.desc()).limit(1))


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
        .where(ImportRun.activity_id == survey_id)
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
