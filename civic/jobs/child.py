"""One attempt at one job, in this process."""

import logging
import os
import signal
import threading

import sqlalchemy as sa

from civic import clock
from civic.db import db, writing
from civic.features import house
from civic.jobs import leases
from civic.jobs.context import JobContext, LeaseLost
from civic.jobs.models import Job
from civic.refusals import Busy, Refusal

log = logging.getLogger("civic.jobs")


class NotFinished(RuntimeError):
    """A job function returned without `job.finish(session)`: a bug, for its result has no `done` beside it."""


def perform(job_id: int, token: str) -> None:
    """Run the job held by `token` to its end.

    A refusal ends it for good with its sentence. Any other exception leaves the process, which the runner notices and
    tries again later.
    """
    row = db.session.execute(sa.select(Job.name, Job.payload).where(leases.held(job_id, token))).one_or_none()
    db.session.rollback()
    if row is None:
        return
    job = JobContext(job_id, token, row.payload)
    try:
        house().jobs[row.name](job)
    except LeaseLost:
        log.warning("job %s %s: the lease is lost, nothing of this attempt is stored", job_id, row.name)
        return
    except Busy:
        raise
    except Refusal as refusal:
        log.warning("job %s %s refused: %s", job_id, row.name, refusal)
        with writing() as session:
            leases.fail(session, job_id, token, clock.now(), str(refusal))
        return
    if not job.finished:
        raise NotFinished(row.name)


def perform_due() -> int:
    """Run every due job here, one after the other, without a process of its own: for seeds. Returns how many."""
    count = 0
    while True:
        with writing() as session:
            lease = leases.claim(session, clock.now())
        if lease is None:
            return count
        perform(lease.job_id, lease.token)
        count += 1


def end_with_parent() -> None:
    """End this process when the one that started it ends, however it ends: its end of our standard input closes.

    A job's process leads a session of its own, and takes along what it started itself.
    """

    def watch() -> None:
        while os.read(0, 1):  # never sys.stdin: a thread inside its buffer aborts Python at a normal exit
            pass
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
