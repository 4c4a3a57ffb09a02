"""Looking at who wrote a comment: each look is recorded with its reason, never with the name."""

import sqlalchemy as sa

from civic.audit import chain
from civic.audit.models import AuditRecord
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound
from consultations.comments.desk import splitting
from consultations.comments.desk.refusals import ReasonNeeded
from consultations.comments.models import Comment, Consultation


def look_at_author(comment_id: int, reason: str, actor: Actor) -> int:
    """Record that somebody looks at a comment's author; the record's number opens it for two minutes. ReasonNeeded."""
    why = reason.strip()
    if not why:
        raise ReasonNeeded
    with writing() as session:
        comment = session.get(Comment, comment_id)
        if comment is None:
            raise NotFound
        consultation = session.get_one(Consultation, comment.consultation_id)
        about = splitting.subject(consultation, comment.number)
        chain.record(session, "comment.author_read", actor.label, about, comment=comment.number, reason=why)
        return session.scalars(sa.select(sa.func.max(AuditRecord.id)).where(AuditRecord.subject == about)).one()
