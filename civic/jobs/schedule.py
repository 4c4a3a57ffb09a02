"""Periodic work: each feature names jobs and seconds (`Feature.periodic`), the runner queues them when it is time."""

import time
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from civic import clock
from civic.db import writing
from civic.features import house
from civic.jobs.context import JobContext
from civic.jobs.models import Job, JobState
from civic.jobs.queue import enqueue

KEPT: Final = timedelta(days=30)
KEPT_PERIODIC: Final = timedelta(hours=1)
BATCH: Final = 1000


class Schedule:
    """When each periodic job is next due, in this runner. With two runners a job may come twice as often: all of them
    only do what is due, and the key keeps two from waiting side by side."""

    def __init__(self) -> None:
        self._next: dict[str, float] = dict.fromkeys(house().periodic, 0.0)

    def enqueue_due(self) -> None:
        """Queue what is due now. All of it is due when the runner starts."""
        now = time.monotonic()
        names = [name for name, moment in self._next.items() if moment <= now]
        if not names:
            return
        with writing() as session:
            for name in names:
                enqueue(session, name, {}, key=name)
        self._next.update({name: now + house().periodic[name] for name in names})


def tidy(job: JobContext) -> None:
    """Delete finished jobs nobody asks for any more: periodic ones after an hour, others after thirty days."""
    now = clock.now()
    ended = Job.state.in_((JobState.DONE, JobState.FAILED, JobState.CANCELLED))
    periodic = sa.and_(
        Job.name.in_(house().periodic), Job.state == JobState.DONE, Job.finished_at < now - KEPT_PERIODIC
    )
    old = sa.select(Job.id).where(sa.or_(periodic, sa.and_(ended, Job.finished_at < now - KEPT))).limit(BATCH)
    with writing() as session:
        session.execute(sa.delete(Job).where(Job.id.in_(old)).execution_options(synchronize_session=False))
        job.finish(session)
