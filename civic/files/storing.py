"""Keeping the bytes of an upload: one file per content in `instance/files/`, named by its SHA-256, for us alone (0600).

A file is received before the transaction that refers to it and put in its place inside it; it goes by a job after
the transaction that took the last reference away. Both hold one lock, so that neither takes the other's file.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.files.models import StoredFile
from civic.jobs.queue import enqueue

LOCK: Final = 0x46494C45  # "FILE": one advisory lock on PostgreSQL; SQLite has one writer anyway
SWEEP_JOB: Final = "files.sweep"
CHUNK: Final = 1024 * 1024


class Readable(Protocol):
    """What an upload is read from."""

    def read(self, size: int, /) -> bytes: ...


class TooLarge(ValueError):
    """More bytes than allowed; nothing is kept."""


@dataclass(frozen=True)
class Received:
    """An upload on the disk that no row names yet. `beginning` is its first kilobyte."""

    path: Path
    sha256: str
    size: int
    beginning: bytes

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


def folder() -> Path:
    found: Path = current_app.extensions["settings"].instance / "files"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def incoming() -> Path:
    """Where an upload lies until it is put in its place or read by its job: on the same disk, and in every backup."""
    found = folder() / "uploads"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def path_of(sha256: str) -> Path:
    """Where the content with this digest lies."""
    return folder() / sha256


def receive(upload: Readable, most: int) -> Received:
    """Write an upload to the disk; raises TooLarge above `most` bytes. `discard` what is not kept."""
    path = incoming() / f"{secrets.token_hex(16)}.part"
    digest, size, beginning = hashlib.sha256(), 0, b""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while part := upload.read(CHUNK):
                size += len(part)
                if size > most:
                    raise TooLarge
                beginning = beginning or part[:1024]
                digest.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, digest.hexdigest(), size, beginning)


def keep(session: Session, received: Received, media_type: str, at: datetime) -> StoredFile:
    """The row of a received file, its bytes in place. Inside the caller's transaction."""
    _alone(session)
    file = session.scalar(sa.select(StoredFile).where(StoredFile.sha256 == received.sha256))
    if file is None:
        file = StoredFile(sha256=received.sha256, media_type=media_type, size=received.size, stored_at=at)
        session.add(file)
        session.flush()
    received.path.replace(path_of(received.sha256))
    return file


def release(session: Session, file_id: int) -> None:
    """Take a file away unless something still hands it out. Inside the caller's transaction; its bytes go by a job after it."""
    _alone(session)
    file = session.get_one(StoredFile, file_id)
    try:
        with session.begin_nested():
            session.execute(sa.delete(StoredFile).where(StoredFile.id == file_id))
    except IntegrityError:
        return
    enqueue(session, SWEEP_JOB, {"sha256": file.sha256}, key=f"{SWEEP_JOB}:{file.sha256}")


def sweep(session: Session, sha256: str) -> None:
    """Remove the content of this digest, unless a row names it."""
    _alone(session)
    if session.scalar(sa.select(StoredFile.id).where(StoredFile.sha256 == sha256)) is None:
        path_of(sha256).unlink(missing_ok=True)


def _alone(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
