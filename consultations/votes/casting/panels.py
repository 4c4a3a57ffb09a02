"""What votes show on other rooms' pages to residents: where a confirmation number is looked up."""

from collections.abc import Mapping
from typing import Any

from civic import clock
from civic.features import Panel
from consultations.votes.casting import queries


def where_to_look(context: Mapping[str, Any]) -> dict[str, Any] | None:
    """The votes whose boards hold ballots; nothing while there are none."""
    found = queries.opened_votes(clock.now())
    return {"votes": found} if found else None


PANELS = (Panel("receipt.other", "votes/where_to_look.html", where_to_look),)
