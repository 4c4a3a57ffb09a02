"""The comments for analysis and reports: all of them to staff, with confirmed masks to everybody else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from civic.activities import reviews
from civic.activities.models import Activity, Participation, TextReview
from civic.activities.states import ParticipationState
from civic.db import db
from civic.features import Source, SourceText, TextCount
from consultations.comments.models import Comment

QUESTION = "comment"
ASKED = {"ja": "意見", "ja-easy": "{意見/いけん}", "en": "Comments"}
BATCH = 1_000
IN_ONE_QUERY = 500
STANDS = (ParticipationState.COUNTED, ParticipationState.LATE)


def ref_of(slug: str, comment_id: int) -> str:
    return f"consultation:{slug}:{comment_id}"


def texts(activity: Activity) -> Iterator[SourceText]:
    """Every comment in the order it came. Not visible: what was withdrawn or replaced, late ones, and what a person hid."""
    hidden = set(
        db.session.scalars(
            sa.select(TextReview.ref).where(
                TextReview.activity_id == activity.id, TextReview.hidden_reason.is_not(None)
            )
        )
    )
    for row in db.session.execute(_written(Comment.consultation_id == activity.id).execution_options(yield_per=BATCH)):
        ref = ref_of(activity.slug, row.id)
        visible = row.state is ParticipationState.COUNTED and ref not in hidden
        yield SourceText(ref, QUESTION, row.body, row.channel.value, visible, ASKED)


def text_counts(consultation_ids: Sequence[int]) -> Mapping[int, Sequence[TextCount]]:
    """The visible comments of these consultations counted."""
    ref = sa.literal("consultation:") + Activity.slug + ":" + sa.cast(Comment.id, sa.String)
    counted = (
        sa.select(Comment.consultation_id, sa.func.count(), sa.func.count(TextReview.id))
        .join(Participation, Participation.id == Comment.participation_id)
        .join(Activity, Activity.id == Comment.consultation_id)
        .outerjoin(TextReview, TextReview.ref == ref)
        .where(
            Comment.consultation_id.in_(consultation_ids),
            Participation.state == ParticipationState.COUNTED,
            TextReview.hidden_reason.is_(None),
        )
        .group_by(Comment.consultation_id)
    )
    return {key: [TextCount(QUESTION, ASKED, comments, seen)] for key, comments, seen in db.session.execute(counted)}


def resolve(refs: Sequence[str]) -> Mapping[str, Source]:
    """What a page shows of each reference; one that names no comment any more is `missing`."""
    numbers = {ref: number for ref in refs if (number := number_of(ref)) is not None}
    rows: dict[int, Any] = {}
    for start in range(0, len(numbers), IN_ONE_QUERY):
        part = list(numbers.values())[start : start + IN_ONE_QUERY]
        rows |= {row.id: row for row in db.session.execute(_written(Comment.id.in_(part)))}
    decided = reviews.reviews_of(list(numbers))
    return {ref: _source(ref, rows.get(numbers.get(ref, 0)), decided.get(ref)) for ref in refs}


def _written(which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Comments with the state of their participation and the address of their consultation."""
    return (
        sa.select(Comment.id, Comment.number, Comment.body, Comment.channel, Participation.state, Activity.slug)
        .join(Participation, Participation.id == Comment.participation_id)
        .join(Activity, Activity.id == Comment.consultation_id)
        .where(which)
        .order_by(Comment.id)
    )


def number_of(ref: str) -> int | None:
    """The comment's id in a reference of this room; None for another's."""
    kind, _, rest = ref.partition(":")
    number = rest.rpartition(":")[2]
    fits = kind == "consultation" and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if fits else None


def _source(ref: str, row: Any, review: TextReview | None) -> Source:
    if row is None or ref_of(row.slug, row.id) != ref:
        return Source(ref, ref.rpartition(":")[2], None, "", "missing")
    state = state_of(row.body, row.state, review)
    shown = reviews.masked(row.body, review.spans) if state == "shown" and review else None
    return Source(ref, str(row.number), shown, row.channel.value, state)


def state_of(body: str, state: ParticipationState, review: TextReview | None) -> str:
    """Whether the public may read a comment: shown, hidden, withdrawn or unconfirmed.

    A decision holds for exactly the words the person saw.
    """
    if state not in STANDS:
        return "withdrawn"
    if review is None or review.text_digest != reviews.digest(body):
        return "unconfirmed"
    return "hidden" if review.hidden_reason is not None else "shown"
