"""What the city uploaded to be handed out: one row per content, the bytes in `instance/files/`."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from civic.db import Base, UTCDateTime


class StoredFile(Base):
    """A file by its SHA-256; the same content handed in twice is one row and one file on the disk."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]  # bytes
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime)
