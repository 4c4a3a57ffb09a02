"""Putting work into the queue, within the transaction of the act that needs it."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.jobs.models import Job, JobState


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    at: datetime | None = None,
    after: timedelta = timedelta(0),
) -> Job:
    """Queue the job `name` with a JSON `payload`, to run at `at` (default now) plus `after`.

    With a `key` already queued or running, that job is returned and none is added.
    """
    if key is not None:
        unfinished = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
        waiting = session.scalar(sa.select(Job).where(Job.key == key, unfinished))
        if waiting is not None:
            return waiting
    now = clock.now()
    job = Job(name=name, payload=payload, key=key, run_at=(at or now) + after, created_at=now, state=JobState.QUEUED)
    session.add(job)
    session.flush()
    return job


def cancel(session: Session, job_id: int) -> None:
    """Stop a job: at once while it waits; a running one is ended by its runner within seconds, its result dropped."""
    job = session.get(Job, job_id, with_for_update=True)
    if job is None or job.state not in (JobState.QUEUED, JobState.RUNNING):
        return
    if job.state is JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED, clock.now()
    job.cancel = True
