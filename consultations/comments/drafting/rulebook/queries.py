"""What the pages of the city's rules need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic.db import db
from civic.refusals import NotFound
from consultations.comments.models import ProcedureRule
from consultations.comments.rules import Rule, rule_from_json


@dataclass(frozen=True)
class StoredRule:
    """A rule of the city with its address and its last edit."""

    code: str
    rule: Rule
    revision: int
    edited_at: datetime


def rules() -> Sequence[StoredRule]:
    """All rules, the newest edit first."""
    rows = db.session.scalars(sa.select(ProcedureRule).order_by(ProcedureRule.edited_at.desc(), ProcedureRule.id))
    return [stored(row) for row in rows]


def rule(code: str) -> StoredRule:
    """The rule of this code; raises NotFound."""
    row = db.session.scalar(sa.select(ProcedureRule).where(ProcedureRule.code == code))
    if row is None:
        raise NotFound
    return stored(row)


def stored(row: ProcedureRule) -> StoredRule:
    return StoredRule(row.code, rule_from_json(row.content), row.revision, row.edited_at)
