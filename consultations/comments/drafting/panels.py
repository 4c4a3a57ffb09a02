"""What preparation shows on other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from civic.features import Panel
from consultations.comments.drafting.notheld.queries import of_results
from consultations.comments.models import Consultation


def of_consultation(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Links for the staff page of an activity that is a consultation."""
    activity = context["activity"]
    return {"consultation": activity} if activity.kind == Consultation.__mapper_args__["polymorphic_identity"] else None


PANELS = (
    Panel("staff.activity", "comments/staff/links.html", of_consultation, 10),
    Panel("results.list", "comments/not_held_link.html", of_results, 80),
)
