"""Acts of staff on an activity's life: approval, opening, period, close, answer, withdrawal. One function, one
transaction, its audit record inside; whoever moves a latch holds the gate alone.

Every function takes `actor` (who acts) and `at` (now, aware); `revision` is the one the acting person saw.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import editing, gate, refusals, rules
from civic.activities.editing import ActivitySettings, check_revision, next_revision, staff_of
from civic.activities.models import Activity, Participation, PeriodChange, Project, Texts
from civic.activities.states import ParticipationState
from civic.audit import chain
from civic.db import db, writing
from civic.features import Publication, house
from civic.identity.accounts import Actor
from civic.jobs.queue import enqueue
from civic.messages import Message
from civic.opendata.models import RELEASE_JOB
from civic.refusals import NotFound, StaleVersion

ANSWERED_JOB = "notices.answered"
COMMON_CLOSE = "desk.close"


def create_project(slug: str, department_id: int, title: Texts, summary: Texts, actor: Actor) -> int:
    """Add a project; its id. Raises SlugTaken."""
    with writing() as session:
        project = Project(slug=slug, department_id=department_id, title=title, summary=summary)
        session.add(project)
        session.flush()
        chain.record(session, "project.created", actor.label, f"project:{slug}")
        return project.id


def edit_project(project_id: int, title: Texts, summary: Texts, revision: int, actor: Actor) -> None:
    """Change a project's texts. Raises StaleVersion."""
    with writing() as session:
        project = session.get(Project, project_id, with_for_update=True)
        if project is None:
            raise NotFound
        if project.revision != revision:
            raise StaleVersion
        project.title, project.summary = title, summary
        project.revision += 1
        chain.record(session, "project.edited", actor.label, f"project:{project.slug}", revision=project.revision)


def edit_settings(activity_id: int, settings: ActivitySettings, revision: int, actor: Actor, at: datetime) -> int:
    """Change what an editor decides before opening; the new revision. Raises StaleVersion, FrozenByOpening."""
    with writing() as session:
        activity = editing.begin_edit(session, activity_id, revision, actor, at)
        own = house().kinds[activity.kind].own_admission
        settings.fill(activity, but=editing.ADMISSION if own else ())
        session.flush()
        return activity.revision


def correct_opened(
    activity_id: int,
    contact: Texts,
    other_ways: Texts,
    answer_due: date | None,
    revision: int,
    actor: Actor,
    at: datetime,
) -> int:
    """Change the little that may change after opening; the new revision. Before it, an edit like any other.

    Raises StaleVersion.
    """
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        if activity.opened_at is None:
            editing.begin_edit(session, activity_id, revision, actor, at)
        else:
            check_revision(activity, revision)
            next_revision(session, activity)
            subject = gate.subject(activity)
            chain.record(session, "activity.corrected", actor.label, subject, revision=activity.revision)
        activity.contact, activity.other_ways, activity.answer_due = contact, other_ways, answer_due
        session.flush()
        return activity.revision


def submit(activity_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Hand in for approval (決裁に回す). Raises StaleVersion, FrozenByOpening, NotReadyToOpen."""
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        check_revision(activity, revision)
        if activity.approved_at or activity.opened_at or activity.withdrawn_at:
            raise refusals.FrozenByOpening
        require_ready(activity, at)
        activity.submitted_at, activity.returned_note = at, None
        chain.record(session, "activity.submitted", actor.label, gate.subject(activity), revision=revision)


def require_ready(activity: Activity, at: datetime) -> None:
    """Raise NotReadyToOpen with everything that is missing, of the activity and of its kind."""
    if problems := opening_problems(activity, at):
        raise refusals.NotReadyToOpen(problems)


def opening_problems(activity: Activity, at: datetime) -> list[Message]:
    """What stands between the activity and its opening: the general rules, then its kind's own."""
    return [*rules.opening_problems(activity, at), *house().kinds[activity.kind].opening_problems(activity, at)]


def send_back(activity_id: int, note: str, revision: int, actor: Actor, at: datetime) -> None:
    """Return it to its editors with a note (差し戻し). Raises StaleVersion, NotInApproval, NoteNeeded."""
    if not note.strip():
        raise refusals.NoteNeeded
    with writing() as session:
        activity = _in_approval(session, activity_id, revision, at)
        activity.submitted_at, activity.returned_note = None, note.strip()
        chain.record(session, "activity.returned", actor.label, gate.subject(activity), note=note.strip())


def approve(activity_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Approve what was handed in (決裁): it opens at its start. The database refuses author and last editor.

    Raises StaleVersion, NotInApproval, NotReadyToOpen, SecondPersonNeeded.
    """
    with writing() as session:
        activity = _in_approval(session, activity_id, revision, at)
        require_ready(activity, at)
        activity.approved_at, activity.approved_by_id = at, staff_of(actor)
        session.flush()
        chain.record(session, "activity.approved", actor.label, gate.subject(activity), revision=revision)
        gate.set_due(session, activity, at)


def _in_approval(session: Session, activity_id: int, revision: int, at: datetime) -> Activity:
    activity = gate.alone(session, activity_id, at)
    check_revision(activity, revision)
    if activity.submitted_at is None or activity.approved_at is not None or activity.withdrawn_at is not None:
        raise refusals.NotInApproval
    return activity


def set_due_latches(activity_id: int, at: datetime) -> None:
    """Set the latches that are due at `at`, if any."""
    with writing() as session:
        gate.enter(session, activity_id, at)


def propose_period_change(
    activity_id: int, act: str, new_end: datetime | None, reason: Texts, actor: Actor, at: datetime
) -> None:
    """Propose to `extend` an open period to `new_end`, or to `stop` it now; a second person decides.

    Raises NotOpenNow, TooLateToExtend, EndIsFixed, EndNotLater, EndPastPromise, ReasonNeeded, PeriodChangePending.
    """
    if not reason.get("ja", "").strip():
        raise refusals.ReasonNeeded
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        _require_changeable(activity, new_end)
        session.add(
            PeriodChange(
                activity_id=activity_id,
                act=act,
                new_end=new_end,
                reason=reason,
                proposed_by_id=staff_of(actor),
                proposed_at=at,
            )
        )
        session.flush()
        chain.record(
            session,
            "period.proposed",
            actor.label,
            gate.subject(activity),
            change=act,
            new_end=new_end and new_end.isoformat(),
            reason=reason["ja"],
        )


def _require_changeable(activity: Activity, new_end: datetime | None) -> None:
    if activity.ended_at is not None:
        raise refusals.TooLateToExtend
    if activity.opened_at is None or activity.withdrawn_at is not None:
        raise refusals.NotOpenNow
    if new_end is not None:
        require_movable_end(activity)
    if new_end is not None and activity.ends_at is not None and new_end <= activity.ends_at:
        raise refusals.EndNotLater
    if new_end is not None and not rules.ends_before_promises(activity, new_end):
        raise refusals.EndPastPromise


def require_movable_end(activity: Activity) -> None:
    """Raise EndIsFixed where the kind has promised the end to everybody."""
    if sentence := house().kinds[activity.kind].fixed_end:
        raise refusals.EndIsFixed(Message(sentence))


def decide_period_change(change_id: int, approved: bool, actor: Actor, at: datetime) -> None:
    """Approve or decline a proposed change. The database refuses the proposer.

    Raises SecondPersonNeeded, LatchAlreadySet, NotOpenNow, TooLateToExtend, EndNotLater, EndPastPromise.
    """
    with writing() as session:
        proposed = session.get(PeriodChange, change_id)
        if proposed is None:
            raise NotFound
        activity = gate.alone(session, proposed.activity_id, at)
        session.refresh(proposed)
        if proposed.decided_at is not None:
            raise refusals.LatchAlreadySet
        if approved:
            _require_changeable(activity, proposed.new_end)
        proposed.decided_by_id, proposed.decided_at, proposed.approved = staff_of(actor), at, approved
        session.flush()
        subject = gate.subject(activity)
        chain.record(session, "period.decided", actor.label, subject, change=proposed.act, approved=approved)
        if approved:
            proposed.old_end = activity.ends_at
        if approved and proposed.new_end is not None:
            activity.ends_at = proposed.new_end
        elif approved:
            activity.ended_at = at
            chain.record(session, "activity.ended", actor.label, subject)


def close(activity_id: int, actor: Actor, at: datetime) -> int:
    """Close for good (締め切る): staff channels stop, counts are final and are returned; released tables follow.

    Raises NotEndedYet, LatchAlreadySet, ConflictsUndecided, and ClosedOnItsOwnPage for a kind that does more at its close.
    """
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        if house().kinds[activity.kind].close_endpoint != COMMON_CLOSE:
            raise refusals.ClosedOnItsOwnPage
        if activity.closed_at is not None or activity.withdrawn_at is not None:
            raise refusals.LatchAlreadySet
        if activity.ended_at is None:
            raise refusals.NotEndedYet
        if undecided := _rows(session, activity_id, ParticipationState.CONFLICT):
            raise refusals.ConflictsUndecided(count=undecided)
        activity.closed_at = at
        counted = _rows(session, activity_id, ParticipationState.COUNTED)
        chain.record(session, "activity.closed", actor.label, gate.subject(activity), counted=counted)
        enqueue(session, RELEASE_JOB, {"activity": activity_id}, key=f"release:{activity_id}:final")
        return counted


def _rows(session: Session, activity_id: int, state: ParticipationState | None = None) -> int:
    """Participations of the activity, of one state or of any, counted from the rows themselves."""
    found = sa.select(sa.func.count()).select_from(Participation).where(Participation.activity_id == activity_id)
    return session.scalar(found if state is None else found.where(Participation.state == state)) or 0


def write_answer(activity_id: int, answer: Texts, revision: int, actor: Actor, at: datetime) -> int:
    """Write the city's answer, to be published by somebody else; the new revision.

    Raises StaleVersion, NotClosedYet, LatchAlreadySet, AnswerNeeded, and SecondPersonNeeded for the approver.
    """
    if not answer.get("ja", "").strip():
        raise refusals.AnswerNeeded
    with writing() as session:
        activity = editing.begin_answer(session, activity_id, revision, actor, at)
        activity.answer = answer
        return activity.revision


def publish_answer(activity_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Publish the written answer and tell everyone who left an address for it. The database refuses its writer.

    What the kind publishes with it is made ready before the transaction, which stores it if nothing has moved since.
    Raises StaleVersion, NotClosedYet, LatchAlreadySet, AnswerNeeded, NotReadyToAnswer, SecondPersonNeeded.
    """
    ready = publication(activity_id, at)
    with writing() as session:
        activity = editing.closed(session, activity_id, revision, at)
        if not activity.answer.get("ja", "").strip():
            raise refusals.AnswerNeeded
        if problems := answer_problems(activity) if ready is None else ready.problems:
            raise refusals.NotReadyToAnswer(problems)
        activity.answered_at, activity.answered_by_id = at, staff_of(actor)
        session.flush()
        if ready is not None:
            ready.keep(session, activity, actor, at)
        chain.record(session, "activity.answered", actor.label, gate.subject(activity), revision=revision)
        if ANSWERED_JOB in house().jobs:
            enqueue(session, ANSWERED_JOB, {"activity": activity_id}, key=f"answered:{activity_id}")


def publication(activity_id: int, at: datetime) -> Publication | None:
    """What the kind makes ready of its answer; None for one that publishes nothing with it. Raises NotFound."""
    activity = gate.fresh(db.session, activity_id)
    prepare = house().of(activity).publication
    return prepare(activity, at) if prepare else None


def answer_problems(activity: Activity) -> list[Message]:
    """What stands between the activity and the publication of the city's answer, as its kind has it."""
    return list(house().kinds[activity.kind].answer_problems(activity))


def withdraw(activity_id: int, reason: Texts, actor: Actor, at: datetime) -> None:
    """Take an approved activity back with a reason that stands on its page; nothing is deleted.

    Raises ReasonNeeded, LatchAlreadySet, NotInApproval for a draft (which is deleted instead).
    """
    if not reason.get("ja", "").strip():
        raise refusals.ReasonNeeded
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        if activity.withdrawn_at is not None:
            raise refusals.LatchAlreadySet
        if activity.approved_at is None and not activity.collected_elsewhere:
            raise refusals.NotInApproval
        activity.withdrawn_at, activity.withdrawn_reason = at, reason
        chain.record(session, "activity.withdrawn", actor.label, gate.subject(activity), reason=reason["ja"])


def delete_draft(activity_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Delete a draft that never opened and has no participation. Raises StaleVersion, HasResponses."""
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        check_revision(activity, revision)
        if activity.approved_at is not None or _rows(session, activity_id):
            raise refusals.HasResponses
        chain.record(session, "activity.deleted", actor.label, gate.subject(activity))
        discard = house().of(activity).discard
        if discard is not None:
            discard(session, activity)
        session.delete(activity)
