"""Reads for the outbox page and the feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa

from civic.activities.models import Activity
from civic.db import db
from civic.notices.models import Mail
from civic.paging import pages

PAGE: Final = 50
NEWEST: Final = 40


class MailRow(NamedTuple):
    """One mail as the outbox shows it: what became of it, never to whom or what."""

    id: int
    subject: str
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    problem: str | None


@dataclass(frozen=True)
class OutboxPage:
    """One page of mail, newest first."""

    rows: Sequence[MailRow]
    page: int
    pages: int


def outbox(page: int) -> OutboxPage:
    """States of the mail on `page` (from 1)."""
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) or 0
    columns = (Mail.id, Mail.subject, Mail.state, Mail.attempts, Mail.created_at, Mail.sent_at, Mail.problem)
    chosen = sa.select(*columns).order_by(Mail.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    rows = [MailRow(*row) for row in db.session.execute(chosen)]
    return OutboxPage(rows, page, pages(count, PAGE))


@dataclass(frozen=True)
class DemoMail:
    """One mail of the demo city, as its reader sees it."""

    to: str
    subject: str
    date: datetime
    body: str


def demo_mail(folder: Path) -> list[DemoMail]:
    """The newest mails of the demo city, newest first, from its files."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:NEWEST]
    return [demo_mail_of(message_from_bytes(file.read_bytes(), policy=default)) for file in files]


def demo_mail_of(message: EmailMessage) -> DemoMail:
    return DemoMail(message["To"], message["Subject"], message["Date"].datetime, message.get_content())


class Happening(NamedTuple):
    """Something the feed tells: `event` is opened, ended or answered."""

    activity: Activity
    event: str
    at: datetime


def happenings() -> list[Happening]:
    """What was opened, ended and answered, newest first; from base columns of all kinds in one query, without counts."""
    moments = {"opened": Activity.opened_at, "ended": Activity.ended_at, "answered": Activity.answered_at}
    newest = sa.func.coalesce(*reversed(list(moments.values()))).desc()
    rows = db.session.scalars(
        sa.select(Activity)
        .where(Activity.opened_at.is_not(None), Activity.withdrawn_at.is_(None))
        .order_by(newest, Activity.id.desc())
        .limit(NEWEST)
    ).all()
    told = [Happening(row, event, at) for row in rows for event in moments if (at := getattr(row, f"{event}_at"))]
    return sorted(told, key=lambda one: (one.at, one.activity.id), reverse=True)[:NEWEST]
