"""What an installation remembers about itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.db import Base, Json, UTCDateTime


class SeedRecord(Base):
    """A seed that was sown here: what it printed, to be printed again without changing anything."""

    __tablename__ = "seed_record"

    profile: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    document: Mapped[dict[str, Any] | None] = mapped_column(Json)  # null until the seed is whole


class KeyMark(Base):
    """Which master key this database belongs to, as a keyed hash: with another key people could take part twice."""

    __tablename__ = "key_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
