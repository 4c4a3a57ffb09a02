"""What the pages of comments need: the list with its filters, one comment as received with its parts, its history."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic import clock
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db
from civic.identity.models import StaffMember
from civic.refusals import NotFound
from consultations.comments.desk import queries, splitting
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

PAGE: Final = 50
EXCERPT: Final = 200
PASSAGES: Final = 200  # to choose from; every other one is reached by its address
WHOLE: Final = "whole"
SHOWN: Final = timedelta(minutes=2)  # how long one look at an author lasts


@dataclass(frozen=True)
class Filters:
    """What of the comments is listed. `passage` "" is all of them, `whole` those on the whole draft."""

    state: ParticipationState = ParticipationState.COUNTED
    passage: str = ""
    channel: Channel | None = None
    unsorted: bool = False
    same: int | None = None  # copies of the comment with this number, one by one
    search: str = ""


@dataclass(frozen=True)
class Listed:
    """One text of the list: its first comment, how many posts say it, and how many of its opinions lie in no group."""

    number: int
    posts: int
    channel: Channel
    received_on: date | None
    passage: str | None
    language: str
    words: str
    is_cut: bool
    items: int
    ungrouped: int


@dataclass(frozen=True)
class CommentsPage:
    """One page of comments; `texts` counts distinct ones, `posts` all; `states` counts all posts of the consultation."""

    consultation: Consultation
    rows: Sequence[Listed]
    posts: int
    texts: int
    states: Mapping[ParticipationState, int]
    passages: Sequence[tuple[str | None, str, int]]  # anchor, label, comments that count
    filters: Filters
    page: int

    @property
    def labels(self) -> Mapping[str | None, str]:
        """Labels of passages by anchor; "" for one that is not in the draft any more."""
        return defaultdict(str, {anchor: label for anchor, label, _count in self.passages})

    @property
    def pages(self) -> int:
        return max(1, -(-(self.posts if self.filters.same else self.texts) // PAGE))


def comments(slug: str, filters: Filters, page: int) -> CommentsPage:
    """The list. Seven statements, however many comments there are. NotFound, NotAllowed."""
    consultation = consultation_for(slug, "opinion.read")
    which = _which(consultation.id, filters)
    posts, texts = db.session.execute(
        _posts(sa.func.count(), sa.func.count(sa.distinct(Comment.fold_key))).where(*which)
    ).one()
    last = max(1, -(-(posts if filters.same else texts) // PAGE))
    page = min(page, last)
    return CommentsPage(
        consultation=consultation,
        rows=_rows(which, page, fold=filters.same is None),
        posts=posts,
        texts=texts,
        states=_states(consultation.id),
        passages=_passages(consultation),
        filters=filters,
        page=page,
    )


def _posts(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*columns).join_from(Comment, Participation, Participation.id == Comment.participation_id)


def _which(consultation_id: int, filters: Filters) -> list[sa.ColumnElement[bool]]:
    found = [Comment.consultation_id == consultation_id, Participation.state == filters.state]
    if filters.passage:
        whole = filters.passage == WHOLE
        found.append(Comment.passage.is_(None) if whole else Comment.passage == filters.passage)
    if filters.channel is not None:
        found.append(Comment.channel == filters.channel)
    if filters.unsorted:
        found.append(
            sa.exists().where(OpinionItem.comment_id == Comment.id, OpinionItem.group_id.is_(None)).correlate(Comment)
        )
    if filters.same is not None:
        first = sa.select(Comment.fold_key).where(
            Comment.consultation_id == consultation_id, Comment.number == filters.same
        )
        found.append(Comment.fold_key == first.scalar_subquery())
    if filters.search:
        found.append(Comment.body.icontains(filters.search, autoescape=True))
    return found


def _rows(which: Sequence[sa.ColumnElement[bool]], page: int, *, fold: bool) -> list[Listed]:
    """One page: the texts in the order in which they first came, or every post of one."""
    first = sa.func.min(Comment.id).label("id")
    chosen = (
        _posts(first, sa.func.count().label("posts"))
        .where(*which)
        .group_by(Comment.fold_key if fold else Comment.id)
        .order_by(first)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .subquery()
    )
    rows = db.session.execute(
        _posts(
            Comment.id,
            Comment.number,
            chosen.c.posts,
            Comment.channel,
            Participation.received_on,
            Comment.passage,
            Comment.language,
            sa.func.substr(Comment.body, 1, EXCERPT).label("words"),
            sa.func.length(Comment.body).label("length"),
        )
        .join(chosen, chosen.c.id == Comment.id)
        .order_by(Comment.id)
    ).all()
    items = _items_of([row.id for row in rows])
    return [_listed(row, *items.get(row.id, (0, 0))) for row in rows]


def _listed(row: Any, items: int, ungrouped: int) -> Listed:
    return Listed(
        number=row.number,
        posts=row.posts,
        channel=row.channel,
        received_on=row.received_on,
        passage=row.passage,
        language=row.language,
        words=row.words,
        is_cut=row.length > EXCERPT,
        items=items,
        ungrouped=ungrouped,
    )


def _items_of(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(opinions, those in no group) of each comment."""
    rows = db.session.execute(
        sa.select(
            OpinionItem.comment_id,
            sa.func.count(),
            sa.func.count(sa.case((OpinionItem.group_id.is_(None), OpinionItem.id))),
        )
        .where(OpinionItem.comment_id.in_(ids))
        .group_by(OpinionItem.comment_id)
    )
    return {comment: (items, ungrouped) for comment, items, ungrouped in rows}


def _states(consultation_id: int) -> dict[ParticipationState, int]:
    rows = db.session.execute(
        _posts(Participation.state, sa.func.count())
        .where(Comment.consultation_id == consultation_id)
        .group_by(Participation.state)
    )
    return dict(rows.all())


def _passages(consultation: Consultation) -> list[tuple[str | None, str, int]]:
    """Passages with comments that count, those with most of them, in the order of the draft; None: the whole draft."""
    count = sa.func.count().label("comments")
    commented = (
        _posts(Comment.passage, count)
        .where(Comment.consultation_id == consultation.id, queries.COUNTED)
        .group_by(Comment.passage)
        .order_by(count.desc(), Comment.passage)
        .limit(PASSAGES)
        .subquery()
    )
    version = sa.select(DraftVersion.id).where(
        DraftVersion.consultation_id == consultation.id, DraftVersion.number == consultation.current_version
    )
    rows = db.session.execute(
        sa.select(commented.c.passage, Passage.label, sa.func.substr(Passage.text, 1, 30), commented.c.comments)
        .outerjoin(
            Passage, sa.and_(Passage.anchor == commented.c.passage, Passage.version_id == version.scalar_subquery())
        )
        .order_by(Passage.position, commented.c.passage)
    )
    return [(row[0], " ".join(f"{row[1] or ''} {row[2] or ''}".split()), row[3]) for row in rows]


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
