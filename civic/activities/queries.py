"""Reads for residents over all kinds of activity: base columns only, one query, never one per kind or row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.activities.ledger import person_key
from civic.activities.models import Activity, Participation, ParticipationCount, Project
from civic.activities.rules import due_latches, state_of
from civic.activities.states import ParticipationState, State
from civic.clock import day_in_japan
from civic.db import db
from civic.keys import keys
from civic.refusals import NotFound


@dataclass(frozen=True)
class Listing:
    """Activities a resident may see, by what she can do with them."""

    open: Sequence[Activity]
    soon: Sequence[Activity]
    closed: Sequence[Activity]
    answered: Sequence[Activity]


def home(at: datetime) -> Listing:
    """What the first page shows: open (soonest end first), soon, closed and being worked on, answered (newest first)."""
    return _listing(db.session.scalars(_approved()).all(), at)


def _approved() -> sa.Select[Activity]:
    return sa.select(Activity).options(joinedload(Activity.department)).where(Activity.approved_at.is_not(None))


def _listing(rows: Sequence[Activity], at: datetime) -> Listing:
    by_state: dict[State, list[Activity]] = {}
    for row in rows:
        by_state.setdefault(state_of(row, at), []).append(row)
    return Listing(
        open=sorted(by_state.get(State.OPEN, []), key=lambda a: (a.ends_at, a.id)),
        soon=sorted(by_state.get(State.SCHEDULED, []), key=lambda a: (a.starts_at, a.id)),
        closed=sorted(
            by_state.get(State.ENDED, []) + by_state.get(State.CLOSED, []),
            key=lambda a: (a.ends_at, a.id),
            reverse=True,
        ),
        answered=sorted(by_state.get(State.ANSWERED, []), key=lambda a: (a.answered_at, a.id), reverse=True),
    )


@dataclass(frozen=True)
class ProjectPage:
    """A project and what belongs to it."""

    project: Project
    activities: Listing


def project(slug: str, at: datetime) -> ProjectPage:
    """The project at this address; raises NotFound, also while nothing of it may be seen."""
    found = db.session.scalar(sa.select(Project).options(joinedload(Project.department)).where(Project.slug == slug))
    rows = db.session.scalars(_approved().where(Activity.project_id == found.id)).all() if found else []
    if found is None or not rows:
        raise NotFound
    return ProjectPage(found, _listing(rows, at))


def asking_now(at: datetime) -> list[Activity]:
    """Activities that have opened and whose answers are still kept: what the page on personal information lists."""
    rows = db.session.scalars(_approved().order_by(Activity.ends_at, Activity.id))
    kept = [row for row in rows if row.retention_until and row.retention_until >= day_in_japan(at)]
    return [row for row in kept if state_of(row, at) is not State.SCHEDULED]


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


@dataclass(frozen=True)
class Taken:
    """A participation as its own author sees it again: never the answers, never a name."""

    participation: Participation
    activity: Activity
    state: State


def by_receipt(receipt: str) -> tuple[Participation, Activity] | None:
    """The participation with this receipt number and its activity, or None. One look into a unique index."""
    found = db.session.execute(
        sa.select(Participation, Activity)
        .join(Activity, Activity.id == Participation.activity_id)
        .where(Participation.receipt == receipt)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def participation(activity_id: int, receipt: str) -> Participation | None:
    """The participation of this activity with this receipt number, or None."""
    return db.session.scalar(
        sa.select(Participation).where(Participation.activity_id == activity_id, Participation.receipt == receipt)
    )


def final_participation(activity: Activity, subject: str | None) -> Participation | None:
    """The counted participation of a person who may not take part again; None where nothing stands in her way."""
    if subject is None or not activity.once_per_person or activity.change_allowed:
        return None
    return db.session.scalar(
        sa.select(Participation).where(
            Participation.activity_id == activity.id,
            Participation.person_key == person_key(keys(), activity.id, subject),
            Participation.state == ParticipationState.COUNTED,
        )
    )


def participations_of(subjects: Sequence[str], at: datetime) -> list[Taken]:
    """What a person took part in under `subjects`, newest first.

    The keys of two activities differ, so they are made for each activity that knows its people and looked up at once.
    """
    asked = db.session.scalars(
        sa.select(Activity.id).where(Activity.identity_level > 0, Activity.opened_at.is_not(None))
    )
    mine = [key for one in asked for subject in subjects if (key := person_key(keys(), one, subject)) is not None]
    if not mine:
        return []
    rows = db.session.execute(
        sa.select(Participation, Activity)
        .join(Activity, Activity.id == Participation.activity_id)
        .where(Participation.person_key.in_(mine))
        .order_by(Participation.id.desc())
    )
    return [Taken(participation, activity, state_of(activity, at)) for participation, activity in rows]
