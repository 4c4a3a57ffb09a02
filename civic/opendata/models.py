"""Released tables: figures after disclosure control, as every resident, council, feed and API page shows them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.db import Base, Json, UTCDateTime

RELEASE_JOB = "opendata.release"


class Release(Base):
    """One release of all tables of one activity; the newest is shown, the earlier ones bound what may follow."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    number: Mapped[int]
    participations: Mapped[int]  # counted participations when released; shown only after disclosure control
    final: Mapped[bool]  # False while the activity is live
    tables: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # analysis.disclosure ReleasedTable as JSON
    released_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("activity_id", "number"),)
