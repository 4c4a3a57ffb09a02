"""The result made ready outside of the transaction that publishes it: ten thousand comments are checked, counted and hashed
while everybody else may write. The transaction itself asks only whether anything has moved since, and stores one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities.models import Activity, Participation, TextReview
from civic.db import db
from civic.identity.accounts import Actor
from civic.jobs.queue import enqueue
from civic.messages import Message
from civic.opendata.models import RELEASE_JOB
from civic.refusals import StaleVersion
from consultations.comments.models import Comment, Consultation, OpinionGroup, OpinionItem
from consultations.comments.publishing import checking, document
from consultations.comments.publishing.actions import Finished, finished, keep_edition

Sums = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Ready:
    """What stands against publication, else the finished edition; `seen` are the rows both were made of, summed up."""

    problems: Sequence[Message]
    edition: Finished | None
    seen: Sums

    def keep(self, session: Session, activity: Activity, actor: Actor, at: datetime) -> None:
        """Store the edition and let its open data follow, with the gate held. Raises StaleVersion where a row moved."""
        consultation = session.get_one(Consultation, activity.id)
        if self.edition is None or sums_of(session, consultation) != self.seen:
            raise StaleVersion
        keep_edition(session, consultation, self.edition, {}, consultation.last_editor_id, actor, at)
        enqueue(session, RELEASE_JOB, {"activity": activity.id}, key=f"release:{activity.id}:answered")


def prepare(activity: Activity, at: datetime) -> Ready:
    """Check the result and make its first edition, as published at `at`; reads only. The kind's hook.

    The rows are summed up first: whatever changes while they are read is noticed in the end.
    """
    one = db.session.get_one(Consultation, activity.id, populate_existing=True)
    seen = sums_of(db.session, one)
    problems = checking.answer_problems(one)
    return Ready(problems, None if problems else finished(document.build(one, at)), seen)


def sums_of(session: Session, one: Consultation) -> Sums:
    """The rows of a result in four statements that read no text: equal before and after unless one of them moved.

    A comment's words never change, and a decision about its masks holds for exactly these words: what was seen stays
    seen. An edit of the result counts the activity's revision, one of an answer that of its group.
    """
    states = (
        sa.select(Participation.state, sa.func.count(), sa.func.sum(Comment.id))
        .join(Comment, Comment.participation_id == Participation.id)
        .where(Comment.consultation_id == one.id)
        .group_by(Participation.state)
        .order_by(Participation.state)
    )
    items = sa.select(
        sa.func.count(),
        sa.func.sum(OpinionItem.id),
        sa.func.count(OpinionItem.group_id),
        sa.func.sum(OpinionItem.group_id),
    ).where(OpinionItem.consultation_id == one.id)
    groups = sa.select(sa.func.count(), sa.func.sum(OpinionGroup.revision), sa.func.sum(OpinionGroup.position)).where(
        OpinionGroup.consultation_id == one.id
    )
    reviews = sa.select(sa.func.count()).where(TextReview.activity_id == one.id)
    found = [row for which in (states, items, groups, reviews) for row in session.execute(which)]
    return ((one.revision,), *(tuple(row) for row in found))
