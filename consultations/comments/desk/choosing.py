"""Which rows a step of sorting takes, and moving them: parts of a transaction that `steps.begin` began."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities.models import Participation
from civic.activities.states import ParticipationState
from consultations.comments import sources
from consultations.comments.desk import steps
from consultations.comments.desk.parts import Item
from consultations.comments.desk.piles import Pile
from consultations.comments.desk.refusals import TitleNeeded
from consultations.comments.desk.steps import GROUPS, INQUIRIES, ITEMS, Desk, Row
from consultations.comments.models import Comment
from consultations.comments.refusals import ItemMoved
from consultations.comments.stages import Origin, Stage

LONGEST_TITLE = 200


def items_in(desk: Desk, piles: Sequence[Pile]) -> list[Item]:
    """The items of the piles, each checked against what the clerk saw. Raises ItemMoved."""
    found = {one.id: one for one in steps.items_by_id(desk.session, [pile.item for pile in piles])}
    keys = counted(desk, [pile.comment for pile in piles])
    taken: dict[int | None, Item] = {}
    for pile in piles:
        one = found.get(pile.item)
        if one is None or one[1:5] != (pile.comment, pile.start, pile.stop, pile.group) or pile.comment not in keys:
            raise ItemMoved
        alike = copies(desk, pile, *keys[pile.comment]) if pile.copies > 1 else [one]
        if len(alike) != pile.copies:
            raise ItemMoved
        taken |= {copy.id: copy for copy in alike}
    return sorted(taken.values(), key=lambda one: one.id or 0)


def is_whole(start: Any, stop: Any) -> sa.ColumnElement[bool]:
    """Whether an item is the whole of its comment, in a statement that knows both."""
    whole: sa.ColumnElement[bool] = sa.and_(start == 0, stop == sa.func.length(Comment.body))
    return whole


def counted(desk: Desk, comments: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Fold key and length of those of these comments that count, by id."""
    found: dict[int, tuple[str, int]] = {}
    for some in steps.chunks(comments):
        statement = (
            sa.select(Comment.id, Comment.fold_key, sa.func.length(Comment.body))
            .join(Participation, Participation.id == Comment.participation_id)
            .where(Comment.id.in_(some), Comment.consultation_id == desk.consultation.id)
            .where(Participation.state == ParticipationState.COUNTED)
        )
        found |= {number: (key, length) for number, key, length in desk.session.execute(statement)}
    return found


def counts_and(*which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the comment of an item counts and is like this: asked for each item by the comment's id."""
    return (
        sa.exists()
        .where(Comment.id == ITEMS.c.comment_id, Participation.id == Comment.participation_id)
        .where(Participation.state == ParticipationState.COUNTED, *which)
        .correlate(ITEMS)
    )


def copies(desk: Desk, pile: Pile, fold_key: str, length: int) -> list[Item]:
    """The items of copies of one text that say the same, in the same place, as far as the clerk saw them."""
    whole = is_whole(ITEMS.c.start, ITEMS.c.stop)
    same = whole if (pile.start, pile.stop) == (0, length) else sa.not_(whole)
    said = counts_and(Comment.consultation_id == desk.consultation.id, Comment.fold_key == fold_key, same)
    ends = () if same is whole else (ITEMS.c.start == pile.start, ITEMS.c.stop == pile.stop)
    place = ITEMS.c.group_id.is_(None) if pile.group is None else GROUPS.c.number == pile.group
    here = (ITEMS.c.consultation_id == desk.consultation.id, ITEMS.c.id <= pile.last, place)
    return steps.items_where(desk.session, *here, *ends, said)


def move(desk: Desk, items: Sequence[Item], to: int | None, origin: Origin, rows: dict[int, Row]) -> list[Item]:
    """Put items into the group numbered `to`; the rows as they are then. `rows` are the open groups concerned."""
    after = [one._replace(group=to, origin=origin) for one in items]
    stored = steps.rewrite(desk, items, after, steps.ids_of(rows))
    changed = {one.group for one in items} | {to}
    steps.touch(desk.session, [row for number, row in rows.items() if number in changed and items])
    return stored


def free_items(desk: Desk, refs: Sequence[str]) -> list[Item]:
    """The items a topic may take: whole counted comments that lie in no group."""
    return [
        one
        for some in steps.chunks(ids_by_ref(desk.consultation.slug, refs).values())
        for one in steps.items_where(desk.session, *free(some, desk.consultation.id))
    ]


def ids_by_ref(slug: str, refs: Sequence[str]) -> dict[str, int]:
    """The ids of comments by those references that name one of this consultation."""
    ours = [(ref, number) for ref in refs if (number := sources.number_of(ref)) is not None]
    return {ref: number for ref, number in ours if sources.ref_of(slug, number) == ref}


def free(ids: Sequence[int], consultation_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions for it, among the comments with these ids."""
    return (
        ITEMS.c.consultation_id == consultation_id,
        ITEMS.c.comment_id.in_(ids),
        ITEMS.c.group_id.is_(None),
        counts_and(is_whole(ITEMS.c.start, ITEMS.c.stop)),
    )


def is_at_work(session: Session, row: Row) -> bool:
    """Whether somebody was asked about a group, or has begun to write its answer."""
    asked = session.scalar(sa.select(INQUIRIES.c.id).where(INQUIRIES.c.group_id == row["id"]).limit(1))
    return asked is not None or row["stage"] is not Stage.COLLECTING or bool(row["answer"] or row["gist"])


def title_of(words: str) -> str:
    """A group's name in one line; raises TitleNeeded."""
    found = " ".join(words.split())[:LONGEST_TITLE]
    if not found:
        raise TitleNeeded
    return found
