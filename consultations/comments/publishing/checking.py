"""What stands against publishing the city's answer to a consultation, recomputed from the rows at every look."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from civic.activities import reviews
from civic.activities.models import Activity, Participation, TextReview
from civic.activities.states import ParticipationState
from civic.db import db
from civic.messages import N_, Message
from consultations.comments.models import Comment, Consultation, DraftVersion, OpinionGroup, OpinionItem
from consultations.comments.sources import STANDS, ref_of
from consultations.comments.stages import Decision, Stage

NAMED = 3
"""How many numbers or titles a problem names; its count says how many there are."""

NOT_GROUPED = N_("Opinions that are in no group: %(count)s (comments %(names)s).")
NO_TITLE = N_("Groups without a title in Japanese: %(count)s (%(names)s).")
NO_OUTCOME = N_("Groups without an outcome or an answer: %(count)s (%(names)s).")
NOT_APPROVED = N_("Answers that nobody has approved: %(count)s (%(names)s).")
NOT_REVIEWED = N_("Comments whose masks nobody has confirmed: %(count)s (comments %(names)s).")
NO_DECISION = N_("What the city decided about the plan is missing.")
NO_REASON = N_("The reason of the decision is missing.")
NO_FINAL = N_("The plan was changed, but its final text is missing.")
NO_ANSWER = N_("The city's answer as a whole is missing.")


def answer_problems(activity: Activity) -> list[Message]:
    """Everything that stands against publication; the kind's hook. No comment at all is a result too.

    What is published follows 行政手続法43条1項 (as the default profile): the opinions, how each was considered, the
    difference between draft and decision, the reasons.
    """
    one = db.session.get_one(Consultation, activity.id)
    return [*not_grouped(one), *groups_unfinished(one), *not_reviewed(one), *decision_problems(one)]


def not_grouped(one: Consultation) -> list[Message]:
    """Items of counted comments that no answer covers."""
    rows = db.session.execute(
        sa.select(Comment.number)
        .join(OpinionItem, OpinionItem.comment_id == Comment.id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(
            OpinionItem.consultation_id == one.id,
            OpinionItem.group_id.is_(None),
            Participation.state == ParticipationState.COUNTED,
        )
        .order_by(Comment.number)
    )
    return problem(NOT_GROUPED, [str(number) for (number,) in rows])


def groups_unfinished(one: Consultation) -> list[Message]:
    """Groups with counted items that lack a title in Japanese, an outcome, an answer or its approval."""
    groups = answered_groups(one.id)
    unnamed = [group.title for group in groups if not group.heading.get("ja", "").strip()]
    bare = [group.title for group in groups if group.outcome is None or not group.answer.get("ja", "").strip()]
    open_ = [group.title for group in groups if group.stage is not Stage.LOCKED]
    return [*problem(NO_TITLE, unnamed), *problem(NO_OUTCOME, bare), *problem(NOT_APPROVED, open_)]


def answered_groups(consultation_id: int) -> Sequence[OpinionGroup]:
    """The groups that hold an item of a counted comment, in their order."""
    holds = (
        sa.select(OpinionItem.group_id)
        .join(Comment, Comment.id == OpinionItem.comment_id)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(OpinionItem.consultation_id == consultation_id, Participation.state == ParticipationState.COUNTED)
    )
    return db.session.scalars(
        sa.select(OpinionGroup)
        .where(OpinionGroup.consultation_id == consultation_id, OpinionGroup.id.in_(holds))
        .order_by(OpinionGroup.position, OpinionGroup.number)
        .execution_options(populate_existing=True)
    ).all()


def not_reviewed(one: Consultation) -> list[Message]:
    """Counted or late comments that no person has decided about, or not about these very words."""
    rows = db.session.execute(
        sa.select(Comment.id, Comment.number, Comment.body)
        .join(Participation, Participation.id == Comment.participation_id)
        .where(Comment.consultation_id == one.id, Participation.state.in_(STANDS))
        .order_by(Comment.number)
    ).all()
    seen = dict(
        db.session.execute(
            sa.select(TextReview.ref, TextReview.text_digest).where(TextReview.activity_id == one.id)
        ).all()
    )
    open_ = [str(row.number) for row in rows if seen.get(ref_of(one.slug, row.id)) != reviews.digest(row.body)]
    return problem(NOT_REVIEWED, open_)


def left_out(one: Consultation) -> list[tuple[int, list[str]]]:
    """Words of counted comments that lie in no opinion item, so that no answer is about them: number and passages.

    They do not stand against publication: a greeting needs no answer. Blanks and punctuation alone are not named.
    """
    length = sa.func.sum(OpinionItem.stop - OpinionItem.start)
    rows = db.session.execute(
        sa.select(Comment.id, Comment.number, Comment.body)
        .join(Participation, Participation.id == Comment.participation_id)
        .outerjoin(OpinionItem, OpinionItem.comment_id == Comment.id)
        .where(Comment.consultation_id == one.id, Participation.state == ParticipationState.COUNTED)
        .group_by(Comment.id, Comment.number, Comment.body)
        .having(sa.func.coalesce(length, 0) < sa.func.length(Comment.body))
        .order_by(Comment.number)
    ).all()
    spans: dict[int, list[tuple[int, int]]] = {}
    for item in db.session.execute(
        sa.select(OpinionItem.comment_id, OpinionItem.start, OpinionItem.stop).where(
            OpinionItem.consultation_id == one.id
        )
    ):
        spans.setdefault(item.comment_id, []).append((item.start, item.stop))
    found = [(row.number, between(row.body, spans.get(row.id, ()))) for row in rows]
    return [(number, words) for number, words in found if words]


def between(body: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """What of a text lies in none of these spans and says something."""
    ends = [0, *(end for span in sorted(spans) for end in span), len(body)]
    parts = [body[start:stop].strip() for start, stop in zip(ends[::2], ends[1::2], strict=True)]
    return [part for part in parts if any(character.isalnum() for character in part)]


def decision_problems(one: Consultation) -> list[Message]:
    """What is missing of the decision itself."""
    problems = []
    if one.decision is None:
        problems.append(Message(NO_DECISION))
    if not one.decision_reason.get("ja", "").strip():
        problems.append(Message(NO_REASON))
    if one.decision is Decision.CHANGED and not has_version(one, one.final_version):
        problems.append(Message(NO_FINAL))
    if not one.answer.get("ja", "").strip():
        problems.append(Message(NO_ANSWER))
    return problems


def has_version(one: Consultation, number: int | None) -> bool:
    """Whether there is a later version than the one consulted on, with this number."""
    if number is None or number == one.current_version:
        return False
    wanted = sa.select(DraftVersion.id).where(DraftVersion.consultation_id == one.id, DraftVersion.number == number)
    return db.session.scalar(wanted) is not None


def problem(sentence: str, names: Sequence[str]) -> list[Message]:
    """One sentence with the count and the first few names; nothing for none."""
    if not names:
        return []
    shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return [Message(sentence, {"count": len(names), "names": shown})]
