"""What a job function is given: its payload, and the ways to tell how far it is and that it is done."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.db import db, writing
from civic.jobs import leases
from civic.jobs.models import Job

PROGRESS_EVERY: Final = 1.0  # seconds between two written reports of progress


class LeaseLost(Exception):
    """This process no longer holds its job. Raised inside a write, it rolls the write back."""


@dataclass
class JobContext:
    """One attempt at one job.

    The function computes with no transaction open, writes its result in `with writing() as session:` blocks, and calls
    `finish(session)` inside the last one, so that result and `done` are one commit. A job of several writes calls
    `hold(session)` first in each, so that of two processes that believe in one job only one writes.
    """

    job_id: int
    token: str
    payload: Mapping[str, Any]
    finished: bool = False
    _reported_at: float = field(default=float("-inf"), repr=False)

    def progress(self, done: int, total: int | None = None, step: str | None = None) -> None:
        """Say that `done` of `total` units are finished, and what comes now. Writes at most once a second.

        Never call it inside `writing()`. Raises `LeaseLost`.
        """
        now = time.monotonic()
        if now - self._reported_at < PROGRESS_EVERY and done != total:
            return
        self._reported_at = now
        with writing() as session:
            self.hold(session)
            values = {"done_units": done, "total_units": total, "step": step}
            session.execute(sa.update(Job).where(Job.id == self.job_id).values(**values))

    def cancelled(self) -> bool:
        """Whether somebody asked to stop. The runner ends the process soon after anyway; this leaves in good order."""
        db.session.rollback()  # a fresh look, not the one of the transaction open since
        asked = db.session.scalar(sa.select(Job.cancel).where(leases.held(self.job_id, self.token)))
        db.session.rollback()
        return asked is not False

    def hold(self, session: Session) -> None:
        """Raise `LeaseLost` unless this process still holds the job; keeps it held until the transaction ends."""
        mine = sa.and_(leases.held(self.job_id, self.token), sa.not_(Job.cancel))
        if session.scalar(sa.select(Job.id).where(mine).with_for_update()) is None:
            raise LeaseLost

    def finish(self, session: Session) -> None:
        """Mark the job done in the caller's transaction, or raise `LeaseLost`. The last thing a job function does."""
        if not leases.finish(session, self.job_id, self.token, clock.now()):
            raise LeaseLost
        self.finished = True
