"""What a person decides about a resident's text before it may leave the staff area: its masks, or that it stays hidden."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic import clock
from civic.activities.models import Activity, TextReview
from civic.audit import chain
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.refusals import NotAllowed

MASK = "■"


@dataclass(frozen=True)
class Verdict:
    """A decision about one text. `spans` are [start, end) code points to mask; `hidden_reason` None means it is shown."""

    ref: str
    text: str
    spans: tuple[tuple[int, int], ...]
    hidden_reason: str | None = None


def digest(text: str) -> str:
    """SHA-256 of the text a person saw, in hex: a decision holds for exactly these words."""
    return hashlib.sha256(text.encode()).hexdigest()


def masked(text: str, spans: Iterable[Sequence[int]]) -> str:
    """`text` with every masked code point replaced by ■; all other characters stay where they are."""
    characters = list(text)
    for start, end, *_rest in spans:
        characters[start:end] = MASK * len(characters[start:end])
    return "".join(characters)


def merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans in order, overlapping ones joined, empty ones left out."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def review_texts(activity_id: int, verdicts: Sequence[Verdict], actor: Actor) -> None:
    """Store decisions about texts of one activity, each with its audit record; a later one replaces an earlier one."""
    reviewer = actor.staff_id
    if reviewer is None:
        raise NotAllowed
    with writing() as session:
        activity = session.get_one(Activity, activity_id)
        known = {
            review.ref: review
            for review in session.scalars(
                sa.select(TextReview).where(TextReview.ref.in_([verdict.ref for verdict in verdicts]))
            )
        }
        for verdict in verdicts:
            review = known.get(verdict.ref) or TextReview(activity_id=activity_id, ref=verdict.ref)
            review.text_digest = digest(verdict.text)
            review.spans = [list(span) for span in merged(verdict.spans)]
            review.hidden_reason = verdict.hidden_reason
            review.reviewed_by_id = reviewer
            review.reviewed_at = clock.now()
            session.add(review)
            chain.record(
                session,
                "text.reviewed",
                actor.label,
                f"{activity.kind}:{activity.slug}",
                ref=verdict.ref,
                masks=len(review.spans),
                hidden=verdict.hidden_reason is not None,
            )


def reviews_in(activity_id: int) -> Mapping[str, TextReview]:
    """The stored decisions about all texts of one activity, by reference; one statement however many there are."""
    rows = db.session.scalars(sa.select(TextReview).where(TextReview.activity_id == activity_id))
    return {row.ref: row for row in rows}


def reviews_of(refs: Sequence[str]) -> Mapping[str, TextReview]:
    """The stored decisions about these texts, in one query per 500."""
    found: dict[str, TextReview] = {}
    for start in range(0, len(refs), 500):
        part = refs[start : start + 500]
        found |= {row.ref: row for row in db.session.scalars(sa.select(TextReview).where(TextReview.ref.in_(part)))}
    return found
