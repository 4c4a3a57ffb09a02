"""Consultations in any state, with comments by any channel, made through the same acts as in life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities import ledger, reviews
from civic.activities.states import Channel, Confidentiality, ParticipationState, State
from civic.db import db, writing
from civic.keys import keys
from consultations.comments import recording, sources
from consultations.comments.answering import actions as answering
from consultations.comments.answering.actions import Answer
from consultations.comments.drafting.actions import NoticeSettings, create_consultation, save_draft
from consultations.comments.models import Comment, Consultation, OpinionGroup, OpinionItem
from consultations.comments.publishing import actions as publishing
from consultations.comments.publishing.actions import Correction, Result
from consultations.comments.recording import Written
from consultations.comments.rules import Category, Exemption, Rule
from consultations.comments.stages import Decision, Origin, Outcome
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
        "title": text(
            "地域公共交通計画(案)"
            if slug in ("plan", "transport-plan", "answered-plan")
            else f"地域公共交通計画(案) {slug}"
        ),
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


def open_now(consultation: Consultation, cast: Cast) -> None:
    """Let a draft that was prepared further open at its start."""
    row = db.session.get_one(Consultation, consultation.id)
    assert row.starts_at is not None
    starts, before, revision = row.starts_at, row.starts_at - timedelta(days=1), revision_of(consultation.id)
    activities.submit(consultation.id, revision, actor(cast.editor), before)
    activities.approve(consultation.id, revision, actor(cast.approver), before)
    activities.set_due_latches(consultation.id, starts)
    db.session.rollback()


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


def group_of(consultation: Consultation, title: str, item_ids: Sequence[int]) -> OpinionGroup:
    """A group of these opinion items, not answered yet."""
    with writing() as session:
        row = session.get_one(Consultation, consultation.id)
        row.last_group += 1
        made = OpinionGroup(
            consultation_id=row.id,
            number=row.last_group,
            position=row.last_group,
            title=title,
            origin=Origin.PERSON,
        )
        session.add(made)
        session.flush()
        session.execute(sa.update(OpinionItem).where(OpinionItem.id.in_(item_ids)).values(group_id=made.id))
        made_id = made.id
    db.session.rollback()
    return db.session.get_one(OpinionGroup, made_id)


def answered_group(
    consultation: Consultation,
    cast: Cast,
    title: str,
    item_ids: Sequence[int],
    outcome: Outcome = Outcome.LATER,
    words: str = "ご意見は、今後の参考にします。",
    gist: dict[str, str] | None = None,
) -> OpinionGroup:
    """A group of these opinion items, answered by the editor and approved by a second person."""
    group = group_of(consultation, title, item_ids)
    editor, approver, now = actor(cast.editor), actor(cast.approver), clock.now()
    revision = answering.save_answer(group.id, Answer(gist or {}, text(words), outcome), group.revision, editor, now)
    answering.hand_in(group.id, revision, editor)
    answering.approve(group.id, revision + 1, approver, now)
    db.session.rollback()
    return db.session.get_one(OpinionGroup, group.id)


def items_of(consultation: Consultation, *numbers: int) -> list[int]:
    """The ids of the opinion items of the comments with these numbers; of all of them without any."""
    return [item.id for one in comments_of(consultation) if not numbers or one.number in numbers for item in one.items]


def confirm_all(consultation: Consultation, cast: Cast, masks: dict[int, list[tuple[int, int]]] | None = None) -> None:
    """Let a person confirm every comment; `masks` by comment number."""
    verdicts = [
        reviews.Verdict(sources.ref_of(consultation.slug, one.id), one.body, tuple((masks or {}).get(one.number, ())))
        for one in comments_of(consultation)
    ]
    reviews.review_texts(consultation.id, verdicts, actor(cast.moderator))
    db.session.rollback()


def comment_late(
    consultation: Consultation, body: str, state: ParticipationState = ParticipationState.LATE, **written: Any
) -> Comment:
    """A letter that reached the city after the period."""
    with writing() as session:
        session.get_one(Consultation, consultation.id).closed_at = None
    (made,) = comment(consultation, [body], Channel.POST, **written)
    with writing() as session:
        session.get_one(Comment, made).participation.state = state
        session.get_one(Consultation, consultation.id).closed_at = clock.now()
    db.session.rollback()
    return db.session.get_one(Comment, made)


def write_result(
    consultation: Consultation, cast: Cast, decision: Decision = Decision.UNCHANGED, final: str = "", **texts: str
) -> None:
    """The editor writes what was decided, why, and the answer as a whole."""
    result = Result(
        decision,
        text(texts.get("reason", "ご意見を検討し、このように決めました。")),
        text(texts.get("answer", "ご意見をありがとうございました。いただいた意見のすべてにお答えします。")),
        final,
    )
    publishing.save_result(consultation.id, result, revision_of(consultation.id), actor(cast.editor), clock.now())
    db.session.rollback()


def publish(consultation: Consultation, cast: Cast, at: datetime | None = None) -> Consultation:
    """A second person publishes the result."""
    activities.publish_answer(consultation.id, revision_of(consultation.id), actor(cast.approver), at or clock.now())
    db.session.rollback()
    return db.session.get_one(Consultation, consultation.id)


def correction(words: str, note: str, edition: int = 1, **others: Any) -> Correction:
    """What an erratum of an answer says: its words in Japanese, why, and what else is corrected."""
    return Correction({"answer": text(words), **others}, text(note), edition)


OPINIONS = (
    "最終バスを遅くしてください。停留所に屋根もほしいです。",
    "予約が電話だけだと使えません。",
    "停留所にベンチをつけてください。",
    "ペットも乗れるようにしてください。",
)
CHANGED_PLAN = PLAN.replace("30分遅くします", "60分遅くし、土日も運行します")


def answered_consultation(cast: Cast, slug: str = "answered-plan", **changes: Any) -> Consultation:
    """A consultation with four comments, three answers and a changed plan, published."""
    made = ended_with(cast, OPINIONS, slug=slug, **changes)
    answered_group(made, cast, "最終バスを遅くする", items_of(made, 1), Outcome.ADOPTED, "計画を直しました。")
    answered_group(
        made, cast, "予約のしかたとベンチ", items_of(made, 2, 3), gist=text("予約とベンチを使いやすくしてほしい。")
    )
    answered_group(made, cast, "ペット", items_of(made, 4), Outcome.NOT_ADOPTED, "車内が狭いため、見送ります。")
    confirm_all(made, cast)
    write_result(made, cast, Decision.CHANGED, CHANGED_PLAN)
    return publish(made, cast)
