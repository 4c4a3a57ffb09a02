"""What surveys show on other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from civic.features import Panel
from surveys.models import Survey


def of_survey(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Links for the staff page of an activity that is a survey."""
    activity = context["activity"]
    return {"survey": activity} if activity.kind == Survey.__mapper_args__["polymorphic_identity"] else None


PANELS = (Panel("staff.activity", "surveys/staff/links.html", of_survey),)
