"""Reads around imports: what is under way, what became of the rows, which still wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.activities.models import Activity
from civic.db import db
from civic.intake.cells import CellProblem
from civic.intake.models import ImportRun, ReviewRow
from civic.jobs.models import Job, JobState
from civic.messages import Message
from civic.refusals import NotFound

SHOWN_ROWS = 200
IMPORT_JOB = "intake.import_upload"
WAITING, SET_ASIDE, STORED_LATER = "waiting", "set_aside", "stored_later"


def job_key(activity_id: int) -> str:
    """What the keys of an activity's import jobs begin with."""
    return f"intake:{activity_id}:"


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


def waiting_by_activity(kind: str, departments: frozenset[int] | None) -> list[tuple[Activity, int, int]]:
    """(activity, newest import with waiting rows, how many wait), for one kind in these departments (None: all)."""
    counted = db.session.execute(
        sa.select(ImportRun.activity_id, sa.func.max(ImportRun.id), sa.func.count(ReviewRow.id))
        .join(ReviewRow, ReviewRow.import_id == ImportRun.id)
        .where(ReviewRow.settled_at.is_(None))
        .group_by(ImportRun.activity_id)
    )
    waiting = {activity_id: (run, count) for activity_id, run, count in counted}
    statement = sa.select(Activity).options(joinedload(Activity.department)).order_by(Activity.id)
    statement = statement.where(Activity.kind == kind, Activity.id.in_(waiting), Activity.closed_at.is_(None))
    if departments is not None:
        statement = statement.where(Activity.department_id.in_(departments))
    return [(activity, *waiting[activity.id]) for activity in db.session.scalars(statement)]


def imports(activity_id: int) -> Sequence[ImportRun]:
    """The imports of an activity, newest first."""
    return db.session.scalars(
        sa.select(ImportRun).where(ImportRun.activity_id == activity_id).order_by(ImportRun.id.desc()).limit(SHOWN_ROWS)
    ).all()


def import_run(activity_id: int, number: int) -> ImportRun:
    """One import of an activity; raises NotFound."""
    found = db.session.scalar(sa.select(ImportRun).where(ImportRun.id == number, ImportRun.activity_id == activity_id))
    if found is None:
        raise NotFound
    return found


def imports_under_way(activity_id: int) -> Sequence[Job]:
    """Jobs of uploads that are not done: queued, running, or failed with their sentence."""
    return db.session.scalars(
        sa.select(Job)
        .where(Job.name == IMPORT_JOB, Job.key.startswith(job_key(activity_id)), Job.state != JobState.DONE)
        .order_by(Job.id.desc())
        .limit(SHOWN_ROWS)
    ).all()
