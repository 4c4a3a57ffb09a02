"""Comments as people may read them again: everybody's reviewed ones during the period, and each author her own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civic import paging
from civic.activities import reviews
from civic.activities.models import Participation, TextReview
from civic.activities.states import ParticipationState
from civic.db import db
from civic.refusals import NotFound
from consultations.comments import sources
from consultations.comments.commenting import queries
from consultations.comments.models import Comment, Consultation, DraftVersion, Passage

PER_PAGE = 50


def comment_of(participation: Participation) -> Comment | None:
    """The comment of one participation, for its own author."""
    return db.session.scalar(sa.select(Comment).where(Comment.participation_id == participation.id))


def label_of(comment: Comment) -> str:
    """The number of the passage a comment is about, as its reader saw it; empty for the whole draft."""
    if comment.passage is None or comment.version is None:
        return ""
    return labels_of(comment.consultation_id, comment.version, [comment.passage]).get(comment.passage, "")


def labels_of(consultation_id: int, version: int, anchors: Sequence[str]) -> dict[str, str]:
    """Anchor → number of these passages of one version."""
    rows = db.session.execute(
        sa.select(Passage.anchor, Passage.label)
        .join(DraftVersion, DraftVersion.id == Passage.version_id)
        .where(
            DraftVersion.consultation_id == consultation_id,
            DraftVersion.number == version,
            Passage.anchor.in_(anchors),
        )
    )
    return {row.anchor: row.label for row in rows}


def shows_comments(consultation: Consultation) -> bool:
    """Whether the city decided before the opening that reviewed comments are read during the period."""
    return consultation.comments_public and consultation.opened_at is not None and consultation.withdrawn_at is None


def _reviewed(consultation: Consultation, *columns: Any) -> sa.Select[Any]:
    """What may be read: counted, confirmed by a person, and not hidden. Nothing else of a comment is public."""
    ref = sa.literal(f"consultation:{consultation.slug}:") + sa.cast(Comment.id, sa.String)
    return (
        sa.select(*columns)
        .select_from(Comment)
        .join(Participation, Participation.id == Comment.participation_id)
        .join(TextReview, TextReview.ref == ref)
        .where(
            Comment.consultation_id == consultation.id,
            Participation.state == ParticipationState.COUNTED,
            TextReview.hidden_reason.is_(None),
        )
    )


def shown_counts(consultation: Consultation) -> dict[str | None, int] | None:
    """Comments that may be read now, by the anchor of their passage (None: on the whole draft); None where none may."""
    if not shows_comments(consultation):
        return None
    rows = db.session.execute(_reviewed(consultation, Comment.passage, sa.func.count()).group_by(Comment.passage))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Voice:
    """A comment as everybody may read it: its number, its words under their masks, the passage it is about."""

    number: int
    words: str
    language: str
    label: str


@dataclass(frozen=True)
class CommentsPage:
    """A page of the comments that may be read now, newest first."""

    consultation: Consultation
    passage: Passage | None
    voices: Sequence[Voice]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return paging.pages(self.count, PER_PAGE)


def comments_page(slug: str, anchor: str | None, page: int) -> CommentsPage:
    """Reviewed comments during the period, on one passage where asked; raises NotFound where none are shown."""
    consultation = queries.consultation_for_residents(slug)
    if not shows_comments(consultation):
        raise NotFound
    passage = queries.passage_at(consultation, anchor)
    about = [] if passage is None else [Comment.passage == passage.anchor]
    count = db.session.scalar(_reviewed(consultation, sa.func.count()).where(*about)) or 0
    rows = db.session.execute(
        _reviewed(consultation, Comment, TextReview)
        .where(*about)
        .order_by(Comment.number.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    anchors = {row[0].passage for row in rows if row[0].passage}
    labels = labels_of(consultation.id, consultation.current_version or 0, sorted(anchors)) if anchors else {}
    voices = [
        Voice(
            comment.number,
            reviews.masked(comment.body, review.spans),
            comment.language,
            labels.get(comment.passage or "", ""),
        )
        for comment, review in rows
        if sources.state_of(comment.body, ParticipationState.COUNTED, review) == "shown"
    ]
    return CommentsPage(consultation, passage, voices, count, page)
