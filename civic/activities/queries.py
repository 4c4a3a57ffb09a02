"""Reads over all kinds of activity: base columns only, one query, never one per kind or row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.activities.models import Activity, Participation, ParticipationCount
from civic.activities.rules import due_latches, state_of
from civic.activities.states import ParticipationState, State
from civic.db import db
from civic.refusals import NotFound

SHOWN_TO_RESIDENTS = (State.OPEN, State.SCHEDULED, State.ENDED, State.CLOSED, State.ANSWERED, State.WITHDRAWN)


@dataclass(frozen=True)
class HomePage:
    """Activities a resident may see, by what she can do with them."""

    open: Sequence[Activity]
    soon: Sequence[Activity]
    closed: Sequence[Activity]
    answered: Sequence[Activity]


def home(at: datetime) -> HomePage:
    """What the first page shows: open (soonest end first), soon, closed and being worked on, answered (newest first)."""
    rows = db.session.scalars(
        sa.select(Activity).options(joinedload(Activity.department)).where(Activity.approved_at.is_not(None))
    ).all()
    by_state: dict[State, list[Activity]] = {}
    for row in rows:
        by_state.setdefault(state_of(row, at), []).append(row)
    return HomePage(
        open=sorted(by_state.get(State.OPEN, []), key=lambda a: (a.ends_at, a.id)),
        soon=sorted(by_state.get(State.SCHEDULED, []), key=lambda a: (a.starts_at, a.id)),
        closed=sorted(
            by_state.get(State.ENDED, []) + by_state.get(State.CLOSED, []),
            key=lambda a: (a.ends_at, a.id),
            reverse=True,
        ),
        answered=sorted(by_state.get(State.ANSWERED, []), key=lambda a: (a.answered_at, a.id), reverse=True),
    )


def activity_by_slug(slug: str) -> Activity:
    """The activity at this address, of whatever kind; raises NotFound."""
    found = db.session.scalar(sa.select(Activity).where(Activity.slug == slug))
    if found is None:
        raise NotFound
    return found


def with_due_latches(at: datetime) -> list[int]:
    """Ids of the activities whose opening or end has come and is not set yet."""
    unfinished = sa.select(Activity).where(
        Activity.approved_at.is_not(None), Activity.ended_at.is_(None), Activity.withdrawn_at.is_(None)
    )
    return [activity.id for activity in db.session.scalars(unfinished) if due_latches(activity, at)]


def counted(activity_id: int) -> int:
    """How many participations count, from the kept-up counts (staff only: residents see released figures)."""
    total = sa.func.coalesce(sa.func.sum(ParticipationCount.count), 0)
    return int(
        db.session.scalar(
            sa.select(total).where(
                ParticipationCount.activity_id == activity_id, ParticipationCount.state == ParticipationState.COUNTED
            )
        )
        or 0
    )


def participation_by_receipt(receipt: str) -> Participation | None:
    """The participation with this receipt number, or None."""
    return db.session.scalar(sa.select(Participation).where(Participation.receipt == receipt))
