"""Erasing answers at the end of the retention promised on the entry page. Each function is one transaction.

Kept are the questionnaire, the counts, what was released, and the words of texts a person confirmed for publication,
with their masks burnt in. Everything else of the answers goes, and no row tells any more who took part.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from civic import clock
from civic.activities import gate, reviews
from civic.activities.models import Participation, TextReview
from civic.audit import chain
from civic.db import writing
from civic.features import house
from surveys.models import Draft, Erasure, FreeText, Response, Survey
from surveys.results.sources import ref_of

BATCH = 500


def due(session: Session, day: date) -> list[int]:
    """Surveys whose retention ended before `day`, which take no answers any more and were not erased yet."""
    over = sa.or_(Survey.closed_at.is_not(None), Survey.withdrawn_at.is_not(None))
    rows = session.scalars(
        sa.select(Survey.id)
        .where(Survey.retention_until < day, over, Survey.id.not_in(sa.select(Erasure.survey_id)))
        .order_by(Survey.id)
    )
    return list(rows)


def erase_batch(survey_id: int, after: int) -> int:
    """Erase up to 500 responses with ids above `after`; the last id erased, 0 when none is left."""
    with writing() as session:
        slug = session.get_one(Survey, survey_id).slug
        rows = session.scalars(
            sa.select(Response)
            .options(selectinload(Response.texts))
            .where(Response.survey_id == survey_id, Response.id > after)
            .order_by(Response.id)
            .limit(BATCH)
        ).all()
        refs = {ref_of(slug, text.id): text for row in rows for text in row.texts}
        confirmed = {
            review.ref: review
            for review in session.scalars(sa.select(TextReview).where(TextReview.ref.in_(list(refs))))
            if review.hidden_reason is None and review.text_digest == reviews.digest(refs[review.ref].text)
        }
        for ref, text in refs.items():
            _keep_masked(text, confirmed[ref]) if ref in confirmed else session.delete(text)
        for row in rows:
            row.answers, row.off_path, row.attributes, row.key_cells = {}, [], {}, []
            row.answered_at = row.row_key = None
        unlinked = {"person_key": None, "content_mac": None, "session_mac": None}
        session.execute(
            sa.update(Participation)
            .where(Participation.id.in_([row.participation_id for row in rows]))
            .values(**unlinked)
        )
        return rows[-1].id if rows else 0


def _keep_masked(text: FreeText, review: TextReview) -> None:
    text.text = reviews.masked(text.text, review.spans)
    review.text_digest = reviews.digest(text.text)


def finish(survey_id: int, at: datetime) -> None:
    """Record that a survey's answers are gone, drop what else held them, and tell every room to forget them."""
    with writing() as session:
        survey = session.get_one(Survey, survey_id)
        session.execute(sa.delete(Draft).where(Draft.survey_id == survey_id))
        count = session.scalar(sa.select(sa.func.count()).where(Response.survey_id == survey_id)) or 0
        session.add(Erasure(survey_id=survey_id, erased_on=clock.day_in_japan(at), responses=count))
        for room in house().rooms:
            if room.forget:
                room.forget(session, survey_id)
        chain.record(session, "survey.answers_erased", "system", gate.subject(survey), responses=count)
