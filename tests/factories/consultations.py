"""Consultations in any state, with comments by any channel, made through the same acts as in life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from civic import clock
from civic.activities import actions as activities
from civic.activities import ledger
from civic.activities.states import Channel, Confidentiality, State
from civic.db import db, writing
from civic.keys import keys
from consultations.comments import recording
from consultations.comments.drafting.actions import NoticeSettings, create_consultation, save_draft
from consultations.comments.models import Comment, Consultation
from consultations.comments.recording import Written
from consultations.comments.rules import Category, Exemption, Rule
from tests.cast import Cast
from tests.factories.surveys import actor, settings, text

PLAN = """# 第1章 計画の目的

この計画は、だれもが歩いて出かけられるまちをつくるためのものです。

# 第2章 5年間で取り組むこと

平日の昼に、予約して乗るバスを3地区で始めます。

最終バスを30分遅くします。

停留所8か所に屋根とベンチをつけます。

# 第3章 費用と財源

5年間の費用は4億円で、国の補助金を使います。
"""

RULE = Rule(
    name=text("みなと野市意見公募手続要綱"),
    number="令和3年告示第12号",
    checked_on=date(2026, 11, 1),
    categories=(
        Category("lives", text("市内に住んでいる")),
        Category("works", text("市内で働いている"), text("勤務先")),
    ),
    channels=(Channel.WEB, Channel.COUNTER, Channel.POST, Channel.FAX, Channel.MAIL),
    exemptions=(Exemption("urgent", text("緊急に定める必要がある")), Exemption("minor", text("軽微な変更である"))),
    clauses={"minimum_days": "第6条第2項", "categories": "第2条第3号"},
)


def notice(**changes: Any) -> NoticeSettings:
    """Everything the notice of a consultation needs."""
    ready = NoticeSettings(
        rule=RULE,
        basis=text("地域公共交通の活性化及び再生に関する法律 第5条"),
        digest=text("昼は予約して乗るバスにします。\n最終バスを遅くします。"),
    )
    return replace(ready, **changes)


def make_consultation(
    cast: Cast,
    state: State = State.OPEN,
    slug: str = "transport-plan",
    plan: str = PLAN,
    notice_changes: dict[str, Any] | None = None,
    **changes: Any,
) -> Consultation:
    """A consultation of the planning department on `plan`, in `state`; `changes` are ActivitySettings.

    ANSWERED is not made here: an answer is published through `consultations.comments.publishing`.
    """
    now = clock.now()
    editor, approver = actor(cast.editor), actor(cast.approver)
    over = state in (State.ENDED, State.CLOSED)
    times = {
        "starts_at": now + timedelta(days=1) if state is State.SCHEDULED else now - timedelta(days=40 if over else 3),
        "ends_at": now - timedelta(days=1) if over else now + timedelta(days=40),
    }
    ready = {
        "title": text("地域公共交通計画(案)"),
        "channels": tuple(RULE.channels),
        "confidentiality": Confidentiality.NAMED,
        **times,
        **changes,
    }
    project = activities.create_project(f"project-{slug}", cast.department(), text("交通"), text("交通"), editor)
    made = create_consultation(
        editor,
        project_id=project,
        slug=slug,
        settings=settings(now, **ready),
        notice=notice(**(notice_changes or {})),
        at=now,
    )
    save_draft(made, plan, "", revision_of(made), editor, now)
    if state is not State.DRAFT:
        before = times["starts_at"] - timedelta(days=1)
        activities.submit(made, revision_of(made), editor, before)
        if state is not State.IN_APPROVAL:
            activities.approve(made, revision_of(made), approver, before)
        if state not in (State.IN_APPROVAL, State.SCHEDULED):
            activities.set_due_latches(made, times["starts_at"])
    db.session.rollback()
    return db.session.get_one(Consultation, made)


def comment(
    consultation: Consultation, bodies: Sequence[str], channel: Channel = Channel.WEB, **written: Any
) -> list[int]:
    """Let people comment, one after the other, while the period runs; the ids of their comments."""
    at = min(clock.now(), (consultation.ends_at or clock.now()) - timedelta(hours=1))
    made = []
    for start in range(0, len(bodies), 500):
        with writing() as session:
            for body in bodies[start : start + 500]:
                recorded = ledger.take_part(
                    session, keys(), consultation.id, subject=None, channel=channel, submission=None, at=at
                )
                kept = recording.store(
                    session,
                    session.get_one(Consultation, consultation.id),
                    recorded.participation,
                    Written(body, version=1, **written),
                )
                made.append(kept.id)
    db.session.rollback()
    return made


def end(consultation: Consultation, cast: Cast, *, close: bool = True) -> None:
    """Let the period of an open consultation be over, and close it for good."""
    with writing() as session:
        row = session.get_one(Consultation, consultation.id)
        row.ends_at = clock.now() - timedelta(seconds=1)
    activities.set_due_latches(consultation.id, clock.now())
    if close:
        activities.close(consultation.id, actor(cast.editor), clock.now())
    db.session.rollback()


def ended_with(cast: Cast, bodies: Sequence[str], *, close: bool = True, **changes: Any) -> Consultation:
    """A consultation that these comments came to and that is over."""
    consultation = make_consultation(cast, **changes)
    comment(consultation, bodies)
    end(consultation, cast, close=close)
    return db.session.get_one(Consultation, consultation.id)


def comments_of(consultation: Consultation) -> list[Comment]:
    """Its comments in the order of their numbers."""
    db.session.rollback()
    return list(db.session.query(Comment).filter_by(consultation_id=consultation.id).order_by(Comment.number))


def revision_of(consultation_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Consultation, consultation_id).revision
