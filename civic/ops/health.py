"""How the installation is: one finding per part, for `ops doctor`, `/readyz` and `/metrics`."""

import shutil
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from flask import current_app

from civic import clock, safety
from civic.audit.models import AuditRecord
from civic.config import Settings
from civic.db import db
from civic.jobs import leases
from civic.jobs.models import Job, JobState
from civic.notices.models import Mail, MailState
from civic.notices.transport import MailServer, transport_for

LONGEST_WAIT: Final = timedelta(minutes=5)
LEAST_DISK: Final = 1_000_000_000  # bytes
LARGEST_SKEW: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Finding:
    """One part of the installation: whether it is well, and what was seen."""

    part: str
    well: bool
    seen: str


def findings() -> Iterator[Finding]:
    """Database, keys, mail, jobs, disk, clock. Without a database the parts that need it say so."""
    settings: Settings = current_app.extensions["settings"]
    yield keys(settings)
    unsafe = list(safety.unsafe_database(settings))
    yield Finding("database", not unsafe, "; ".join(unsafe) or f"{db.engine.dialect.name}, migrations complete")
    if unsafe:
        return
    yield mail(settings)
    yield jobs()
    yield disk(settings)
    yield time()


def keys(settings: Settings) -> Finding:
    wrong = list(safety.unsafe_settings(current_app, settings))
    return Finding("keys", not wrong, "; ".join(wrong) or "the master key is there")


def mail(settings: Settings) -> Finding:
    failed = db.session.scalar(sa.select(sa.func.count()).where(Mail.state == MailState.FAILED)) or 0
    waiting = db.session.scalar(sa.select(sa.func.count()).where(Mail.state == MailState.WAITING)) or 0
    counts = f"{waiting} waiting, {failed} not sent"
    transport = transport_for(settings)
    if transport is None:
        return Finding("mail", False, f"no mail server is set (MACHIKOE_SMTP_URL); {counts}")
    if not isinstance(transport, MailServer):
        return Finding("mail", True, f"kept as files; {counts}")
    try:
        with transport:
            transport.connected()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"the mail server cannot be reached: {error}; {counts}")
    return Finding("mail", True, f"the mail server answers; {counts}")


def jobs() -> Finding:
    waited = longest_wait()
    since = clock.now() - timedelta(days=1)
    recent = sa.select(sa.func.count()).where(Job.state == JobState.FAILED, Job.finished_at > since)
    failed = db.session.scalar(recent) or 0
    seen = f"longest wait {int(waited.total_seconds())} s, {failed} failed since yesterday"
    if waited > LONGEST_WAIT:
        seen += "; is `jobs run` running?"
    return Finding("jobs", waited <= LONGEST_WAIT and not failed, seen)


def longest_wait() -> timedelta:
    """How long the oldest due job has been waiting for a runner."""
    now = clock.now()
    oldest = db.session.scalar(sa.select(sa.func.min(Job.run_at)).where(leases.due(now)))
    return now - oldest if oldest is not None else timedelta(0)


def disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.instance if settings.instance.exists() else ".").free
    return Finding("disk", free >= LEAST_DISK, f"{free / 1e9:.1f} GB free")


def time() -> Finding:
    """Against the database server's clock, and against the newest audit record, which cannot be of tomorrow."""
    now = clock.now()
    newest = db.session.scalar(sa.select(sa.func.max(AuditRecord.at)))
    if newest is not None and newest > now + LARGEST_SKEW:
        return Finding("clock", False, f"{now.isoformat(timespec='seconds')}, but the audit goes on to {newest}")
    if db.engine.dialect.name == "postgresql":
        skew = abs(db.session.scalars(sa.select(sa.func.clock_timestamp())).one() - clock.now())
        if skew > LARGEST_SKEW:
            return Finding("clock", False, f"{int(skew.total_seconds())} s away from the database server's")
    return Finding("clock", True, now.isoformat(timespec="seconds"))


def samples() -> Iterator[tuple[str, dict[str, str], float]]:
    """What Prometheus is told: queue and outbox, never a figure about participation."""
    for job_state, count in db.session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state)):
        yield "machikoe_jobs", {"state": job_state.value}, count
    for mail_state, count in db.session.execute(sa.select(Mail.state, sa.func.count()).group_by(Mail.state)):
        yield "machikoe_mail", {"state": mail_state.value}, count
    yield "machikoe_job_longest_wait_seconds", {}, longest_wait().total_seconds()
