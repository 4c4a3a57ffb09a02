"""The reads every page of this room begins with."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.db import db
from civic.identity import access
from civic.identity.models import Register
from civic.refusals import NotFound
from consultations.votes.models import Vote


def _vote(slug: str) -> Vote | None:
    return db.session.scalar(
        sa.select(Vote).options(joinedload(Vote.project), joinedload(Vote.department)).where(Vote.slug == slug)
    )


def vote_at(slug: str) -> Vote:
    """The vote at this address for the operator; raises NotFound."""
    db.session.rollback()
    found = _vote(slug)
    if found is None:
        raise NotFound
    return found


def register_name(register_id: int) -> str:
    return db.session.get_one(Register, register_id).name


def vote_for(slug: str, permission: str) -> Vote:
    """The vote, if the signed-in account holds `permission` in its department; NotFound, NotAllowed otherwise."""
    found = _vote(slug)
    if found is None:
        raise NotFound
    access.require(permission, found.department_id)
    return found


def vote_for_residents(slug: str) -> Vote:
    """The approved vote at this address; raises NotFound, for drafts too."""
    found = _vote(slug)
    if found is None or found.approved_at is None:
        raise NotFound
    return found
