"""Reads for the pages of staff: full counts, tasks, what waits for whom. Residents see released figures only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from civic import clock
from civic.activities import rules
from civic.activities.models import (
    Activity,
    ConflictDecision,
    Participation,
    ParticipationCount,
    PeriodChange,
    Project,
    Texts,
)
from civic.activities.rules import state_of
from civic.activities.states import RESIDENT_CHANNELS, Channel, ParticipationState, State
from civic.db import db
from civic.identity.models import Department, Register, StaffMember
from civic.refusals import NotFound

CHART_DAYS = 14
Departments = Collection[int] | None  # None: all of them


def _within(column: InstrumentedAttribute[int], departments: Departments) -> sa.ColumnElement[bool]:
    return sa.true() if departments is None else column.in_(departments)


def activity(slug: str) -> Activity:
    """The activity at this address with its project and department, in whatever state; raises NotFound."""
    found = db.session.scalar(
        sa.select(Activity)
        .options(joinedload(Activity.project), joinedload(Activity.department))
        .where(Activity.slug == slug)
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Listed:
    """One activity in a list of staff."""

    activity: Activity
    state: State
    counted: int


def activities(departments: Departments, at: datetime, state: State | None = None) -> list[Listed]:
    """Activities of these departments, newest first, of one state or of any, with how many take part."""
    rows = db.session.scalars(
        sa.select(Activity)
        .options(joinedload(Activity.department), joinedload(Activity.project))
        .where(_within(Activity.department_id, departments))
        .order_by(Activity.created_at.desc(), Activity.id.desc())
    ).all()
    totals = counts_by_activity(row.id for row in rows)
    listed = [Listed(row, state_of(row, at), totals.get(row.id, 0)) for row in rows]
    return [one for one in listed if state is None or one.state is state]


def counts_by_activity(ids: Iterable[int]) -> dict[int, int]:
    """How many participations count, by activity."""
    rows = db.session.execute(
        sa.select(ParticipationCount.activity_id, sa.func.sum(ParticipationCount.count))
        .where(ParticipationCount.activity_id.in_(list(ids)), ParticipationCount.state == ParticipationState.COUNTED)
        .group_by(ParticipationCount.activity_id)
    )
    return {activity_id: int(total) for activity_id, total in rows}


@dataclass(frozen=True)
class Running:
    """One row of the table of what is open."""

    activity: Activity
    counted: int
    today: int
    yesterday: int
    by_staff: int  # not by residents' own channels
    conflicts: int


@dataclass(frozen=True)
class Daily:
    """Counted participations per day of the last two weeks: by residents' own channels, and by staff's."""

    days: Sequence[date]
    own: Sequence[int]
    staff: Sequence[int]


@dataclass(frozen=True)
class Today:
    """The staff's first page."""

    running: Sequence[Running]
    daily: Daily
    dates: Sequence[tuple[datetime | date, str, Activity]]  # when, what (opens, ends, answer, erase), of what


def today(departments: Departments, at: datetime) -> Today:
    """What runs, how it went in the last two weeks, and the next dates. Three statements, however many activities."""
    listed = activities(departments, at)
    running = [one.activity for one in listed if one.state is State.OPEN]
    counts = _counts(one.id for one in running)
    conflicts = conflicts_by_activity(one.id for one in running)
    day = clock.day_in_japan(at)
    rows = [_running(one, counts, conflicts, day) for one in sorted(running, key=lambda a: (a.ends_at, a.id))]
    return Today(rows, _daily(counts, day), next_dates(listed, at))


@dataclass(frozen=True)
class Count:
    """One kept-up count of counted participations."""

    activity_id: int
    day: date
    channel: Channel
    count: int


def _counts(ids: Iterable[int]) -> list[Count]:
    rows = db.session.execute(
        sa.select(
            ParticipationCount.activity_id,
            ParticipationCount.day,
            ParticipationCount.channel,
            ParticipationCount.count,
        ).where(ParticipationCount.activity_id.in_(list(ids)), ParticipationCount.state == ParticipationState.COUNTED)
    )
    return [Count(*row) for row in rows]


def conflicts_by_activity(ids: Iterable[int]) -> Mapping[int, int]:
    """Participations whose conflict is not decided, by activity."""
    rows = db.session.execute(
        sa.select(Participation.activity_id, sa.func.count())
        .where(Participation.activity_id.in_(list(ids)), Participation.state == ParticipationState.CONFLICT)
        .group_by(Participation.activity_id)
    )
    return dict(rows.all())


def proposers_by_activity(ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """Who proposed each decision on a conflict that waits for a second person, by activity."""
    rows = db.session.execute(
        sa.select(Participation.activity_id, ConflictDecision.proposed_by_id)
        .join(ConflictDecision.participation)
        .where(
            Participation.activity_id.in_(list(ids)),
            Participation.state == ParticipationState.CONFLICT,
            ConflictDecision.decided_at.is_(None),
        )
    )
    found: dict[int, list[int]] = {}
    for activity_id, proposer in rows:
        found.setdefault(activity_id, []).append(proposer)
    return found


def _running(one: Activity, counts: Sequence[Count], conflicts: Mapping[int, int], day: date) -> Running:
    own = [count for count in counts if count.activity_id == one.id]
    return Running(
        one,
        counted=sum(count.count for count in own),
        today=sum(count.count for count in own if count.day == day),
        yesterday=sum(count.count for count in own if count.day == day - timedelta(days=1)),
        by_staff=sum(count.count for count in own if count.channel not in RESIDENT_CHANNELS),
        conflicts=conflicts.get(one.id, 0),
    )


def _daily(counts: Sequence[Count], last: date) -> Daily:
    days = [last - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    own, staff = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for count in counts:
        if count.day in own:
            (own if count.channel in RESIDENT_CHANNELS else staff)[count.day] += count.count
    return Daily(days, list(own.values()), list(staff.values()))


def next_dates(listed: Sequence[Listed], at: datetime) -> list[tuple[datetime | date, str, Activity]]:
    """The next eight dates: openings, ends, promised answers, erasures."""
    first = clock.day_in_japan(at)
    found: list[tuple[datetime | date, str, Activity]] = []
    for one in listed:
        row = one.activity
        if one.state is State.SCHEDULED and row.starts_at:
            found.append((row.starts_at, "opens", row))
        if one.state in (State.SCHEDULED, State.OPEN) and row.ends_at:
            found.append((row.ends_at, "ends", row))
        if one.state in (State.OPEN, State.ENDED, State.CLOSED) and row.answer_due and row.answer_due >= first:
            found.append((row.answer_due, "answer", row))
        if one.state in (State.CLOSED, State.ANSWERED) and row.retention_until and row.retention_until >= first:
            found.append((row.retention_until, "erase", row))
    return sorted(found, key=lambda entry: (_day(entry[0]), entry[2].id))[:8]


def _day(moment: datetime | date) -> date:
    return clock.day_in_japan(moment) if isinstance(moment, datetime) else moment


@dataclass(frozen=True)
class Overview:
    """Everything staff see of one activity on its page."""

    activity: Activity
    state: State
    counted: int
    by_channel: Sequence[tuple[Channel, int]]
    by_state: Mapping[ParticipationState, int]
    daily: Daily
    change: PeriodChange | None  # waiting for its decision
    changes: Sequence[PeriodChange]  # decided, newest first
    people: Mapping[int, str]  # names by id, of those the page mentions
    missing: Sequence[tuple[str, str]]


def overview(one: Activity, at: datetime) -> Overview:
    """The page of one activity."""
    counts = _counts([one.id])
    by_channel: dict[Channel, int] = {}
    for count in counts:
        by_channel[count.channel] = by_channel.get(count.channel, 0) + count.count
    changes = list(
        db.session.scalars(
            sa.select(PeriodChange).where(PeriodChange.activity_id == one.id).order_by(PeriodChange.id.desc())
        )
    )
    last = min(at, one.ended_at or at)
    return Overview(
        activity=one,
        state=state_of(one, at),
        counted=sum(by_channel.values()),
        by_channel=sorted(by_channel.items(), key=lambda entry: -entry[1]),
        by_state=_by_state(one.id),
        daily=_daily(counts, clock.day_in_japan(last)),
        change=next((c for c in changes if c.decided_at is None), None),
        changes=[c for c in changes if c.decided_at is not None],
        people=names(one.author_id, one.last_editor_id, one.approved_by_id, *(c.proposed_by_id for c in changes)),
        missing=rules.missing_texts(one),
    )


def _by_state(activity_id: int) -> dict[ParticipationState, int]:
    rows = db.session.execute(
        sa.select(ParticipationCount.state, sa.func.sum(ParticipationCount.count))
        .where(ParticipationCount.activity_id == activity_id)
        .group_by(ParticipationCount.state)
    )
    return {state: int(total) for state, total in rows}


def names(*ids: int | None) -> dict[int, str]:
    """Names of staff by id."""
    wanted = [one for one in ids if one is not None]
    return dict(db.session.execute(sa.select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(wanted))).all())


@dataclass(frozen=True)
class ConflictRow:
    """A participation of a person who had taken part already, the one that counts, and what was proposed."""

    new: Participation
    earlier: Participation | None
    decision: ConflictDecision | None


def conflicts(activity_id: int) -> list[ConflictRow]:
    """Undecided conflicts of an activity, oldest first."""
    earlier = aliased(Participation)
    rows = db.session.execute(
        sa.select(Participation, earlier, ConflictDecision)
        .outerjoin(
            earlier,
            sa.and_(
                earlier.activity_id == Participation.activity_id,
                earlier.person_key == Participation.person_key,
                earlier.state == ParticipationState.COUNTED,
            ),
        )
        .outerjoin(ConflictDecision, ConflictDecision.participation_id == Participation.id)
        .where(Participation.activity_id == activity_id, Participation.state == ParticipationState.CONFLICT)
        .order_by(Participation.id)
    )
    return [ConflictRow(*row) for row in rows]


def conflict(activity_id: int, receipt: str) -> ConflictRow:
    """The undecided conflict with this receipt number; raises NotFound."""
    found = next((row for row in conflicts(activity_id) if row.new.receipt == receipt), None)
    if found is None:
        raise NotFound
    return found


def period_change(activity_id: int, change_id: int) -> PeriodChange:
    """A proposed change of this activity's period; raises NotFound."""
    found = db.session.scalar(
        sa.select(PeriodChange).where(PeriodChange.id == change_id, PeriodChange.activity_id == activity_id)
    )
    if found is None:
        raise NotFound
    return found


def pending_changes(departments: Departments) -> Sequence[PeriodChange]:
    """Changes of a period that wait for a second person and can still be made."""
    return db.session.scalars(
        sa.select(PeriodChange)
        .join(PeriodChange.activity)
        .options(joinedload(PeriodChange.activity))
        .where(
            PeriodChange.decided_at.is_(None), Activity.ended_at.is_(None), _within(Activity.department_id, departments)
        )
        .order_by(PeriodChange.id)
    ).all()


def projects(departments: Departments) -> Sequence[Project]:
    """Projects of these departments by title."""
    return db.session.scalars(
        sa.select(Project)
        .options(joinedload(Project.department))
        .where(_within(Project.department_id, departments))
        .order_by(Project.slug)
    ).all()


def project(slug: str) -> Project:
    """The project at this address; raises NotFound."""
    found = db.session.scalar(sa.select(Project).options(joinedload(Project.department)).where(Project.slug == slug))
    if found is None:
        raise NotFound
    return found


def department_names(departments: Departments) -> list[tuple[int, Texts]]:
    """Departments to choose from: id and name."""
    return list(
        db.session.execute(
            sa.select(Department.id, Department.name)
            .where(_within(Department.id, departments))
            .order_by(Department.code)
        )
    )


def registers() -> list[tuple[int, str]]:
    """Registers to choose from: id and name."""
    return list(db.session.execute(sa.select(Register.id, Register.name).order_by(Register.name)))
