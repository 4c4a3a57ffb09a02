"""Many participations at once, within a feature's own transaction: what a file brings. The rules are the ledger's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from civic import clock
from civic.activities import gate, ledger
from civic.activities.models import ONCE, Participation
from civic.activities.states import Channel, ParticipationState
from civic.keys import Keys


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whose participation it is ("entry:<id>", None where nobody was asked) and the day in Japan it reached the city."""

    subject: str | None
    arrived_on: date | None


@dataclass(frozen=True, slots=True)
class Entered:
    """The ledger row that an arrival became."""

    participation_id: int
    state: ParticipationState


def take_part_together(
    session: Session, keys: Keys, activity_id: int, arrivals: Sequence[Arrival], *, channel: Channel, at: datetime
) -> list[Entered]:
    """Record participations that staff or the operator bring by `channel`, in their order; at most 1,000.

    One pass of the gate, counts changed once. As in `ledger.take_part`: a second participation of one person is kept
    as a conflict, what arrived after the period as late. Raises what `ledger.admit` raises.
    """
    activity = gate.enter(session, activity_id, at)
    today = clock.day_in_japan(at)
    days = {arrival.arrived_on for arrival in arrivals}
    states = {day: ledger.admit(activity, channel, day, by_staff=True) for day in days}
    rows: list[dict[str, Any]] = [
        {
            "activity_id": activity_id,
            "person_key": ledger.person_key(keys, activity_id, arrival.subject),
            "channel": channel,
            "state": states[arrival.arrived_on],
            "receipt": ledger.new_receipt(),
            "received_on": arrival.arrived_on or today,
        }
        for arrival in arrivals
    ]
    ids = _insert(session, rows)
    ledger.add_counts(session, activity_id, Counter((row["received_on"], channel, row["state"]) for row in rows))
    return [Entered(ids[row["receipt"]], row["state"]) for row in rows]


def _insert(session: Session, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert under the unique key; who has a counted row already comes in again as a conflict. Ids by receipt."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(Participation).on_conflict_do_nothing(index_elements=["activity_id", "person_key"], index_where=ONCE)
    ids = _inserted(session, first, rows)
    again = [row for row in rows if row["receipt"] not in ids]
    for row in again:
        row["state"] = ParticipationState.CONFLICT
    return ids | _inserted(session, insert(Participation), again)


def _inserted(session: Session, insert: Any, rows: list[dict[str, Any]]) -> dict[str, int]:
    if not rows:
        return {}
    returned = session.execute(insert.returning(Participation.receipt, Participation.id), rows)
    return dict(returned.all())
