"""Writing the result, publishing it, correcting it. Published words change by a further edition only, never silently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import editing, gate
from civic.activities.editing import staff_of
from civic.activities.models import Texts
from civic.activities.refusals import LatchAlreadySet, ReasonNeeded
from civic.audit import chain
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.jobs.queue import enqueue
from civic.opendata.models import RELEASE_JOB
from civic.refusals import NotFound, StaleVersion
from consultations.comments.drafting.actions import as_parsed, keep_version, read, with_anchors
from consultations.comments.drafting.passages import Passage
from consultations.comments.models import Consultation, Edition, Erratum, OpinionGroup
from consultations.comments.publishing import corrections, document
from consultations.comments.refusals import AnswerIncomplete, NothingCorrected, NotPublished
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


@dataclass(frozen=True)
class Finished:
    """A document ready to be kept, with its hash: what a transaction needs no more than store."""

    content: Mapping[str, Any]
    sha256: str

    @property
    def number(self) -> int:
        number: int = self.content["edition"]
        return number


def finished(content: Mapping[str, Any]) -> Finished:
    return Finished(content, document.sha256(content))


def keep_edition(
    session: Session,
    consultation: Consultation,
    edition: Finished,
    note: Texts,
    author_id: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Store a finished document. The database refuses one person as author and publisher."""
    session.add(
        Edition(
            consultation_id=consultation.id,
            number=edition.number,
            document=dict(edition.content),
            sha256=edition.sha256,
            note=note,
            author_id=author_id,
            published_by_id=staff_of(actor),
            published_at=at,
        )
    )
    session.flush()
    subject = gate.subject(consultation)
    chain.record(session, "result.published", actor.label, subject, edition=edition.number, sha256=edition.sha256)


@dataclass(frozen=True)
class Correction:
    """What published words should read, by name (`corrections.words_of`), and what is corrected, and why.

    `edition` is the number of the edition the proposer saw.
    """

    words: Mapping[str, Any]
    note: Texts
    edition: int


def propose_erratum(
    consultation_id: int, group_number: int | None, correction: Correction, actor: Actor, at: datetime
) -> int:
    """Propose to correct published words (訂正), of one answer or (None) of the result as a whole; a second person decides.

    Returns its id. Raises NotPublished, NotFound, StaleVersion where a later edition is out, AnswerIncomplete without
    the Japanese words, NothingCorrected, ReasonNeeded without a note, ErratumPending while one waits.
    """
    words = checked(newest_edition(db.session, consultation_id), group_number, correction)
    with writing() as session:
        activity = gate.alone(session, consultation_id, at)
        if newest_number(session, consultation_id) != correction.edition:
            raise StaleVersion
        proposed = Erratum(
            consultation_id=consultation_id,
            group_id=None if group_number is None else group_at(session, consultation_id, group_number).id,
            words=words,
            note=correction.note,
            proposed_by_id=staff_of(actor),
            proposed_at=at,
        )
        session.add(proposed)
        session.flush()
        subject = gate.subject(activity)
        chain.record(session, "erratum.proposed", actor.label, subject, group=group_number, note=correction.note["ja"])
        return proposed.id


def checked(newest: Edition, group_number: int | None, correction: Correction) -> dict[str, Any]:
    """The words that differ from those published; what a correction must have is there."""
    if newest.number != correction.edition:
        raise StaleVersion
    try:
        published = corrections.words_of(newest.document, group_number)
    except KeyError as missing:
        raise NotFound from missing
    words = corrections.differing(published, correction.words)
    if not corrections.is_whole(words):
        raise AnswerIncomplete
    if not correction.note.get("ja", "").strip():
        raise ReasonNeeded
    if not words:
        raise NothingCorrected
    return words


def group_at(session: Session, consultation_id: int, number: int) -> OpinionGroup:
    """The group with this number, which a publication names."""
    wanted = (OpinionGroup.consultation_id == consultation_id, OpinionGroup.number == number)
    return session.scalars(sa.select(OpinionGroup).where(*wanted)).one()


def newest_edition(session: Session, consultation_id: int) -> Edition:
    """The newest edition; raises NotPublished before the first."""
    found = session.scalar(
        sa.select(Edition).where(Edition.consultation_id == consultation_id).order_by(Edition.number.desc()).limit(1)
    )
    if found is None:
        raise NotPublished
    return found


def newest_number(session: Session, consultation_id: int) -> int | None:
    return session.scalar(sa.select(sa.func.max(Edition.number)).where(Edition.consultation_id == consultation_id))


def decide_erratum(erratum_id: int, approved: bool, actor: Actor, at: datetime) -> int | None:
    """Approve or decline a proposed erratum; approved, it is published as a further edition whose number is returned.

    The edition is made before the transaction that shows it. The database refuses the proposer. Raises NotFound,
    LatchAlreadySet once it is decided, StaleVersion where another edition came between, SecondPersonNeeded.
    """
    content = next_edition(erratum_id, at) if approved else None
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
        number = proposed.group.number if proposed.group else None
        subject = gate.subject(activity)
        chain.record(session, "erratum.decided", actor.label, subject, group=number, approved=approved)
        return correct(session, proposed, content, actor, at) if content else None


def next_edition(erratum_id: int, at: datetime) -> "Finished":
    """The newest edition as an erratum corrects it. Raises NotFound."""
    proposed = db.session.get(Erratum, erratum_id)
    if proposed is None:
        raise NotFound
    newest = newest_edition(db.session, proposed.consultation_id)
    number = proposed.group.number if proposed.group else None
    moment = document.moment(at)
    return finished(corrections.corrected(newest.document, number, proposed.words, proposed.note, moment))


def correct(session: Session, erratum: Erratum, edition: "Finished", actor: Actor, at: datetime) -> int:
    """Publish the next edition; the rows the words came from follow. Returns the edition's number."""
    consultation = session.get_one(Consultation, erratum.consultation_id)
    if newest_number(session, consultation.id) != edition.number - 1:
        raise StaleVersion
    if erratum.group:
        follow_group(erratum.group, erratum.words)
    else:
        consultation.answer = erratum.words.get("answer", consultation.answer)
        consultation.decision_reason = erratum.words.get("reason", consultation.decision_reason)
    session.flush()
    keep_edition(session, consultation, edition, erratum.note, erratum.proposed_by_id, actor, at)
    key = f"release:{consultation.id}:edition-{edition.number}"
    enqueue(session, RELEASE_JOB, {"activity": consultation.id, "corrected": True}, key=key)
    return edition.number


def follow_group(group: OpinionGroup, words: Mapping[str, Any]) -> None:
    """Let the row of a group say what its corrected answer says."""
    group.name_it(words.get("title", {}))
    group.gist = words.get("gist", group.gist)
    group.answer = words.get("answer", group.answer)
    group.outcome = Outcome(words["outcome"]) if "outcome" in words else group.outcome
    group.revision += 1
