"""From an opinion group to the city's approved answer: 照会, 市の考え方, 反映区分, 決裁. One function, one transaction.

Every function names the revision the acting person saw and raises StaleVersion when somebody saved since.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities.editing import staff_of
from civic.activities.models import Participation, Texts
from civic.activities.refusals import NoteNeeded
from civic.activities.states import ParticipationState
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.identity.models import Department
from civic.refusals import NotFound, StaleVersion
from consultations.comments import rules
from consultations.comments.models import Comment, Consultation, Inquiry, OpinionGroup, OpinionItem
from consultations.comments.refusals import AnswerIncomplete, NoOpinions, TitleNotJapanese, WrongStage
from consultations.comments.stages import Outcome, Stage


@dataclass(frozen=True)
class Answer:
    """What a clerk writes about a group: the gist of its opinions, the city's answer, the outcome, its title.

    A title that is not given stays as it is.
    """

    gist: Texts = field(default_factory=dict)
    answer: Texts = field(default_factory=dict)
    outcome: Outcome | None = None
    title: Texts = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return bool(self.answer.get("ja", "").strip()) and self.outcome is not None


def ask(
    group_id: int, department_id: int, question: str, due_on: date, revision: int, actor: Actor, at: datetime
) -> None:
    """Ask a department for its draft by a day (照会). Raises StaleVersion, WrongStage, InquiryPending, NotFound."""
    with writing() as session:
        group, consultation = _group(session, group_id, revision)
        _move(group, Stage.ASKED)
        department = session.get(Department, department_id)
        if department is None:
            raise NotFound
        group.department_id = department.id
        session.add(
            Inquiry(
                group_id=group.id,
                department_id=department.id,
                question=question,
                due_on=due_on,
                asked_by_id=staff_of(actor),
                asked_at=at,
            )
        )
        session.flush()
        chain.record(
            session,
            "inquiry.asked",
            actor.label,
            _subject(consultation),
            group=group.number,
            department=department.code,
            due_on=due_on.isoformat(),
        )


def take_back_inquiry(group_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Take an unanswered inquiry back; the group is one's own again. Raises StaleVersion, WrongStage."""
    with writing() as session:
        group, consultation = _group(session, group_id, revision)
        _settle(session, group, at)
        _move(group, Stage.COLLECTING)
        group.department_id = None
        session.flush()
        chain.record(session, "inquiry.taken_back", actor.label, _subject(consultation), group=group.number)


def save_answer(group_id: int, answer: Answer, revision: int, actor: Actor, at: datetime) -> int:
    """Keep the draft of the city's answer, whole or not yet; the new revision. What was handed in comes back.

    A whole draft settles the inquiry. Raises StaleVersion, WrongStage once it is approved.
    """
    with writing() as session:
        group, consultation = _group(session, group_id, revision)
        group.name_it(answer.title)
        group.gist, group.answer, group.outcome = answer.gist, answer.answer, answer.outcome
        if answer.is_whole:
            _settle(session, group, at)
        if group.stage is not Stage.ASKED or answer.is_whole:
            _move(group, Stage.DRAFTED)
        group.last_editor_id = staff_of(actor)
        group.author_id = group.author_id or group.last_editor_id
        session.flush()
        chain.record(
            session,
            "response.drafted",
            actor.label,
            _subject(consultation),
            group=group.number,
            outcome=answer.outcome and answer.outcome.value,
            revision=group.revision,
        )
        return group.revision


def hand_in(group_id: int, revision: int, actor: Actor) -> None:
    """Hand the answer in for approval. Raises StaleVersion, AnswerIncomplete, TitleNotJapanese, NoOpinions, WrongStage."""
    with writing() as session:
        group, consultation = _group(session, group_id, revision)
        if not Answer(group.gist, group.answer, group.outcome).is_whole:
            raise AnswerIncomplete
        if not group.heading.get("ja"):
            raise TitleNotJapanese
        if not counted_items(session, group.id):
            raise NoOpinions
        _move(group, Stage.IN_APPROVAL)
        group.returned_note = None
        session.flush()
        chain.record(
            session, "response.handed_in", actor.label, _subject(consultation), group=group.number, revision=revision
        )


def send_back(group_id: int, note: str, revision: int, actor: Actor) -> None:
    """Return the answer to its editors with a note (差し戻し). Raises StaleVersion, WrongStage, NoteNeeded."""
    words = note.strip()
    if not words:
        raise NoteNeeded
    with writing() as session:
        group, consultation = _group(session, group_id, revision)
        if group.stage is not Stage.IN_APPROVAL:
            raise WrongStage
        group.stage, group.returned_note = Stage.DRAFTED, words
        session.flush()
        chain.record(session, "response.returned", actor.label, _subject(consultation), group=group.number, note=words)


def approve(group_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """Approve the answer (決裁); it is locked from now on. The database refuses its author and last editor.

    Raises StaleVersion, WrongStage, SecondPersonNeeded, and NoOpinions where the last one was withdrawn meanwhile.
    """
    with writing() as session:
        group, consultation = _group(session, group_id, revision)
        if group.outcome is None:
            raise AnswerIncomplete
        if not counted_items(session, group.id):
            raise NoOpinions
        _move(group, Stage.LOCKED)
        group.approved_by_id, group.approved_at = staff_of(actor), at
        session.flush()
        chain.record(
            session,
            "response.approved",
            actor.label,
            _subject(consultation),
            group=group.number,
            outcome=group.outcome.value,
            revision=revision,
        )


def _group(session: Session, group_id: int, revision: int) -> tuple[OpinionGroup, Consultation]:
    """The group under lock, if it is as the acting person saw it; its revision counts up with every act."""
    group = session.get(OpinionGroup, group_id, with_for_update=True, populate_existing=True)
    if group is None:
        raise NotFound
    if group.revision != revision:
        raise StaleVersion
    group.revision += 1
    return group, session.get_one(Consultation, group.consultation_id)


def _move(group: OpinionGroup, to: Stage) -> None:
    if not rules.may_move(group.stage, to):
        raise WrongStage
    group.stage = to


def _settle(session: Session, group: OpinionGroup, at: datetime) -> None:
    """The pending inquiry of the group, if there is one, is over."""
    session.execute(
        sa.update(Inquiry).where(Inquiry.group_id == group.id, Inquiry.settled_at.is_(None)).values(settled_at=at)
    )


def counted_items(session: Session, group_id: int) -> int:
    """Opinion items of a group whose comment counts."""
    found = (
        sa.select(sa.func.count())
        .select_from(OpinionItem)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(OpinionItem.group_id == group_id, Participation.state == ParticipationState.COUNTED)
    )
    return session.scalar(found) or 0


def _subject(consultation: Consultation) -> str:
    return f"consultation:{consultation.slug}"
