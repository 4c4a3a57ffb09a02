"""What the pages of notices that no procedure was held need."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic.activities.models import Project
from civic.db import db
from civic.identity import access
from civic.refusals import NotFound
from consultations.comments.models import NotHeldNotice
from consultations.comments.rules import Rule, rule_from_json

WITH_PROJECT = joinedload(NotHeldNotice.project).joinedload(Project.department)


def notice_for(slug: str, permission: str) -> NotHeldNotice:
    """The notice, if the signed-in account holds `permission` in its department; NotFound, NotAllowed otherwise."""
    found = db.session.scalar(sa.select(NotHeldNotice).options(WITH_PROJECT).where(NotHeldNotice.slug == slug))
    if found is None:
        raise NotFound
    access.require(permission, found.project.department_id)
    return found


def notices() -> list[NotHeldNotice]:
    """Notices of the departments this account works in, newest first."""
    departments = access.departments("not_held.inspect")
    statement = (
        sa.select(NotHeldNotice)
        .join(NotHeldNotice.project)
        .options(contains_eager(NotHeldNotice.project).joinedload(Project.department))
    )
    if departments is not None:
        statement = statement.where(Project.department_id.in_(departments))
    return list(db.session.scalars(statement.order_by(NotHeldNotice.id.desc())))


def published() -> list[NotHeldNotice]:
    """What everybody may read, newest first."""
    return list(
        db.session.scalars(
            sa.select(NotHeldNotice)
            .options(WITH_PROJECT)
            .where(NotHeldNotice.published_at.is_not(None))
            .order_by(NotHeldNotice.published_at.desc(), NotHeldNotice.id.desc())
        )
    )


def published_notice(slug: str) -> NotHeldNotice:
    """The published notice at this address; raises NotFound."""
    found = db.session.scalar(
        sa.select(NotHeldNotice)
        .options(WITH_PROJECT)
        .where(NotHeldNotice.slug == slug, NotHeldNotice.published_at.is_not(None))
    )
    if found is None:
        raise NotFound
    return found


def case_of(notice: NotHeldNotice) -> tuple[Rule, Mapping[str, str]]:
    """The rule a notice rests on, and the words of its exemption."""
    rule = rule_from_json(notice.rule)
    exemption = rule.exemption(notice.exemption)
    return rule, exemption.text if exemption else {}


def of_results(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How many notices there are, for the link on the page of results; nothing while there is none."""
    count = db.session.scalar(
        sa.select(sa.func.count()).select_from(NotHeldNotice).where(NotHeldNotice.published_at.is_not(None))
    )
    return {"count": count} if count else None
