"""The outbox: mail written in the transaction of its cause, sent later, never twice."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.db import Base, BigKey, UTCDateTime, choice


class MailState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Mail(Base):
    """One message to one address. The address is sealed and erased once sent; `key` makes it unique per purpose."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    sealed_to: Mapped[bytes | None] = mapped_column(LargeBinary)  # null once sent: the address is erased
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(sa.Text)  # null once sent: links in it open accounts
    state: Mapped[MailState] = mapped_column(choice(MailState, "state"), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(sa.Text)  # null unless the last attempt failed
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until sent
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))  # null for account mail
