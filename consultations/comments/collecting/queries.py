"""Reads for bringing comments in: the consultation, the passages its draft has, which rows came before."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from civic.activities.states import Channel
from civic.db import db
from civic.identity import access
from civic.refusals import NotFound
from consultations.comments.collecting.places import Places, places
from consultations.comments.models import Comment, Consultation, DraftVersion, Passage


def consultation_at(slug: str) -> Consultation:
    """The consultation at an address; raises NotFound."""
    found = db.session.scalar(
        sa.select(Consultation).options(joinedload(Consultation.project)).where(Consultation.slug == slug)
    )
    if found is None:
        raise NotFound
    return found


def consultation_to_collect_for(slug: str) -> Consultation:
    """The consultation, if the signed-in account may bring in comments for its department."""
    found = consultation_at(slug)
    access.require("consultation.collect", found.department_id)
    return found


def places_of(consultation: Consultation) -> Places:
    """The passages of the draft that is being consulted on; none where none was written."""
    version = sa.select(DraftVersion.id).where(
        DraftVersion.consultation_id == consultation.id, DraftVersion.number == (consultation.current_version or 0)
    )
    rows = db.session.execute(
        sa.select(Passage.anchor, Passage.label)
        .where(Passage.version_id == version.scalar_subquery())
        .order_by(Passage.position)
    )
    return places((anchor, label) for anchor, label in rows)


def stored_keys(session: Session, consultation_id: int, channel: Channel, keys: Sequence[str]) -> set[str]:
    """Which of these row keys came by this channel before."""
    found = session.scalars(
        sa.select(Comment.row_key).where(
            Comment.consultation_id == consultation_id, Comment.channel == channel, Comment.row_key.in_(keys)
        )
    )
    return {key for key in found if key is not None}
