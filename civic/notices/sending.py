"""The job that empties the outbox: waiting → sending → sent, each mail at most once (see `transport`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from civic import clock
from civic.config import Settings
from civic.db import db, writing
from civic.jobs.context import JobContext
from civic.jobs.queue import enqueue
from civic.keys import keys
from civic.notices.models import Mail, MailState
from civic.notices.outbox import SENDING_JOB, place
from civic.notices.transport import NotTaken, Rejected, Transport, Unanswered, transport_for

GIVE_UP_AFTER: Final = timedelta(days=3)
SERVER_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=2)
UNKNOWN: Final = "no answer after the last byte: it may or may not have arrived, and is not sent again"
ERASED: Final[Mapping[str, Any]] = {"sealed_to": None, "body": None}


@dataclass(frozen=True)
class Letter:
    """One mail, opened for sending."""

    id: int
    key: str
    to: str
    subject: str
    body: str


def send_due(job: JobContext) -> None:
    """Send all mail that is due, and queue the next look where something still waits."""
    settings: Settings = current_app.extensions["settings"]
    transport = transport_for(settings)
    settle_interrupted(job)
    reached = transport is not None and empty(transport, job, settings)
    with writing() as session:
        job.finish(session)
        if transport is not None:
            enqueue_next(session, timedelta(0) if reached else SERVER_PAUSE)


def settle_interrupted(job: JobContext) -> None:
    """Mail whose sender died between the last byte and the answer. Only one sender runs, so none is still at it."""
    with writing() as session:
        job.hold(session)
        ended = {"state": MailState.FAILED, "problem": UNKNOWN, **ERASED}
        session.execute(sa.update(Mail).where(Mail.state == MailState.SENDING).values(**ended))


def empty(transport: Transport, job: JobContext, settings: Settings) -> bool:
    """Send one mail after the other; False as soon as the server does not answer."""
    count = 0
    with transport:
        while (letter := next_due(clock.now())) is not None:
            if not send(transport, job, letter, settings):
                return False
            count += 1
            job.progress(count)
    return True


def next_due(now: datetime) -> Letter | None:
    """The waiting mail whose turn it is."""
    row = db.session.execute(
        sa.select(Mail.id, Mail.key, Mail.sealed_to, Mail.subject, Mail.body)
        .where(Mail.state == MailState.WAITING, Mail.next_try <= now)
        .order_by(Mail.next_try, Mail.id)
        .limit(1)
    ).one_or_none()
    db.session.rollback()
    if row is None:
        return None
    assert row.sealed_to is not None
    return Letter(row.id, row.key, keys().unseal(place(row.key), row.sealed_to), row.subject, row.body or "")


def send(transport: Transport, job: JobContext, letter: Letter, settings: Settings) -> bool:
    """Try one mail and note what became of it; False when the server does not answer at all."""
    try:
        message = message_of(letter, settings)
        transport.deliver(f"{letter.id:08}", letter.to, message, partial(note_sending, job, letter.id))
    except NotTaken as reason:
        note_not_taken(letter.id, str(reason), clock.now())
        return not reason.down
    except Rejected as reason:
        note(letter.id, state=MailState.FAILED, problem=str(reason), **ERASED)
    except Unanswered:
        note(letter.id, state=MailState.FAILED, problem=UNKNOWN, **ERASED)
    except ValueError:
        note(letter.id, state=MailState.FAILED, problem="no mail can be written to this address", **ERASED)
    else:
        note(letter.id, state=MailState.SENT, problem=None, sent_at=clock.now(), **ERASED)
    return True


def message_of(letter: Letter, settings: Settings) -> EmailMessage:
    """The message; the same mail always has the same Message-ID. Raises ValueError for an impossible address."""
    domain = settings.mail_from.rpartition("@")[2] or "localhost"
    number = keys().mac("message-id.1", letter.key)[:16].hex()
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{number}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    letter.to.encode("ascii")  # a UnicodeEncodeError is a ValueError: our servers need not speak SMTPUTF8
    message.set_content(letter.body)
    return message


def note_sending(job: JobContext, mail_id: int) -> None:
    """Committed before the last byte goes. Raises `LeaseLost` when another process took over."""
    with writing() as session:
        job.hold(session)
        change(session, mail_id, state=MailState.SENDING)


def note(mail_id: int, **values: Any) -> None:
    with writing() as session:
        change(session, mail_id, attempts=Mail.attempts + 1, **values)


def note_not_taken(mail_id: int, reason: str, now: datetime) -> None:
    """Wait longer each time; after three days give up and erase."""
    with writing() as session:
        mail = session.get_one(Mail, mail_id)
        mail.attempts += 1
        mail.problem = reason
        mail.state = MailState.WAITING
        mail.next_try = now + min(timedelta(minutes=2**mail.attempts), LONGEST_PAUSE)
        if now - mail.created_at > GIVE_UP_AFTER:
            mail.state, mail.sealed_to, mail.body = MailState.FAILED, None, None


def change(session: Session, mail_id: int, **values: Any) -> None:
    session.execute(sa.update(Mail).where(Mail.id == mail_id).values(**values))


def enqueue_next(session: Session, pause: timedelta) -> None:
    """Queue the next look at the time the next waiting mail is due, not before `pause` is over."""
    earliest = session.scalar(sa.select(sa.func.min(Mail.next_try)).where(Mail.state == MailState.WAITING))
    if earliest is not None:
        enqueue(session, SENDING_JOB, {}, key=SENDING_JOB, at=max(earliest, clock.now() + pause))
