"""Imports of tables into activities of any kind, and the rows of them that wait for somebody's look."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.activities.states import Channel
from civic.db import Base, BigKey, Json, UTCDateTime, choice


class ImportState(StrEnum):
    RUNNING = "running"
    DONE = "done"


class ImportRun(Base):
    """One import of a table: started and ended in the audit, its rows stored in batches.

    Interrupted, the same file by the same channel goes on where it stood: `rows_done` rows are in `counts`.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[ImportState] = mapped_column(choice(ImportState, "state"), default=ImportState.RUNNING)
    headers: Mapped[list[str]] = mapped_column(Json)
    column_map: Mapped[dict[str, Any] | None] = mapped_column(Json)  # null where the headers speak for themselves
    key_columns: Mapped[list[str]] = mapped_column(Json, default=list)
    rows_done: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column(BigKey)  # null at the command line
    counts: Mapped[dict[str, Any]] = mapped_column(Json)  # the contract's rows and cells
    started_by: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null while running


class ReviewRow(Base):
    """A row an import could not store, with the reason; corrected in the file and imported again, or set aside."""

    __tablename__ = "review_row"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    row_number: Mapped[int]
    row_key: Mapped[str] = mapped_column(String(64), index=True)
    cells: Mapped[list[str]] = mapped_column(Json)  # under the import's headers
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # [{"column", "msgid", "params"}]
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until stored later or set aside
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until settled by a person

    __table_args__ = (
        UniqueConstraint("import_id", "row_number"),
        CheckConstraint("settled_by_id IS NULL OR settled_at IS NOT NULL", name="settled_is_whole"),
    )
