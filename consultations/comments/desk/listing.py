"""The list of all comments of a consultation, with its filters: each text once, with how many posts say it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from civic import paging
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db
from consultations.comments.desk import queries
from consultations.comments.models import (
    Comment,
    Consultation,
    DraftVersion,
    OpinionItem,
    Passage,
)
from consultations.comments.queries import consultation_for

PAGE: Final = 50
EXCERPT: Final = 200
PASSAGES: Final = 200  # to choose from; every other one is reached by its address
WHOLE: Final = "whole"


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
        return paging.pages(self.posts if self.filters.same else self.texts, PAGE)


def comments(slug: str, filters: Filters, page: int) -> CommentsPage:
    """The list. Seven statements, however many comments there are. NotFound, NotAllowed."""
    consultation = consultation_for(slug, "opinion.read")
    which = _which(consultation.id, filters)
    posts, texts = db.session.execute(
        _posts(sa.func.count(), sa.func.count(sa.distinct(Comment.fold_key))).where(*which)
    ).one()
    page = paging.within(page, posts if filters.same else texts, PAGE)
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
