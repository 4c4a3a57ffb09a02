"""What this room shows on other rooms' pages to residents: a person's own comment behind its receipt number."""

from collections.abc import Mapping
from typing import Any

from civic.activities.models import Participation
from civic.features import Panel
from consultations.comments.commenting import voices


def own_comment(context: Mapping[str, Any]) -> dict[str, Any] | None:
    """Her words again, what they are about, and where the city's answer stands; never a name."""
    if context["activity"].kind != "consultation":
        return None
    participation: Participation = context["participation"]
    comment = voices.comment_of(participation)
    if comment is None:
        return None
    return {
        "activity": context["activity"],
        "participation": participation,
        "comment": comment,
        "label": voices.label_of(comment),
    }


PANELS = (Panel("receipt.after", "comments/own_comment.html", own_comment, order=20),)
