"""The parts of an edit that every kind of activity shares, for use inside a feature's own transaction."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate
from civic.activities.models import Activity, Texts
from civic.activities.refusals import FrozenByOpening, LatchAlreadySet, NotClosedYet, NotOpenYet, SlugTaken
from civic.activities.states import Channel, Confidentiality, ResultsShow, Subject
from civic.audit import chain
from civic.audit.models import AuditRecord
from civic.features import house
from civic.identity.accounts import Actor
from civic.refusals import NotAllowed, StaleVersion

Kind = TypeVar("Kind", bound=Activity)
ADMISSION: Final = frozenset({
    "subject", "register_id", "identity_level", "once_per_person", "change_allowed", "channels", "confidentiality",
    "results_show",
})  # fmt: skip
"""The settings that a kind with `own_admission` decides itself."""


@dataclass(frozen=True)
class ActivitySettings:
    """Everything an editor decides about an activity of any kind. Texts by language, moments aware, days in Japan."""

    title: Texts
    summary: Texts
    background: Texts = field(default_factory=dict)
    eligibility: Texts = field(default_factory=dict)
    purpose: Texts = field(default_factory=dict)
    use_of_result: Texts = field(default_factory=dict)
    other_ways: Texts = field(default_factory=dict)
    contact: Texts = field(default_factory=dict)
    minutes: int = 5
    retention_until: date | None = None
    answer_due: date | None = None
    subject: Subject = Subject.NOBODY
    register_id: int | None = None
    identity_level: int = 0
    once_per_person: bool = False
    change_allowed: bool = False
    channels: tuple[Channel, ...] = (Channel.WEB,)
    confidentiality: Confidentiality = Confidentiality.CONFIDENTIAL
    results_show: ResultsShow = ResultsShow.AFTER_CLOSE
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def fill(self, activity: Activity, but: Collection[str] = ()) -> None:
        """Write the settings onto the activity, all `but` these."""
        for name in (one.name for one in fields(self) if one.name not in but):
            value = getattr(self, name)
            setattr(activity, name, [channel.value for channel in value] if name == "channels" else value)


def settings_of(activity: Activity) -> ActivitySettings:
    """The present settings, for a form or a copy."""
    values = {one.name: getattr(activity, one.name) for one in fields(ActivitySettings)}
    return ActivitySettings(**values | {"channels": tuple(Channel(name) for name in activity.channels)})


def staff_of(actor: Actor) -> int:
    """The staff member who acts; raises NotAllowed for the operator and the system, who sign nothing."""
    if actor.staff_id is None:
        raise NotAllowed
    return actor.staff_id


def create(
    session: Session,
    model: type[Kind],
    slug: str,
    project_id: int,
    department_id: int,
    settings: ActivitySettings,
    actor: Actor,
    at: datetime,
) -> Kind:
    """Add a draft of the feature's `model` with its audit record; raises SlugTaken.

    An address is never used again, not even that of a deleted draft: the audit remembers it.
    """
    author = staff_of(actor)
    names = [f"{kind}:{slug}" for kind in house().kinds]
    used = sa.select(AuditRecord.id).where(AuditRecord.act == "activity.created", AuditRecord.subject.in_(names))
    if session.scalar(used.limit(1)) is not None:
        raise SlugTaken
    activity = model(
        slug=slug,
        project_id=project_id,
        department_id=department_id,
        author_id=author,
        last_editor_id=author,
        revision=1,
        created_at=at,
    )
    settings.fill(activity)
    session.add(activity)
    session.flush()
    chain.record(session, "activity.created", actor.label, gate.subject(activity))
    return activity


def collect_elsewhere(session: Session, activity: Activity, channel: Channel, actor: Actor, at: datetime) -> None:
    """Take a draft nobody handed in as one whose answers were gathered outside, or add a channel to such a one.

    It never opens to residents: it opens and ends in one moment, and takes the city's own files until it is closed.
    The gate must be held alone. Raises NotOpenYet for what is on its way to open here.
    """
    if not activity.collected_elsewhere:
        if activity.submitted_at or activity.approved_at or activity.opened_at or activity.withdrawn_at:
            raise NotOpenYet
        activity.collected_elsewhere, activity.channels = True, []
        activity.opened_at = activity.ended_at = at
    if channel.value not in activity.channels:
        activity.channels = [*activity.channels, channel.value]
        chain.record(
            session, "activity.collected_elsewhere", actor.label, gate.subject(activity), channel=channel.value
        )
    session.flush()


def begin_edit(session: Session, activity_id: int, revision: int, actor: Actor, at: datetime) -> Activity:
    """Start an edit made from `revision`, inside the feature's transaction that writes, and record it.

    Raises `StaleVersion` when somebody saved since, `FrozenByOpening` once it has opened. What was handed in or
    approved returns to draft: an approval holds for what the approver saw.
    """
    activity = gate.alone(session, activity_id, at)
    check_revision(activity, revision)
    if activity.opened_at is not None or activity.withdrawn_at is not None:
        raise FrozenByOpening
    activity.approved_at = activity.approved_by_id = activity.submitted_at = None
    activity.last_editor_id = staff_of(actor)
    next_revision(session, activity)
    chain.record(session, "activity.edited", actor.label, gate.subject(activity), revision=activity.revision)
    return activity


def closed(session: Session, activity_id: int, revision: int, at: datetime) -> Activity:
    """The activity between its close and its answer, with the gate held.

    Raises StaleVersion, LatchAlreadySet once it is answered or withdrawn, NotClosedYet.
    """
    activity = gate.alone(session, activity_id, at)
    check_revision(activity, revision)
    if activity.answered_at is not None or activity.withdrawn_at is not None:
        raise LatchAlreadySet
    if activity.closed_at is None:
        raise NotClosedYet
    return activity


def begin_answer(session: Session, activity_id: int, revision: int, actor: Actor, at: datetime) -> Activity:
    """Start an edit of what the city answers, made from `revision`, and record it. Raises what `closed` raises.

    Whoever edits is the last editor: somebody else publishes.
    """
    activity = closed(session, activity_id, revision, at)
    activity.last_editor_id = staff_of(actor)
    next_revision(session, activity)
    chain.record(session, "activity.answer_written", actor.label, gate.subject(activity), revision=activity.revision)
    return activity


def check_revision(activity: Activity, revision: int) -> None:
    """Raise `StaleVersion` unless the form was made from the present revision."""
    if activity.revision != revision:
        raise StaleVersion


def next_revision(session: Session, activity: Activity) -> None:
    activity.revision += 1
    session.flush()
