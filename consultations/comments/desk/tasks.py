"""今日の仕事: opinions that wait to be sorted after the close."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from flask import url_for

from civic.activities.models import Participation, Texts
from civic.db import db
from civic.features import Task
from civic.identity import access
from civic.identity.accounts import Account
from civic.identity.models import Department
from civic.messages import N_, Message
from consultations.comments.desk.queries import COUNTED
from consultations.comments.models import Comment, Consultation, OpinionItem


class Waiting(NamedTuple):
    """A closed consultation with opinions in no group."""

    slug: str
    title: Texts
    department_id: int
    department: Texts
    due: date | None
    items: int


def tasks(account: Account) -> Sequence[Task]:
    """Closed consultations whose opinions lie in no group yet, for those who may sort in their department."""
    return [
        Task(
            title=Message(N_("Sort the opinions: %(title)s (%(count)s)"), {"title": one.title, "count": one.items}),
            detail=one.department["ja"],
            address=url_for("consultations_desk.groups", slug=one.slug),
            button=Message(N_("Sort them")),
            due=one.due,
            department_id=one.department_id,
        )
        for one in waiting(access.departments("opinion.sort"))
    ]


def waiting(departments: frozenset[int] | None) -> list[Waiting]:
    """The consultations of these departments (None: of all) with what waits; one statement."""
    ungrouped = (
        sa.select(OpinionItem.consultation_id, sa.func.count().label("waiting"))
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(COUNTED, OpinionItem.group_id.is_(None))
        .group_by(OpinionItem.consultation_id)
        .subquery()
    )
    statement = (
        sa.select(
            Consultation.slug,
            Consultation.title,
            Consultation.department_id,
            Department.name,
            Consultation.answer_due,
            ungrouped.c.waiting,
        )
        .join(Department, Department.id == Consultation.department_id)
        .join(ungrouped, ungrouped.c.consultation_id == Consultation.id)
        .where(Consultation.closed_at.is_not(None), Consultation.answered_at.is_(None))
        .where(Consultation.withdrawn_at.is_(None))
        .order_by(Consultation.id)
    )
    if departments is not None:
        statement = statement.where(Consultation.department_id.in_(departments))
    return [Waiting(*row) for row in db.session.execute(statement)]
