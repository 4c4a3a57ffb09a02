"""The JSON interface for other machines, version 1. Refusals are problem+json (RFC 9457), see `civic/web/errors.py`."""

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from civic import clock
from civic.activities.models import Activity
from civic.activities.states import State
from civic.features import house
from civic.opendata import files, queries
from civic.opendata.views import captions_of

pages = Blueprint("api", __name__, url_prefix="/api/v1")
DESCRIPTION = Path(__file__).with_name("openapi.json")


@pages.get("/openapi.json")
def description() -> Response:
    return jsonify(json.loads(DESCRIPTION.read_text(encoding="utf-8")))


@pages.get("/activities")
def activities() -> Response:
    """Every activity residents may see, newest first. No figures: those are released tables."""
    return jsonify(activities=[summary(*one) for one in queries.public_activities(clock.now())])


def summary(activity: Activity, state: State) -> dict[str, Any]:
    """One activity as the interface tells it: texts by language, moments in UTC."""
    moments = ("starts_at", "ends_at", "closed_at", "answered_at", "withdrawn_at")
    texts = ("title", "summary", "eligibility", "purpose", "use_of_result", "contact")
    return {
        "slug": activity.slug,
        "kind": activity.kind,
        "state": state.value,
        "address": url_for(house().kinds[activity.kind].resident_endpoint, slug=activity.slug),
        "project": {"slug": activity.project.slug, "title": activity.project.title},
        "department": activity.department.name,
        "channels": activity.channels,
        "answer_due": activity.answer_due and activity.answer_due.isoformat(),
        "answer": activity.answer if state is State.ANSWERED else None,
        **{name: getattr(activity, name) for name in texts},
        **{name: (moment := getattr(activity, name)) and moment.isoformat() for name in moments},
    }


@pages.get("/activities/<slug>/tables")
def tables(slug: str) -> Response:
    """The released tables of one activity; 404 before anything is released to everybody."""
    dataset = queries.dataset(slug, clock.now())
    return jsonify(files.document(dataset, captions_of(dataset)))
