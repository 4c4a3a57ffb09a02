"""On the staff page of a consultation: the ways to its comments and to the sorting desk."""

from collections.abc import Mapping
from typing import Any, Final

from civic.features import Panel
from civic.identity import access


def links(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The links, for those who may read opinions; None on other kinds of activity and before the opening."""
    activity = context["activity"]
    if activity.kind != "consultation" or activity.opened_at is None:
        return None
    return {"slug": activity.slug} if access.may("opinion.read", activity.department_id) else None


PANELS: Final = (Panel("staff.activity", "comments/staff/desk_links.html", links, order=30),)
