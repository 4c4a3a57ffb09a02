"""Writing the result, publishing it, correcting it. Published words change by a further edition only, never silently."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import editing, gate
from civic.activities.editing import staff_of
from civic.activities.models import Activity, Texts
from civic.activities.refusals import LatchAlreadySet, ReasonNeeded
from civic.audit import chain
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.jobs.queue import enqueue
from civic.opendata.models import RELEASE_JOB
from civic.refusals import NotFound
from consultations.comments.drafting.actions import as_parsed, keep_version, read, with_anchors
from consultations.comments.drafting.passages import Passage
from consultations.comments.models import Consultation, Edition, Erratum, OpinionGroup
from consultations.comments.publishing import document
from consultations.comments.refusals import AnswerIncomplete, NotPublished
from consultations.comments.stages import Decision, Outcome


@dataclass(frozen=True)
class Result:
    """What the editor writes of the result. `final` is the plan as decided, in Markdown; needed where it was changed."""

    decision: Decision
    reason: Texts
    answer: Texts
    final: str = ""


def save_result(consultation_id: int, result: Result, revision: int, actor: Actor, at: datetime) -> int:
    """Keep the decision, its reasons, the answer as a whole and, of a changed plan, its final text; the new revision.

    Raises StaleVersion, NotClosedYet, LatchAlreadySet once it is published, SecondPersonNeeded for the approver.
    """
    prepared = prepare(consultation_id, result.final) if result.decision is Decision.CHANGED else None
    with writing() as session:
        activity = editing.begin_answer(session, consultation_id, revision, actor, at)
        consultation = session.get_one(Consultation, consultation_id)
        final = None
        if prepared is not None:
            final = final_version(session, consultation, prepared, actor, at)
        consultation.decision, consultation.final_version = result.decision, final
        consultation.decision_reason, consultation.answer = result.reason, result.answer
        session.flush()
        subject = gate.subject(activity)
        chain.record(session, "result.saved", actor.label, subject, decision=result.decision.value, version=final)
        return activity.revision


@dataclass(frozen=True)
class Prepared:
    """A plan as decided, read and compared before anything is locked: ten thousand passages take seconds.

    `present` is the number of the final version that says the same already; None for new words.
    """

    markdown: str
    present: int | None
    made: Sequence[Passage] = ()
    changes: Sequence[dict[str, Any]] = ()


def prepare(consultation_id: int, markdown: str) -> Prepared:
    """Read a final text and compare it with the draft consulted on. Raises NothingToRead, TooManyPassages.

    What it rests on cannot change under it: every further version counts the revision up that the form names.
    """
    session = db.session
    one = session.get_one(Consultation, consultation_id)
    versions = {row.number: row for row in one.versions}
    present = versions.get(one.final_version or 0)
    if present is not None and present.markdown == markdown:
        return Prepared(markdown, present.number)
    made = with_anchors(session, one.id, read(markdown))
    consulted = versions.get(one.current_version or 0)
    before = [as_parsed(row) for row in consulted.passages] if consulted else []
    return Prepared(markdown, None, made, document.compared(before, made))


def final_version(session: Session, consultation: Consultation, prepared: Prepared, actor: Actor, at: datetime) -> int:
    """The number of the version with this text: the present final one if it says the same, else the next."""
    if prepared.present is not None:
        return prepared.present
    changes = list(prepared.changes)
    return keep_version(session, consultation, prepared.markdown, "", prepared.made, actor, at, changes).number


def answered(session: Session, activity: Activity, actor: Actor, at: datetime) -> None:
    """Keep what is being published as edition 1, in the transaction that publishes it; the feature's hook."""
    consultation = session.get_one(Consultation, activity.id)
    content = document.build(consultation, at)
    keep_edition(session, consultation, content, {}, consultation.last_editor_id, actor, at)
    enqueue(session, RELEASE_JOB, {"activity": activity.id}, key=f"release:{activity.id}:answered")


def keep_edition(
    session: Session,
    consultation: Consultation,
    content: dict[str, Any],
    note: Texts,
    author_id: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Store a finished document. The database refuses one person as author and publisher."""
    digest = document.sha256(content)
    session.add(
        Edition(
            consultation_id=consultation.id,
            number=content["edition"],
            document=content,
            sha256=digest,
            note=note,
            author_id=author_id,
            published_by_id=staff_of(actor),
            published_at=at,
        )
    )
    session.flush()
    subject = gate.subject(consultation)
    chain.record(session, "result.published", actor.label, subject, edition=content["edition"], sha256=digest)


@dataclass(frozen=True)
class Correction:
    """What an erratum changes of a group's published answer, and what it corrects in words."""

    answer: Texts
    outcome: Outcome
    note: Texts


def propose_erratum(consultation_id: int, group_number: int, correction: Correction, actor: Actor, at: datetime) -> int:
    """Propose to correct a published answer (訂正); a second person decides. Returns its id.

    Raises NotPublished, NotFound, AnswerIncomplete, ReasonNeeded without a note, InquiryPending while one waits.
    """
    if not correction.answer.get("ja", "").strip():
        raise AnswerIncomplete
    if not correction.note.get("ja", "").strip():
        raise ReasonNeeded
    with writing() as session:
        activity = gate.alone(session, consultation_id, at)
        newest = newest_edition(session, consultation_id)
        if all(group["number"] != group_number for group in newest.document["groups"]):
            raise NotFound
        group = session.scalars(
            sa.select(OpinionGroup).where(
                OpinionGroup.consultation_id == consultation_id, OpinionGroup.number == group_number
            )
        ).one()
        proposed = Erratum(
            consultation_id=consultation_id,
            group_id=group.id,
            answer=correction.answer,
            outcome=correction.outcome,
            note=correction.note,
            proposed_by_id=staff_of(actor),
            proposed_at=at,
        )
        session.add(proposed)
        session.flush()
        subject = gate.subject(activity)
        chain.record(session, "erratum.proposed", actor.label, subject, group=group_number, note=correction.note["ja"])
        return proposed.id


def newest_edition(session: Session, consultation_id: int) -> Edition:
    """The newest edition; raises NotPublished before the first."""
    found = session.scalar(
        sa.select(Edition).where(Edition.consultation_id == consultation_id).order_by(Edition.number.desc()).limit(1)
    )
    if found is None:
        raise NotPublished
    return found


def decide_erratum(erratum_id: int, approved: bool, actor: Actor, at: datetime) -> int | None:
    """Approve or decline a proposed erratum; approved, it is published as a further edition whose number is returned.

    The database refuses the proposer. Raises NotFound, LatchAlreadySet once it is decided, SecondPersonNeeded.
    """
    with writing() as session:
        proposed = session.get(Erratum, erratum_id)
        if proposed is None:
            raise NotFound
        activity = gate.alone(session, proposed.consultation_id, at)
        session.refresh(proposed)
        if proposed.decided_at is not None:
            raise LatchAlreadySet
        proposed.decided_by_id, proposed.decided_at, proposed.approved = staff_of(actor), at, approved
        session.flush()
        number = proposed.group.number
        subject = gate.subject(activity)
        chain.record(session, "erratum.decided", actor.label, subject, group=number, approved=approved)
        return correct(session, proposed, actor, at) if approved else None


def correct(session: Session, erratum: Erratum, actor: Actor, at: datetime) -> int:
    """Publish the next edition with the corrected answer; the group's own row follows. Returns the edition's number."""
    consultation = session.get_one(Consultation, erratum.consultation_id)
    newest = newest_edition(session, consultation.id)
    erratum.group.answer, erratum.group.outcome = erratum.answer, erratum.outcome
    erratum.group.revision += 1
    session.flush()
    content = corrected(newest.document, erratum, at)
    keep_edition(session, consultation, content, erratum.note, erratum.proposed_by_id, actor, at)
    edition: int = content["edition"]
    key = f"release:{consultation.id}:edition-{edition}"
    enqueue(session, RELEASE_JOB, {"activity": consultation.id, "corrected": True}, key=key)
    return edition


def corrected(before: dict[str, Any], erratum: Erratum, at: datetime) -> dict[str, Any]:
    """The document with one group's answer as corrected, its numbers by outcome, and what was said before."""
    content = deepcopy(before)
    group = next(one for one in content["groups"] if one["number"] == erratum.group.number)
    content["edition"] = before["edition"] + 1
    content["errata"].append(
        {
            "edition": content["edition"],
            "published_at": document.moment(at),
            "group": group["number"],
            "note": erratum.note,
            "before": {"answer": group["answer"], "outcome": group["outcome"]},
        }
    )
    group["answer"], group["outcome"] = erratum.answer, erratum.outcome.value
    content["numbers"]["outcomes"] = outcomes_of(content["groups"])
    return content


def outcomes_of(groups: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Items and answers by outcome, from the groups of a document."""
    by_outcome = {one: [group for group in groups if group["outcome"] == one.value] for one in Outcome}
    return {
        one.value: {"items": sum(len(group["items"]) for group in found), "answers": len(found)}
        for one, found in by_outcome.items()
    }
