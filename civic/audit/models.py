"""The audit chain: insert-only (triggers, see the migration), each record holding the hash of the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from civic.db import Base, BigKey, Json, UTCDateTime


class AuditRecord(Base):
    """One act of a staff member, an operator or the system. Residents' participation is never here."""

    __tablename__ = "audit_record"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    act: Mapped[str] = mapped_column(String(80), index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)  # "staff:5", "operator", "system"
    subject: Mapped[str] = mapped_column(String(120), index=True)  # "survey:park-use", "staff:5"; "" for none
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
