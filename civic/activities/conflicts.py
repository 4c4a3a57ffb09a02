"""Acts on single participations: which of two counts (重なり), and taking one back. Same rules as `actions`."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate, ledger, refusals
from civic.activities.editing import staff_of
from civic.activities.models import Activity, ConflictDecision, Participation
from civic.activities.states import ParticipationState
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound


def propose(participation_id: int, count_new: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Propose which of two participations of one person counts. Raises ReasonNeeded, NoConflict, CountsFinal."""
    if not reason.strip():
        raise refusals.NoteNeeded
    with writing() as session:
        row, activity = _changeable(session, participation_id, at)
        if row.state is not ParticipationState.CONFLICT:
            raise refusals.NoConflict
        session.add(
            ConflictDecision(
                participation_id=row.id,
                count_new=count_new,
                reason=reason.strip(),
                proposed_by_id=staff_of(actor),
                proposed_at=at,
            )
        )
        session.flush()
        chain.record(
            session,
            "conflict.proposed",
            actor.label,
            gate.subject(activity),
            participation=row.id,
            count_new=count_new,
            reason=reason.strip(),
        )


def decide(participation_id: int, approved: bool, actor: Actor, at: datetime) -> None:
    """Approve a proposed decision, which moves both rows, or decline it, so that another can be proposed.

    The database refuses the proposer. Raises SecondPersonNeeded, NoConflict, CountsFinal.
    """
    with writing() as session:
        row, activity = _changeable(session, participation_id, at)
        decision = session.scalar(sa.select(ConflictDecision).where(ConflictDecision.participation_id == row.id))
        if decision is None or row.state is not ParticipationState.CONFLICT:
            raise refusals.NoConflict
        decision.decided_by_id, decision.decided_at = staff_of(actor), at
        session.flush()
        chain.record(
            session,
            "conflict.decided",
            actor.label,
            gate.subject(activity),
            participation=row.id,
            count_new=decision.count_new,
            approved=approved,
        )
        if approved:
            _apply(session, row, decision.count_new)
        else:
            session.delete(decision)


def _apply(session: Session, row: Participation, count_new: bool) -> None:
    if not count_new:
        ledger.move(session, row, ParticipationState.SUPERSEDED)
        return
    earlier = session.scalar(
        sa.select(Participation).where(
            Participation.activity_id == row.activity_id,
            Participation.person_key == row.person_key,
            Participation.state == ParticipationState.COUNTED,
        )
    )
    if earlier is not None:  # it may have been taken back since
        ledger.move(session, earlier, ParticipationState.SUPERSEDED)
    ledger.move(session, row, ParticipationState.COUNTED)


def take_back(participation_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraw one participation at the person's wish: it no longer counts, and the person may take part again.

    Raises NoteNeeded, CountsFinal, LatchAlreadySet.
    """
    if not reason.strip():
        raise refusals.NoteNeeded
    with writing() as session:
        row, activity = _changeable(session, participation_id, at)
        if row.state is ParticipationState.WITHDRAWN:
            raise refusals.LatchAlreadySet
        ledger.move(session, row, ParticipationState.WITHDRAWN)
        chain.record(
            session,
            "participation.withdrawn",
            actor.label,
            gate.subject(activity),
            participation=row.id,
            reason=reason.strip(),
        )


def _changeable(session: Session, participation_id: int, at: datetime) -> tuple[Participation, Activity]:
    """The row, with its activity's gate held alone, while its counts are not final."""
    found = session.get(Participation, participation_id)
    if found is None:
        raise NotFound
    activity = gate.alone(session, found.activity_id, at)
    session.refresh(found)
    if activity.closed_at is not None:
        raise refusals.CountsFinal
    return found, activity
