"""Writes of the city's rules. One function, one transaction, its audit record inside."""

from datetime import datetime

import sqlalchemy as sa

from civic.activities import editing
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound, StaleVersion
from consultations.comments.models import ProcedureRule
from consultations.comments.refusals import RuleInUse
from consultations.comments.rules import Rule

NEW = "new"  # the address of the page that begins a rule


def create_rule(code: str, rule: Rule, actor: Actor, at: datetime) -> None:
    """Add a rule. Raises RuleInUse for a code there is already."""
    if code == NEW:
        raise RuleInUse
    with writing() as session:
        session.add(
            ProcedureRule(code=code, content=rule.to_json(), edited_by_id=editing.staff_of(actor), edited_at=at)
        )
        session.flush()
        chain.record(session, "rule.saved", actor.label, f"rule:{code}", revision=1)


def save_rule(code: str, rule: Rule, revision: int, actor: Actor, at: datetime) -> None:
    """Change a rule. Consultations keep the rule as it was when they chose it. Raises NotFound, StaleVersion."""
    with writing() as session:
        row = session.scalar(sa.select(ProcedureRule).where(ProcedureRule.code == code).with_for_update())
        if row is None:
            raise NotFound
        if row.revision != revision:
            raise StaleVersion
        row.content, row.edited_by_id, row.edited_at = rule.to_json(), editing.staff_of(actor), at
        row.revision += 1
        session.flush()
        chain.record(session, "rule.saved", actor.label, f"rule:{code}", revision=row.revision)
