"""The read every staff page of this room begins with."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.db import db
from civic.identity import access
from civic.refusals import NotFound
from consultations.comments.models import Consultation


def consultation_for(slug: str, permission: str) -> Consultation:
    """The consultation, if the signed-in account holds `permission` in its department; NotFound, NotAllowed otherwise."""
    found = db.session.scalar(
        sa.select(Consultation)
        .options(joinedload(Consultation.project), joinedload(Consultation.department))
        .where(Consultation.slug == slug)
    )
    if found is None:
        raise NotFound
    access.require(permission, found.department_id)
    return found
