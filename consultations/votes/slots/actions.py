"""The end of the map between slots and people: named by one, destroyed by another. One transaction each."""

from datetime import date, datetime

import sqlalchemy as sa

from civic.activities import editing, gate
from civic.activities.models import Activity
from civic.audit import chain
from civic.clock import day_in_japan
from civic.db import writing
from civic.identity.accounts import Actor
from consultations.votes.models import VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.refusals import MapGone, MapStillNeeded


def is_over(activity: Activity) -> bool:
    """Whether nothing of the vote needs the map any more but objections: it is answered, or was withdrawn."""
    return activity.answered_at is not None or (activity.opened_at is not None and activity.withdrawn_at is not None)


def name_end(vote_id: int, last_day: date, actor: Actor, at: datetime) -> None:
    """Name the last day of objections, after which a second person may destroy the map. Raises MapStillNeeded, MapGone."""
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        vote = boards.vote_of(session, vote_id)
        if vote.map_destroyed_at is not None:
            raise MapGone
        if not is_over(activity):
            raise MapStillNeeded
        vote.objections_until, vote.map_named_by_id = last_day, editing.staff_of(actor)
        chain.record(session, "vote.objections_named", actor.label, gate.subject(activity), until=last_day.isoformat())


def destroy_map(vote_id: int, actor: Actor, at: datetime) -> int:
    """Erase whose each slot was, for good; how many there were. The database refuses who named the day.

    The board, its count and everybody's receipt stay what they are. Raises MapStillNeeded, MapGone, SecondPersonNeeded.
    """
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        vote = boards.vote_of(session, vote_id)
        if vote.map_destroyed_at is not None:
            raise MapGone
        if not is_over(activity) or vote.objections_until is None or day_in_japan(at) <= vote.objections_until:
            raise MapStillNeeded
        vote.map_destroyed_at, vote.map_destroyed_by_id = at, editing.staff_of(actor)
        session.flush()
        ids = sa.select(VoteBoard.id).where(VoteBoard.vote_id == vote_id)
        erased = session.scalars(
            sa.update(VoteSlot)
            .where(VoteSlot.board_id.in_(ids), VoteSlot.entry_id.is_not(None))
            .values(entry_id=None)
            .returning(VoteSlot.board_id)
        ).all()
        chain.record(session, "vote.map_destroyed", actor.label, gate.subject(activity), slots=len(erased))
        session.expire_all()
        return len(erased)
