"""What conducting a vote shows on other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from civic.features import Panel


def of_vote(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Links for the staff page of an activity that is a vote."""
    activity = context["activity"]
    return {"vote": activity} if activity.kind == "vote" else None


PANELS = (Panel("staff.activity", "votes/staff/links.html", of_vote, 10),)
