"""Putting mail into the outbox, within the transaction of its cause."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.jobs.queue import enqueue
from civic.keys import keys
from civic.notices.models import Mail, MailState

SENDING_JOB = "notices.send"


def queue_mail(session: Session, *, key: str, to: str, subject: str, body: str, activity_id: int | None = None) -> Mail:
    """Queue one plain-text mail; it leaves after the caller's transaction commits, and never when it rolls back.

    `key` names the purpose ("confirm:17:3f9a…", at most 160 characters): with one that was ever used, nothing is added
    and the earlier mail is returned. The address is stored sealed, and erased with the body once the mail was sent.
    """
    earlier = session.scalar(sa.select(Mail).where(Mail.key == key))
    if earlier is not None:
        return earlier
    now = clock.now()
    mail = Mail(
        key=key,
        sealed_to=keys().seal(place(key), to),
        subject=subject,
        body=body,
        state=MailState.WAITING,
        next_try=now,
        created_at=now,
        activity_id=activity_id,
    )
    session.add(mail)
    enqueue(session, SENDING_JOB, {}, key=SENDING_JOB)
    return mail


def place(key: str) -> str:
    """Where a sealed address belongs; moved to another mail it does not open."""
    return f"mail.sealed_to|{key}"
