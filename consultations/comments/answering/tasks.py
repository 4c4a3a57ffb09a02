"""今日の仕事: inquiries to answer, answers to approve, answers sent back, by what the person may do where."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from civic.db import db
from civic.features import Task
from civic.identity import access
from civic.identity.accounts import Account
from civic.messages import N_, Message
from consultations.comments.models import Consultation, Inquiry, OpinionGroup
from consultations.comments.stages import Stage

WAITING = (Stage.ASKED, Stage.DRAFTED, Stage.IN_APPROVAL)


def tasks(account: Account) -> Sequence[Task]:
    """What of the answers waits for `account`."""
    if not (access.may("response.draft") or access.may("response.approve")):
        return []
    rows = db.session.execute(
        sa.select(OpinionGroup, Consultation, Inquiry.due_on)
        .join(Consultation, Consultation.id == OpinionGroup.consultation_id)
        .outerjoin(Inquiry, sa.and_(Inquiry.group_id == OpinionGroup.id, Inquiry.settled_at.is_(None)))
        .options(joinedload(OpinionGroup.department))
        .where(OpinionGroup.stage.in_(WAITING), Consultation.answered_at.is_(None), Consultation.withdrawn_at.is_(None))
        .order_by(OpinionGroup.id)
    )
    return [task for row in rows for task in _of(*row, account)]


def _of(group: OpinionGroup, consultation: Consultation, due_on: date | None, account: Account) -> Iterator[Task]:
    own, asked = consultation.department_id, group.department_id
    if group.stage is Stage.ASKED and asked is not None and access.may("response.draft", asked):
        yield _task(N_("Answer the inquiry: %(title)s"), group, consultation, "group", N_("Write the draft"), due_on)
    if group.stage is Stage.DRAFTED and group.returned_note and access.may("response.draft", asked or own):
        yield _task(N_("Sent back: %(title)s"), group, consultation, "group", N_("Read the note"), None)
    second = account.id not in (group.author_id, group.last_editor_id)
    if group.stage is Stage.IN_APPROVAL and second and access.may("response.approve", own):
        yield _task(
            N_("Approve the answer: %(title)s"),
            group,
            consultation,
            "decide",
            N_("Look and approve"),
            consultation.answer_due,
        )


def _task(
    sentence: str, group: OpinionGroup, consultation: Consultation, page: str, button: str, due: date | None
) -> Task:
    address: Any = url_for(f"consultations_answering.{page}", slug=consultation.slug, number=group.number)
    return Task(
        title=Message(sentence, {"title": group.title}),
        detail=consultation.title["ja"],
        address=address,
        button=Message(button),
        due=due,
        department_id=group.department_id or consultation.department_id,
    )
