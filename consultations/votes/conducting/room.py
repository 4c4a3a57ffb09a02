"""The pages of one vote at the staff desk: those that this person may open."""

from typing import Any, Final

from flask import request, url_for

from civic.activities.models import Activity
from civic.features import house
from civic.identity import access
from civic.messages import N_, Message

ROOM: Final = (
    ("desk.overview", N_("Overview")),
    ("votes_conducting.conduct", N_("Steps of the vote")),
    ("votes_conducting.facts", N_("Rules and arguments")),
    ("votes_conducting.questions", N_("Ballot paper")),
    ("votes_readying.trustees", N_("Trustees and witnesses")),
    ("votes_readying.roll", N_("Roll")),
    ("votes_readying.freezing", N_("Freeze and rehearsal")),
    ("votes_running.paper", N_("Votes on paper")),
    ("votes_running.heads", N_("Signed heads")),
    ("votes_running.shares", N_("Close and count")),
    ("votes_paper.count", N_("Paper count")),
    ("votes_slots.slots", N_("List of slots")),
)
"""Endpoints with the address's `slug` alone, in the order of the work."""


def vote_links(vote: Activity) -> list[dict[str, Any]]:
    """Links for the macro `tabs`: label, href and which is the present page."""
    here = request.endpoint or ""
    return [
        {"label": Message(label), "href": url_for(endpoint, slug=vote.slug), "current": endpoint == here}
        for endpoint, label in ROOM
        if access.may(house().permits[endpoint, "GET"].permission, vote.department_id)
    ]
