"""Acts on the parts of one comment: splitting it into opinion items and joining them back. Same rules as `actions`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from civic.activities import gate
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import NotFound
from consultations.comments.desk import parts, steps
from consultations.comments.desk.parts import Item
from consultations.comments.desk.piles import Pile
from consultations.comments.desk.refusals import NothingToSplit
from consultations.comments.desk.steps import ITEMS, Desk
from consultations.comments.models import Comment, Consultation
from consultations.comments.refusals import ItemMoved, SpansDoNotFit
from consultations.comments.rules import Span, SpansClash


def split_comment(comment_id: int, spans: Sequence[Span], seen: Sequence[Pile], actor: Actor, at: datetime) -> int:
    """Make these parts the items of a comment; the step. `seen` are its items as the clerk saw them.

    A part keeps the group of the item it lies in; words in no part belong to no item and stay visible beside them.
    Raises SpansDoNotFit, ItemMoved, GroupLocked, NothingToSplit.
    """
    with writing() as session:
        desk, comment = _begin(session, comment_id, actor, at)
        try:
            ordered = parts.checked(spans, len(comment.body))
        except SpansClash as clash:
            raise SpansDoNotFit from clash
        return _divide(desk, comment, "opinion.split", ordered, seen)


def join_items(comment_id: int, first: int, last: int, seen: Sequence[Pile], actor: Actor, at: datetime) -> int:
    """Make one item of a comment's items from place `first` to place `last` (from 0, in the order of the text); the step.

    It lies in their group where they have one; otherwise in none. Raises what `split_comment` raises.
    """
    with writing() as session:
        desk, comment = _begin(session, comment_id, actor, at)
        items = steps.items_where(session, ITEMS.c.comment_id == comment_id)
        try:
            spans = parts.joined(items, first, last)
        except SpansClash as clash:
            raise SpansDoNotFit from clash
        return _divide(desk, comment, "opinion.joined", spans, seen)


def _begin(session: Session, comment_id: int, actor: Actor, at: datetime) -> tuple[Desk, Comment]:
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise NotFound
    return steps.begin(session, comment.consultation_id, actor, at), comment


def _divide(desk: Desk, comment: Comment, act: str, spans: Sequence[Span], seen: Sequence[Pile]) -> int:
    """Put the items of `spans` in the place of those there are, as far as they differ."""
    items = steps.items_where(desk.session, ITEMS.c.comment_id == comment.id)
    check_all_seen(items, seen)
    after = parts.placed(comment.id, spans, items)
    kept = {one.id for one in after if one.id is not None}
    gone, new = [one for one in items if one.id not in kept], [one for one in after if one.id is None]
    if not gone and not new:
        raise NothingToSplit
    rows = steps.open_groups(desk, {one.group for one in [*gone, *new]})
    stored = steps.rewrite(desk, gone, new, steps.ids_of(rows))
    steps.touch(desk.session, rows.values())
    about = subject(desk.consultation, comment.number)
    before, now = steps.state(gone), steps.state(stored)
    return steps.record(desk, act, before, now, about=about, comment=comment.number, items=len(after))


def check_all_seen(items: Sequence[Item], seen: Sequence[Pile]) -> None:
    """Raise ItemMoved unless the clerk saw exactly these items of the comment, each where it is."""
    saw = {(one.item, one.comment, one.start, one.stop, one.group) for one in seen}
    if saw != {one[:5] for one in items}:
        raise ItemMoved


def subject(consultation: Consultation, number: int) -> str:
    """How the audit names a comment: `consultation:park-plan:comment:12`."""
    return f"{gate.subject(consultation)}:comment:{number}"
