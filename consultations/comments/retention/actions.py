"""Erasing who wrote a comment, on the day its notice promised. Each function is one transaction.

The comments stay as the city's record, with the counts and the answers. Names, addresses and the other columns of an
import go, and no row tells any more who took part.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate
from civic.activities.models import Participation
from civic.audit import chain
from civic.db import writing
from consultations.comments.models import Comment, CommentAuthor, Consultation

BATCH = 500
LINKS = ("person_key", "content_mac", "session_mac")


def due(session: Session, day: date) -> list[int]:
    """Consultations that are over, whose retention ended before `day`, and that still hold something of a person."""
    over = sa.or_(Consultation.ended_at.is_not(None), Consultation.withdrawn_at.is_not(None))
    rows = session.scalars(
        sa.select(Consultation.id)
        .where(Consultation.retention_until < day, over, _telling(Consultation.id).exists())
        .order_by(Consultation.id)
    )
    return list(rows)


def _telling(consultation: Any) -> sa.Select[Any]:
    """Comments of a consultation with an author, a link to a person or a browser, or columns of an import."""
    author = sa.select(CommentAuthor.participation_id).where(CommentAuthor.participation_id == Participation.id)
    links = [getattr(Participation, name).is_not(None) for name in LINKS]
    return (
        sa.select(Comment.id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == consultation, sa.or_(author.exists(), Comment.attributes != {}, *links))
    )


def erase_batch(consultation_id: int) -> int:
    """Forget who wrote up to 500 comments of a consultation; returns how many, 0 when none is left."""
    with writing() as session:
        consultation = session.get_one(Consultation, consultation_id)
        found = session.scalars(_telling(consultation_id).order_by(Comment.id).limit(BATCH)).all()
        if not found:
            return 0
        written = sa.select(Comment.participation_id).where(Comment.id.in_(found))
        session.execute(sa.delete(CommentAuthor).where(CommentAuthor.participation_id.in_(written)))
        session.execute(sa.update(Comment).where(Comment.id.in_(found)).values(attributes={}))
        session.execute(
            sa.update(Participation)
            .where(Participation.id.in_(written))
            .values(**dict.fromkeys(LINKS))
            .execution_options(synchronize_session=False)
        )
        chain.record(session, "consultation.authors_erased", "system", gate.subject(consultation), comments=len(found))
        return len(found)
