"""Reads for residents: the consultation at an address with its draft."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.db import db
from civic.refusals import NotFound
from consultations.comments.models import Consultation


def consultation_for_residents(slug: str) -> Consultation:
    """The approved consultation at this address; raises NotFound, for drafts too."""
    found = db.session.scalar(
        sa.select(Consultation)
        .options(joinedload(Consultation.department), joinedload(Consultation.project))
        .where(Consultation.slug == slug)
    )
    if found is None or found.approved_at is None:
        raise NotFound
    return found
