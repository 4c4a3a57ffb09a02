"""One comment as it was received: its parts, its history, and its author for who recorded a look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic import clock
from civic.activities.states import ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db
from civic.identity.models import StaffMember
from civic.refusals import NotFound
from consultations.comments.desk import splitting
from consultations.comments.desk.parts import Item
from consultations.comments.desk.piles import Pile
from consultations.comments.models import (
    Comment,
    CommentAuthor,
    Consultation,
    DraftVersion,
    OpinionGroup,
    OpinionItem,
    Passage,
)
from consultations.comments.queries import consultation_for
from consultations.comments.recording import Author, opened_author
from consultations.comments.rules import OPEN_TO_ITEMS
from consultations.comments.stages import Origin, Stage, Stance

EXCERPT: Final = 200
SHOWN: Final = timedelta(minutes=2)  # how long one look at an author lasts


@dataclass(frozen=True)
class Part:
    """One opinion item of a comment with its words and where it lies."""

    pile: Pile
    words: str
    title: str | None
    stage: Stage | None
    origin: str

    @property
    def is_open(self) -> bool:
        return self.stage is None or self.stage in OPEN_TO_ITEMS


@dataclass(frozen=True)
class Event:
    """Something done with a comment: by whom, when, and the reason of a look at its author."""

    act: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class CommentPage:
    """One comment as it was received, with its parts marked, its author sealed, and what was done with it."""

    consultation: Consultation
    comment: Comment
    passage: str
    parts: Sequence[Part]
    copies: int
    has_author: bool
    history: Sequence[Event]
    before: int | None
    after: int | None

    @property
    def state(self) -> ParticipationState:
        return self.comment.participation.state

    @property
    def stance(self) -> Stance | None:
        return self.comment.stance

    @property
    def is_open(self) -> bool:
        """Whether it may be split: it counts, and nothing is published yet."""
        over = self.consultation.answered_at is not None or self.consultation.withdrawn_at is not None
        return not over and self.state is ParticipationState.COUNTED

    @property
    def pieces(self) -> list[tuple[str, int]]:
        """The text as received in pieces, each with the number (from 1) of the part it belongs to; 0 for none."""
        found: list[tuple[str, int]] = []
        at = 0
        for number, part in enumerate(self.parts, 1):
            found += [(self.comment.body[at : part.pile.start], 0), (part.words, number)]
            at = part.pile.stop
        return [piece for piece in [*found, (self.comment.body[at:], 0)] if piece[0]]


def comment(slug: str, number: int, permission: str = "opinion.read") -> CommentPage:
    """One comment by its number. NotFound, NotAllowed."""
    consultation = consultation_for(slug, permission)
    found = db.session.scalar(
        sa.select(Comment)
        .options(joinedload(Comment.participation))
        .where(Comment.consultation_id == consultation.id, Comment.number == number)
    )
    if found is None:
        raise NotFound
    alike = sa.select(sa.func.count()).where(
        Comment.consultation_id == consultation.id, Comment.fold_key == found.fold_key
    )
    sealed = sa.exists().where(CommentAuthor.participation_id == found.participation_id)
    others = sa.select(Comment.number).where(Comment.consultation_id == consultation.id)
    before = others.where(Comment.number < number).order_by(Comment.number.desc()).limit(1).scalar_subquery()
    after = others.where(Comment.number > number).order_by(Comment.number).limit(1).scalar_subquery()
    copies, has_author, earlier, later = db.session.execute(
        sa.select(alike.scalar_subquery(), sealed, before, after)
    ).one()
    return CommentPage(
        consultation=consultation,
        comment=found,
        passage=passage_of(consultation, found),
        parts=parts_of(found),
        copies=copies,
        has_author=has_author,
        history=history_of(consultation, number),
        before=earlier,
        after=later,
    )


def passage_of(consultation: Consultation, found: Comment) -> str:
    """Label and words of the passage a comment is about, in the version it was written about; "" for the whole."""
    if found.passage is None:
        return ""
    row = db.session.execute(
        sa.select(Passage.label, sa.func.substr(Passage.text, 1, EXCERPT))
        .join(DraftVersion, DraftVersion.id == Passage.version_id)
        .where(DraftVersion.consultation_id == consultation.id, DraftVersion.number == found.version)
        .where(Passage.anchor == found.passage)
    ).one_or_none()
    return " ".join(" ".join(row).split()) if row else found.passage


def parts_of(found: Comment) -> list[Part]:
    """The items of a comment in the order of its text."""
    rows = db.session.execute(
        sa.select(
            OpinionItem.id,
            OpinionItem.start,
            OpinionItem.stop,
            OpinionItem.origin,
            OpinionGroup.number,
            OpinionGroup.title,
            OpinionGroup.stage,
        )
        .outerjoin(OpinionGroup, OpinionGroup.id == OpinionItem.group_id)
        .where(OpinionItem.comment_id == found.id)
        .order_by(OpinionItem.start)
    )
    return [
        Part(
            Pile(row.id, found.id, row.start, row.stop, row.number),
            found.body[row.start : row.stop],
            row.title,
            row.stage,
            row.origin.value,
        )
        for row in rows
    ]


def items_of(page: CommentPage) -> list[Item]:
    """The items of the page's comment as the pure module has them; groups by their numbers."""
    return [
        Item(one.pile.item, one.pile.comment, one.pile.start, one.pile.stop, one.pile.group, Origin(one.origin))
        for one in page.parts
    ]


def history_of(consultation: Consultation, number: int) -> list[Event]:
    """What the audit has of one comment, oldest first: splits, joins, looks at its author."""
    rows = db.session.execute(
        sa.select(AuditRecord.act, StaffMember.name, AuditRecord.at, AuditRecord.details)
        .outerjoin(StaffMember, sa.literal("staff:") + sa.cast(StaffMember.id, sa.String) == AuditRecord.actor)
        .where(AuditRecord.subject == splitting.subject(consultation, number))
        .order_by(AuditRecord.id)
    )
    return [Event(row.act, row.name or "", row.at, row.details.get("reason", "")) for row in rows]


def author_looked_at(page: CommentPage, look: int, actor: str) -> Author | None:
    """The author of a comment, for who recorded a look at it just now; None for anybody else, and later."""
    mine = db.session.scalar(
        sa.select(AuditRecord.id).where(
            AuditRecord.id == look,
            AuditRecord.act == "comment.author_read",
            AuditRecord.actor == actor,
            AuditRecord.subject == splitting.subject(page.consultation, page.comment.number),
            AuditRecord.at > clock.now() - SHOWN,
        )
    )
    if mine is None:
        return None
    row = db.session.get(CommentAuthor, page.comment.participation_id)
    return opened_author(row) if row else Author()
