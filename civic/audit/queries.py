"""Reads of the audit page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from flask import current_app

from civic.audit.acts import Act
from civic.audit.models import AuditRecord
from civic.db import db
from civic.identity.models import StaffMember
from civic.paging import pages

PAGE: Final = 100


class Entry(NamedTuple):
    """One record as the page shows it; `who` is the person's name where the actor is a staff member."""

    id: int
    at: datetime
    act: str
    actor: str
    who: str | None
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """One page of records, newest first, and the acts one may filter by."""

    entries: Sequence[Entry]
    acts: Sequence[str]
    page: int
    pages: int


def audit_page(act: str, subject: str, page: int) -> AuditPage:
    """Records of `act` about `subject` ("" for all of them), on `page` from 1."""
    wanted = [AuditRecord.act == act] if act else []
    wanted += [AuditRecord.subject == subject] if subject else []
    count = db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord).where(*wanted)) or 0
    chosen = sa.select(AuditRecord).where(*wanted).order_by(AuditRecord.id.desc())
    rows = db.session.scalars(chosen.limit(PAGE).offset((page - 1) * PAGE)).all()
    names = names_of({row.actor for row in rows})
    entries = [Entry(r.id, r.at, r.act, r.actor, names.get(r.actor), r.subject, r.details) for r in rows]
    return AuditPage(entries, sorted(current_app.extensions["acts"]), page, pages(count, PAGE))


def names_of(actors: set[str]) -> dict[str, str]:
    """Names by actor, for those who are staff members."""
    ids = [int(actor.removeprefix("staff:")) for actor in actors if actor.startswith("staff:")]
    members = db.session.execute(sa.select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(ids)))
    return {f"staff:{row.id}": row.name for row in members}


def declared_acts() -> list[Act]:
    """Every act the audit may hold, with the only values recorded with it: its privacy inventory."""
    return sorted(current_app.extensions["acts"].values(), key=lambda act: act.name)
