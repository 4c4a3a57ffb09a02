"""Reads around imports: the survey, its finished imports, the rows that wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic.activities.models import Project
from civic.db import db
from civic.messages import Message
from surveys.models import ReviewRow
from surveys.rows import CellProblem


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
