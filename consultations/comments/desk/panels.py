"""What the sorting desk shows on other rooms' pages."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from civic.db import db
from civic.features import Panel
from civic.identity import access
from consultations.comments.models import Comment


def of_conflict(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The comment of one of the two participations between which staff decide, for who may read comments."""
    activity, participation = context["activity"], context["participation"]
    if not access.may("opinion.read", activity.department_id):
        return None
    found = db.session.scalar(sa.select(Comment).where(Comment.participation_id == participation.id))
    return {"slug": activity.slug, "comment": found} if found is not None else None


PANELS = (Panel("staff.conflict", "comments/staff/desk_conflict.html", of_conflict, 10),)
