"""Acts of a clerk on tables: hand one in, settle rows that wait. One transaction each, its audit record inside."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import editing, gate, ledger
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.intake.models import ImportRun, ReviewRow
from civic.intake.queries import IMPORT_JOB, job_key
from civic.intake.reading import Intake
from civic.jobs.queue import enqueue


def request_import(activity_id: int, intake: Intake, actor: Actor, at: datetime) -> int:
    """Queue the import of an uploaded table; the job's id. Raises what `ledger.admit` raises."""
    with writing() as session:
        activity = gate.enter(session, activity_id, at)
        ledger.admit(activity, intake.channel, by_staff=True)
        payload = {
            "activity": activity_id,
            "name": intake.name,
            "intake": intake.to_json(),
            "staff": editing.staff_of(actor),
        }
        return enqueue(session, IMPORT_JOB, payload, key=job_key(activity_id) + intake.path.stem).id


def set_aside(run_id: int, rows: Sequence[int], actor: Actor, at: datetime) -> None:
    """Rows left for review that will not be stored; `take_back` undoes it."""
    _settle(run_id, rows, actor, "rows_set_aside", ReviewRow.settled_at.is_(None), at, editing.staff_of(actor))


def take_back(run_id: int, rows: Sequence[int], actor: Actor) -> None:
    """Rows that a person set aside wait again."""
    _settle(run_id, rows, actor, "rows_taken_back", ReviewRow.settled_by_id.is_not(None), None, None)


def _settle(
    run_id: int,
    rows: Sequence[int],
    actor: Actor,
    act: str,
    which: sa.ColumnElement[bool],
    at: datetime | None,
    by: int | None,
) -> None:
    with writing() as session:
        changed = session.scalars(
            sa.update(ReviewRow)
            .where(ReviewRow.import_id == run_id, ReviewRow.row_number.in_(rows), which)
            .values(settled_at=at, settled_by_id=by)
            .returning(ReviewRow.row_number)
        ).all()
        if changed:
            run = session.get_one(ImportRun, run_id)
            activity = gate.fresh(session, run.activity_id)
            subject = gate.subject(activity)
            chain.record(
                session, f"{activity.kind}.{act}", actor.label, subject, file=run.file_hash, rows=sorted(changed)
            )


def forget(session: Session, activity_id: int) -> None:
    """Drop the rows that wait when an activity's answers are erased, in the caller's transaction: this room's hook."""
    runs = sa.select(ImportRun.id).where(ImportRun.activity_id == activity_id)
    session.execute(sa.delete(ReviewRow).where(ReviewRow.import_id.in_(runs)))
