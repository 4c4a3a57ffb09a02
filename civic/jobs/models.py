"""The job table: queued in the transaction of the act that needs it, done exactly once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.db import Base, BigKey, Json, UTCDateTime, choice


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = text("state IN ('queued', 'running')")


class Job(Base):
    """One piece of background work. `key` keeps a second one of the same purpose from queueing beside it."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(160))  # null where several may queue at once
    state: Mapped[JobState] = mapped_column(choice(JobState, "state"), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless running
    worker: Mapped[str | None] = mapped_column(String(64))  # null unless running
    done_units: Mapped[int] = mapped_column(default=0)
    total_units: Mapped[int | None]  # null until the job knows how much there is
    step: Mapped[str | None] = mapped_column(String(160))  # null until the job says what it does
    cancel: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(sa.Text)  # null unless the last attempt failed
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until finished

    __table_args__ = (
        Index("uq_job_unfinished_key", "key", unique=True, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index("ix_job_due", "state", "run_at"),
    )
