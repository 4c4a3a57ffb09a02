"""Where everything lies: rows of the sorting desk as tests compare them, and what a clerk sees of them."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from civic.activities import gate, ledger
from civic.activities.models import Participation
from civic.activities.states import ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db, writing
from consultations.comments.desk.piles import Pile
from consultations.comments.models import Comment, Consultation, DeskStep, OpinionGroup, OpinionItem
from consultations.comments.stages import Origin, Outcome, Stage


class Place(NamedTuple):
    """One item: its id, the number of its comment, its ends, the number of its group, who put it there."""

    id: int
    comment: int
    start: int
    stop: int
    group: int | None
    origin: Origin


def places(consultation: Consultation) -> list[Place]:
    """Every item in the order of the comments and of their text."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(
            OpinionItem.id,
            Comment.number,
            OpinionItem.start,
            OpinionItem.stop,
            OpinionGroup.number.label("group"),
            OpinionItem.origin,
        )
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .outerjoin(OpinionGroup, OpinionGroup.id == OpinionItem.group_id)
        .where(OpinionItem.consultation_id == consultation.id)
        .order_by(Comment.number, OpinionItem.start)
    )
    return [Place(*row) for row in rows]


def groups(consultation: Consultation) -> dict[int, dict[str, Any]]:
    """Every group by number, whole but for the count of edits."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OpinionGroup.__table__).where(OpinionGroup.consultation_id == consultation.id)
    ).mappings()
    return {row["number"]: {name: row[name] for name in row if name != "revision"} for row in rows}


def piles(consultation: Consultation, *numbers: int) -> list[Pile]:
    """What a clerk sees of the comments with these numbers: a pile for each of their items."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OpinionItem.id, Comment.id, OpinionItem.start, OpinionItem.stop, OpinionGroup.number)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .outerjoin(OpinionGroup, OpinionGroup.id == OpinionItem.group_id)
        .where(OpinionItem.consultation_id == consultation.id, Comment.number.in_(numbers))
        .order_by(Comment.number, OpinionItem.start)
    )
    return [Pile(*row) for row in rows]


def comment_id(consultation: Consultation, number: int) -> int:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Comment.id).where(Comment.consultation_id == consultation.id, Comment.number == number)
    ).one()


def set_state(consultation: Consultation, number: int, state: ParticipationState) -> None:
    """Let the comment with this number be withdrawn, late or counted from now on."""
    with writing() as session:
        gate.hold(session, consultation.id)
        row = session.scalars(
            sa.select(Participation)
            .join(Comment, Comment.participation_id == Participation.id)
            .where(Comment.consultation_id == consultation.id, Comment.number == number)
        ).one()
        ledger.move(session, row, state)
    db.session.rollback()


def set_stage(consultation: Consultation, number: int, stage: Stage, approver: int | None = None) -> None:
    """Let the answer of a group be as far as this."""
    values: dict[str, Any] = {"stage": stage}
    if stage in (Stage.IN_APPROVAL, Stage.LOCKED):
        values |= {"outcome": Outcome.LATER, "answer": {"ja": "参考にします。"}}
    with writing() as session:
        session.execute(
            sa.update(OpinionGroup)
            .where(OpinionGroup.consultation_id == consultation.id, OpinionGroup.number == number)
            .values(**values | ({"approved_by_id": approver, "approved_at": sa.func.now()} if approver else {}))
        )
    db.session.rollback()


def last_step(consultation: Consultation) -> DeskStep:
    """The newest step."""
    db.session.rollback()
    return db.session.scalars(
        sa.select(DeskStep)
        .where(DeskStep.consultation_id == consultation.id, DeskStep.undone_at.is_(None))
        .order_by(DeskStep.id.desc())
        .limit(1)
    ).one()


def recorded(act: str) -> list[AuditRecord]:
    """The audit records of an act, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == act).order_by(AuditRecord.id)))
