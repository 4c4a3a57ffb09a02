"""Appending to the audit chain and checking it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from civic import clock
from civic.audit.acts import Act
from civic.audit.models import AuditRecord
from civic.db import db

GENESIS = "0" * 64
LOCK = 0x41554449  # "AUDI": one advisory lock serialises the chain on PostgreSQL; SQLite has one writer anyway


class UndeclaredAct(RuntimeError):
    """An act nobody declared, or one with other fields than declared: a bug, found by the first test that acts."""


def attach(app: Flask, acts: Iterable[Act]) -> None:
    """Keep the declared acts of all rooms."""
    app.extensions["acts"] = {act.name: act for act in acts}


def record(session: Session, act: str, actor: str, subject: str = "", **details: Any) -> None:
    """Append one record within the caller's transaction.

    `actor` is "staff:<id>", "operator" or "system"; `details` must be exactly the fields the act declares and JSON.
    """
    declared: Act | None = current_app.extensions["acts"].get(act)
    if declared is None or declared.fields != set(details):
        raise UndeclaredAct(f"{act} with {sorted(details)}")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    previous = session.scalar(sa.select(AuditRecord.hash).order_by(AuditRecord.id.desc()).limit(1)) or GENESIS
    at = clock.now()
    session.add(
        AuditRecord(
            at=at,
            act=act,
            actor=actor,
            subject=subject,
            details=details,
            previous=previous,
            hash=digest(previous, at, act, actor, subject, details),
        )
    )
    session.flush()


def digest(previous: str, at: datetime, act: str, actor: str, subject: str, details: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of one record and its predecessor's hash, in hex."""
    body = [previous, at.isoformat(timespec="microseconds"), act, actor, subject, details]
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class ChainReport:
    """What a check of the chain found: `problems` name the records that do not fit.

    `last` and `head` are id and hash of the newest record; noted elsewhere, they anchor the next check: only so can
    one notice that the newest records were cut off, or the whole chain written anew.
    """

    records: int
    last: int
    head: str
    problems: tuple[str, ...]


def verify(anchor: tuple[int, str] | None = None) -> ChainReport:
    """Walk the whole chain; `anchor` is an (id, hash) noted earlier that must still be in it."""
    previous, count, last, problems, anchored = GENESIS, 0, 0, [], anchor is None
    rows = db.session.scalars(sa.select(AuditRecord).order_by(AuditRecord.id).execution_options(yield_per=1000))
    for row in rows:
        count += 1
        if row.previous != previous:
            problems.append(f"record {row.id} does not follow the record before it")
        if row.hash != digest(row.previous, row.at, row.act, row.actor, row.subject, row.details):
            problems.append(f"record {row.id} was changed")
        if anchor and row.id == anchor[0]:
            anchored = row.hash == anchor[1]
        previous, last = row.hash, row.id
    if not anchored:
        problems.append("the anchor is not in the chain: records are missing or were rewritten")
    return ChainReport(count, last, previous, tuple(problems))
