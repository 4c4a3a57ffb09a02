"""Who holds a job: each move is one statement, so that of two who try, one finds nothing left to change.

A runner claims a job with a random token and a lease, and renews the lease each second. A killed runner renews no more,
and the next claim takes the job over. Only the holder of the present token can finish, fail or put back a job.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.jobs.models import Job, JobState

LEASE: Final = timedelta(seconds=15)
MAX_ATTEMPTS: Final = 5
LONGEST_PAUSE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Lease:
    """A job held by this process, until somebody with a newer token takes it."""

    job_id: int
    token: str
    name: str


def due(now: datetime) -> sa.ColumnElement[bool]:
    """Jobs somebody may claim at `now`: queued and come, or running under a lease that is over."""
    queued = sa.and_(Job.state == JobState.QUEUED, Job.run_at <= now)
    return sa.or_(queued, sa.and_(Job.state == JobState.RUNNING, Job.lease_until < now))


def claim(session: Session, now: datetime, length: timedelta = LEASE) -> Lease | None:
    """Take the job that has waited longest, or None. What was abandoned too often or cancelled ends here."""
    _end_abandoned(session, now)
    oldest = sa.select(Job.id).where(due(now)).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    token = secrets.token_hex(16)
    taken = session.execute(
        sa.update(Job)
        .where(Job.id == oldest.scalar_subquery())
        .values(
            state=JobState.RUNNING,
            worker=token,
            lease_until=now + length,
            attempts=Job.attempts + 1,
            done_units=0,
            total_units=None,
            step=None,
        )
        .returning(Job.id, Job.name)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Lease(taken.id, token, taken.name) if taken else None


def _end_abandoned(session: Session, now: datetime) -> None:
    over = sa.and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    problem = "given up: its process disappeared at every attempt"
    _change(session, sa.and_(over, Job.cancel), _ended(JobState.CANCELLED, now))
    _change(session, sa.and_(over, Job.attempts >= MAX_ATTEMPTS), _ended(JobState.FAILED, now, problem))


def _ended(state: JobState, now: datetime, problem: str | None = None) -> dict[str, Any]:
    return {"state": state, "finished_at": now, "worker": None, "lease_until": None, "problem": problem}


def _change(session: Session, which: sa.ColumnElement[bool], values: dict[str, Any]) -> int:
    statement = sa.update(Job).where(which).values(**values).execution_options(synchronize_session=False)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE has a CursorResult


def held(job_id: int, token: str) -> sa.ColumnElement[bool]:
    """The job, as long as `token` holds it."""
    return sa.and_(Job.id == job_id, Job.worker == token, Job.state == JobState.RUNNING)


def renew(session: Session, lease: Lease, now: datetime, length: timedelta = LEASE) -> bool:
    """Lengthen the lease; False when it is lost, or the job was cancelled or ended."""
    wanted = sa.and_(held(lease.job_id, lease.token), sa.not_(Job.cancel))
    return _change(session, wanted, {"lease_until": now + length}) == 1


def finish(session: Session, job_id: int, token: str, now: datetime) -> bool:
    """Set `done`, in the transaction that writes the result; False when the job is no longer ours or was cancelled."""
    wanted = sa.and_(held(job_id, token), sa.not_(Job.cancel))
    return _change(session, wanted, _ended(JobState.DONE, now)) == 1


def fail(session: Session, job_id: int, token: str, now: datetime, problem: str) -> None:
    """End the job for good, with the reason."""
    _change(session, held(job_id, token), _ended(JobState.FAILED, now, problem))


def put_back(session: Session, lease: Lease, now: datetime, problem: str) -> None:
    """After an attempt that did not finish: cancelled if somebody asked, failed at the last attempt, else later again."""
    mine = held(lease.job_id, lease.token)
    attempts = session.scalar(sa.select(Job.attempts).where(mine))
    if attempts is None:  # finished by its process, or taken over
        return
    _change(session, sa.and_(mine, Job.cancel), _ended(JobState.CANCELLED, now))
    if attempts >= MAX_ATTEMPTS:
        _change(session, mine, _ended(JobState.FAILED, now, problem))
    else:
        _change(session, mine, _queued(now + pause(attempts), problem))


def release(session: Session, lease: Lease, now: datetime) -> None:
    """Give the job back untried: its runner is stopping, which is not the job's fault."""
    _change(session, held(lease.job_id, lease.token), {**_queued(now, None), "attempts": Job.attempts - 1})


def _queued(at: datetime, problem: str | None) -> dict[str, Any]:
    return {"state": JobState.QUEUED, "run_at": at, "worker": None, "lease_until": None, "problem": problem}


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2, 4, 8 … seconds."""
    return min(timedelta(seconds=2**attempts), LONGEST_PAUSE)
