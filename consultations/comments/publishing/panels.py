"""What the result shows on other rooms' pages: on the staff page of a consultation, and behind a receipt number."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from civic.activities.states import ParticipationState
from civic.db import db
from civic.features import Panel
from consultations.comments.models import Consultation, OpinionGroup
from consultations.comments.publishing import originals, queries
from consultations.comments.publishing.showing import OUTCOMES

KIND = Consultation.__mapper_args__["polymorphic_identity"]


def of_consultation(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Links for the staff page of a consultation that is over."""
    activity = context["activity"]
    return {"one": activity} if activity.kind == KIND and activity.ended_at is not None else None


def what_became_of_it(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where the answer to the comment behind a receipt number stands, once there is one; None before."""
    activity, participation = context["activity"], context["participation"]
    if activity.kind != KIND or activity.answered_at is None:
        return None
    found = queries.groups_of_comment(participation.id)
    if found is None:
        return None
    number, group_ids = found
    result = queries.published(activity.slug)
    numbers = db.session.scalars(sa.select(OpinionGroup.number).where(OpinionGroup.id.in_(group_ids))).all()
    return {
        "slug": activity.slug,
        "number": number,
        "counted": participation.state is ParticipationState.COUNTED,
        "late": participation.state is ParticipationState.LATE,
        "groups": [(group, result.page_of(group["number"])) for group in result.groups if group["number"] in numbers],
        "page": 1 + (number - 1) // originals.COMMENTS,
        "outcome_words": OUTCOMES,
    }


PANELS = (
    Panel("staff.activity", "comments/staff/result_links.html", of_consultation, 40),
    Panel("receipt.after", "comments/responses_receipt.html", what_became_of_it, 60),
)
