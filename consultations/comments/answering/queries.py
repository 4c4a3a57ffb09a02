"""What the pages of answering need: who owes what by when, and one group with its opinions and its answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from civic import paging
from civic.activities import desk
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db
from civic.identity import access
from civic.identity.models import Department
from civic.refusals import NotFound
from consultations.comments.desk import queries as sorting
from consultations.comments.models import Comment, Consultation, Inquiry, OpinionGroup, OpinionItem
from consultations.comments.queries import consultation_for
from consultations.comments.stages import Stage

PAGE = 50
LENT = frozenset({"response.read", "response.draft"})
"""What the department asked about a group may do with that group."""


@dataclass(frozen=True)
class Owed:
    """One line of the board: a group, how many opinions it has, and what its department still owes."""

    group: OpinionGroup
    items: int
    due_on: date | None

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.group.stage is Stage.ASKED and self.due_on < today


@dataclass(frozen=True)
class Board:
    """Who owes what by when (照会の進み具合): what is asked first, soonest first, a page at a time.

    `stages` counts all groups, `found` those of the chosen stage.
    """

    consultation: Consultation
    rows: Sequence[Owed]
    stages: Mapping[Stage, int]
    ungrouped: int
    found: int
    page: int

    @property
    def pages(self) -> int:
        return paging.pages(self.found, PAGE)


def board(slug: str, stage: Stage | None = None, page: int = 1) -> Board:
    """One page of the board of a consultation, or of one stage; the last one beyond it. NotFound, NotAllowed."""
    consultation = consultation_for(slug, "response.read")
    groups = db.session.scalars(
        sa.select(OpinionGroup)
        .options(joinedload(OpinionGroup.department), defer(OpinionGroup.gist), defer(OpinionGroup.answer))
        .where(OpinionGroup.consultation_id == consultation.id)
    ).all()
    counts = sorting.counts_by_group(consultation.id)
    due = dict(
        db.session.execute(
            sa.select(Inquiry.group_id, Inquiry.due_on)
            .join(OpinionGroup, OpinionGroup.id == Inquiry.group_id)
            .where(OpinionGroup.consultation_id == consultation.id, Inquiry.settled_at.is_(None))
        ).all()
    )
    rows = [Owed(one, counts[one.id].items, due.get(one.id)) for one in groups if stage in (None, one.stage)]
    rows.sort(key=lambda row: (row.due_on or date.max, row.group.position, row.group.number))
    page = paging.within(page, len(rows), PAGE)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    return Board(consultation, shown, Counter(one.stage for one in groups), counts[None].items, len(rows), page)


@dataclass(frozen=True)
class Opinion:
    """One opinion item as staff read it: the words of its span, where it came from, how many posts say the same."""

    number: int
    channel: Channel
    language: str
    words: str
    is_part: bool
    copies: int


@dataclass(frozen=True)
class GroupPage:
    """One group with its opinions, a page at a time, and how its answer stands."""

    consultation: Consultation
    group: OpinionGroup
    opinions: Sequence[Opinion]
    items: int
    texts: int
    page: int
    inquiry: Inquiry | None
    people: Mapping[int, str]
    may_draft: bool
    may_ask: bool
    may_approve: bool

    @property
    def pages(self) -> int:
        return paging.pages(self.texts, PAGE)


def group_page(slug: str, number: int, permission: str, page: int = 1) -> GroupPage:
    """One group, for the department of the consultation or the one asked about it. NotFound, NotAllowed."""
    consultation, group = group_for(slug, number, permission)
    asked = db.session.scalar(
        sa.select(Inquiry)
        .options(joinedload(Inquiry.department))
        .where(Inquiry.group_id == group.id)
        .order_by(Inquiry.id.desc())
        .limit(1)
    )
    lying = sorting.counts_in(group)
    page = paging.within(page, lying.texts, PAGE)
    return GroupPage(
        consultation,
        group,
        opinions(group.id, page),
        lying.items,
        lying.texts,
        page,
        asked,
        desk.names(group.author_id, group.last_editor_id, group.approved_by_id, asked.asked_by_id if asked else None),
        may_draft=_may("response.draft", consultation, group),
        may_ask=access.may("response.ask", consultation.department_id),
        may_approve=access.may("response.approve", consultation.department_id),
    )


def group_for(slug: str, number: int, permission: str) -> tuple[Consultation, OpinionGroup]:
    """The group at this address; whoever is asked about it may read and draft as the own department does."""
    row = db.session.execute(
        sa.select(Consultation, OpinionGroup)
        .join(OpinionGroup, OpinionGroup.consultation_id == Consultation.id)
        .options(joinedload(OpinionGroup.department), joinedload(Consultation.project))
        .where(Consultation.slug == slug, OpinionGroup.number == number)
    ).one_or_none()
    if row is None:
        raise NotFound
    consultation, group = row
    department = consultation.department_id
    if permission in LENT and group.department_id is not None and access.may(permission, group.department_id):
        department = group.department_id
    access.require(permission, department)
    return consultation, group


def _may(permission: str, consultation: Consultation, group: OpinionGroup) -> bool:
    departments = {consultation.department_id, group.department_id or consultation.department_id}
    return any(access.may(permission, one) for one in departments)


def opinions(group_id: int, page: int) -> list[Opinion]:
    """One page of a group's opinions in the order of their comments; copies of one text stand once, with their count."""
    first = (
        sa.select(sa.func.min(OpinionItem.id).label("id"), sa.func.count().label("copies"))
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(OpinionItem.group_id == group_id, Participation.state == ParticipationState.COUNTED)
        .group_by(sorting.same())
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            Comment.number,
            Comment.channel,
            Comment.language,
            Comment.body,
            OpinionItem.start,
            OpinionItem.stop,
            first.c.copies,
        )
        .join(OpinionItem, OpinionItem.comment_id == Comment.id)
        .join(first, first.c.id == OpinionItem.id)
        .order_by(Comment.number, OpinionItem.start)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [
        Opinion(
            number=row.number,
            channel=row.channel,
            language=row.language,
            words=row.body[row.start : row.stop],
            is_part=row.stop - row.start < len(row.body),
            copies=row.copies,
        )
        for row in rows
    ]


def departments_to_ask() -> list[tuple[int, Mapping[str, str]]]:
    """Every department: an inquiry may go to any of them."""
    return list(db.session.execute(sa.select(Department.id, Department.name).order_by(Department.code)).all())
