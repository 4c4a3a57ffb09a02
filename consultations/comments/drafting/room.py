"""The pages of one consultation at the staff desk: those that are there, and that this person may open."""

from typing import Any, Final

from flask import current_app, request, url_for

from civic.activities.models import Activity
from civic.features import house
from civic.identity import access
from civic.messages import N_, Message

ROOM: Final = (
    ("desk.overview", N_("Overview")),
    ("consultations_drafting.draft", N_("Draft text")),
    ("consultations_drafting.notice", N_("Notice")),
    ("consultations_drafting.attachments", N_("Attachments")),
    ("consultations_collecting.overview", N_("Enter comments")),
    ("consultations_desk.comments", N_("Comments received")),
    ("consultations_desk.groups", N_("Sort the opinions")),
    ("consultations_answering.board", N_("The city's answers by group")),
    ("consultations_publishing.result", N_("Result")),
)
"""Endpoints with the address's `slug` alone, in the order of the work."""


def consultation_links(consultation: Activity) -> list[dict[str, Any]]:
    """Links for the macro `tabs`: label, href and which is the present page."""
    here = request.endpoint or ""
    return [
        {
            "label": Message(label),
            "href": url_for(endpoint, slug=consultation.slug),
            "current": endpoint == here,
        }
        for endpoint, label in ROOM
        if may_open(endpoint, consultation)
    ]


def may_open(endpoint: str, consultation: Activity) -> bool:
    """Whether the page exists and the signed-in account holds its permission in the consultation's department."""
    permit = house().permits.get((endpoint, "GET"))
    if permit is None or not access.may(permit.permission, consultation.department_id):
        return False
    return any(rule.arguments == {"slug"} for rule in current_app.url_map.iter_rules(endpoint))
