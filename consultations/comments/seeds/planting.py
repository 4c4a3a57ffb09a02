"""Taking a written consultation through its life, up to its state, by the acts of staff and residents.

What acts take as `at` lies in the past for one that has opened already; what they read from the clock is the present.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities import ledger, reviews, visitor
from civic.activities.reviews import Verdict
from civic.activities.rules import state_of
from civic.activities.states import Channel, State
from civic.db import db
from civic.identity import seeds as people
from civic.identity.accounts import Actor
from consultations.comments import rules, sources
from consultations.comments.answering import actions as answering
from consultations.comments.collecting import actions as collecting
from consultations.comments.commenting import actions as commenting
from consultations.comments.desk import actions as desk
from consultations.comments.desk import splitting
from consultations.comments.desk.piles import Pile
from consultations.comments.drafting import actions as drafting
from consultations.comments.models import Comment, Consultation, DraftVersion, OpinionGroup, OpinionItem, Passage
from consultations.comments.publishing import actions as publishing
from consultations.comments.recording import Author
from consultations.comments.recording import Written as Words
from consultations.comments.seeds.content import Written, channel_of
from consultations.comments.stages import Decision, Outcome, Stance

APPROVER, MODERATOR = "demo-approver", "demo-moderator"
SUBMITTED_BEFORE, APPROVED_BEFORE = timedelta(days=9), timedelta(days=6)
CLOSED_AFTER = timedelta(days=4)
OPENED = frozenset({State.OPEN, State.ENDED, State.CLOSED, State.ANSWERED, State.WITHDRAWN})
OVER = frozenset({State.ENDED, State.CLOSED, State.ANSWERED})
WITHDRAWN_REASON = {
    "ja": "案の数字に誤りがあったため取り下げました。直した案で、改めて意見を募集します。",
    "ja-easy": "{計画/けいかく}の {数字/すうじ}に まちがいが ありました。{直/なお}して、もう{一度/いちど} {聞/き}きます。",
    "en": "A figure in the draft was wrong, so we withdrew it. We will ask again with a corrected draft.",
}


@dataclass(frozen=True)
class Planted:
    """A consultation as it stands now, with some receipt numbers and the numbers of its groups and comments."""

    id: int
    slug: str
    state: str
    receipts: tuple[str, ...]
    groups: tuple[int, ...] = ()


def plant(written: Written, project_id: int, rule: rules.Rule) -> Planted:
    """Write, approve, open, fill, sort, answer and publish, as far as its state asks."""
    now = clock.now()
    today = clock.day_in_japan(now)
    editor = people.actor(written.content["editor"])
    made = drafting.create_consultation(
        editor,
        project_id=project_id,
        slug=written.slug,
        settings=written.settings(today, rule),
        notice=written.notice(rule),
        at=now,
    )
    drafting.save_draft(made, written.plan, "", revision(made), editor, now)
    receipts: list[str] = []
    if written.state is not State.DRAFT:
        hand_in(made, written, editor, now)
    if written.state in OPENED:
        activities.set_due_latches(made, written.starts_at(today))
        receipts = [take_part(made, one, at, editor, rule) for one, at in arriving(written, now)]
        review(made, written.content.get("reviewed"))
    if written.state in OVER:
        finish(made, written, editor, now)
    if written.state is State.WITHDRAWN:
        activities.withdraw(made, WITHDRAWN_REASON, people.actor(APPROVER), now)
    return planted(made, receipts)


def hand_in(made: int, written: Written, editor: Actor, now: datetime) -> None:
    """Submit for approval, and let the second person approve, before the period begins."""
    start = written.starts_at(clock.day_in_japan(now))
    activities.submit(made, revision(made), editor, min(now, start - SUBMITTED_BEFORE))
    if written.state is not State.IN_APPROVAL:
        activities.approve(made, revision(made), people.actor(APPROVER), min(now, start - APPROVED_BEFORE))


def arriving(written: Written, now: datetime) -> Iterator[tuple[Mapping[str, Any], datetime]]:
    """Every comment with a moment at which it comes, spread over the period up to now."""
    today = clock.day_in_japan(now)
    first, last = written.starts_at(today), min(now, written.ends_at(today))
    step = (last - first) / (len(written.comments) + 1)
    for place, one in enumerate(written.comments, start=1):
        yield one, first + step * place


def take_part(made: int, one: Mapping[str, Any], at: datetime, editor: Actor, rule: rules.Rule) -> str:
    """Let a person comment, on the web or by a way that staff key; the receipt number."""
    words = Words(
        body=one["text"],
        passage=anchor(made, one["place"]) if "place" in one else None,
        version=1,
        stance=Stance(one["stance"]) if "stance" in one else None,
        category="lives" if rule.categories else None,
        author=Author(name="見本"),
        language=one.get("language", "ja"),
    )
    channel = channel_of(one)
    if channel is not Channel.WEB:
        keyed = collecting.Keyed(channel, clock.day_in_japan(at), None, words, ledger.new_submission_key())
        return collecting.key_comment(made, keyed, editor, at).participation.receipt or ""
    key = ledger.new_submission_key()
    submission = commenting.submission_of(key, {"body": words.body}, visitor.new_cookie())
    return commenting.send(made, commenting.Sending(words, submission, None, language=words.language), at)


def anchor(made: int, label: str) -> str:
    """The anchor of the passage with this label in the version consulted on."""
    return db.session.scalars(
        sa.select(Passage.anchor)
        .join(DraftVersion, DraftVersion.id == Passage.version_id)
        .where(DraftVersion.consultation_id == made, DraftVersion.number == 1, Passage.label == label)
    ).one()


def review(made: int, count: int | None = None) -> None:
    """Let the moderator read the first `count` comments (all without one): nothing in them needs a mask."""
    consultation = db.session.get_one(Consultation, made)
    verdicts = [Verdict(text.ref, text.text, ()) for text in sources.texts(consultation)][:count]
    db.session.rollback()
    reviews.review_texts(made, verdicts, people.actor(MODERATOR))


def finish(made: int, written: Written, editor: Actor, now: datetime) -> None:
    """Let the period be over; close some days later, then sort, answer and publish where the state asks for it."""
    end = written.ends_at(clock.day_in_japan(now))
    activities.set_due_latches(made, end)
    if written.state is State.ENDED:
        return
    activities.close(made, editor, min(now, end + CLOSED_AFTER))
    if written.state is State.ANSWERED:
        sort(made, written, editor, now)
        answer(made, written, editor, now)
        publish(made, written, editor, now)


def sort(made: int, written: Written, editor: Actor, now: datetime) -> None:
    """Split the comments that make several points, and put the items into their groups."""
    held: dict[str, list[Pile]] = {group["code"]: [] for group in written.content["groups"]}
    for row, one in zip(comments_of(made), written.comments, strict=True):
        parts = one.get("parts", [])
        if parts:
            spans = [span for first, last, _group in parts if (span := rules.span_of_phrases(row.body, first, last))]
            splitting.split_comment(row.id, spans, piles_of(row.id), editor, now)
        groups = [group for *_phrases, group in parts] or one["groups"]
        for pile, group in zip(piles_of(row.id), groups, strict=True):
            held[group].append(pile)
    for group in written.content["groups"]:
        desk.create_group(made, group["title"]["ja"], held[group["code"]], editor, now)


def comments_of(made: int) -> Sequence[Comment]:
    db.session.rollback()
    return db.session.scalars(sa.select(Comment).where(Comment.consultation_id == made).order_by(Comment.number)).all()


def piles_of(comment_id: int) -> list[Pile]:
    """The items of a comment as a clerk sees them, in no group yet."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OpinionItem.id, OpinionItem.start, OpinionItem.stop)
        .where(OpinionItem.comment_id == comment_id)
        .order_by(OpinionItem.start)
    )
    return [Pile(row.id, comment_id, row.start, row.stop, last=row.id) for row in rows]


def answer(made: int, written: Written, editor: Actor, now: datetime) -> None:
    """Write the city's answer to every group, hand it in, and let the approver approve it."""
    for (row, seen), group in zip(groups_of(made), written.content["groups"], strict=True):
        words = answering.Answer(group.get("gist", {}), group["answer"], Outcome(group["outcome"]), group["title"])
        revised = answering.save_answer(row, words, seen, editor, now)
        answering.hand_in(row, revised, editor)
        answering.approve(row, revised + 1, people.actor(APPROVER), now)


def groups_of(made: int) -> list[tuple[int, int]]:
    """Id and revision of every group, in their order."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OpinionGroup.id, OpinionGroup.revision)
        .where(OpinionGroup.consultation_id == made)
        .order_by(OpinionGroup.number)
    )
    return [(row.id, row.revision) for row in rows]


def publish(made: int, written: Written, editor: Actor, now: datetime) -> None:
    """Write the decision and the final plan; let the approver publish the result."""
    result = written.content["result"]
    words = publishing.Result(Decision(result["decision"]), result["reason"], result["answer"], written.final)
    revised = publishing.save_result(made, words, revision(made), editor, now)
    activities.publish_answer(made, revised, people.actor(APPROVER), now)


def revision(made: int) -> int:
    db.session.rollback()
    return db.session.get_one(Consultation, made).revision


def planted(made: int, receipts: Sequence[str]) -> Planted:
    db.session.rollback()
    one = db.session.get_one(Consultation, made)
    numbers = db.session.scalars(
        sa.select(OpinionGroup.number).where(OpinionGroup.consultation_id == made).order_by(OpinionGroup.number)
    ).all()
    return Planted(one.id, one.slug, str(state_of(one, clock.now())), tuple(receipts), tuple(numbers))
