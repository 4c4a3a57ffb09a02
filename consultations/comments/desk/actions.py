"""Sorting opinions: each function is one step, one transaction with its audit record, and can be undone.

Groups are named by their numbers, items by the piles a clerk saw (`desk.piles`): where somebody moved one of them
meanwhile, nothing is changed and ItemMoved says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civic.activities.models import Texts
from civic.db import writing
from civic.features import TextGroup
from civic.identity.accounts import Actor
from consultations.comments.desk import choosing, steps
from consultations.comments.desk.parts import Item
from consultations.comments.desk.piles import Pile
from consultations.comments.desk.refusals import GroupAtWork, GroupGone, NothingChosen
from consultations.comments.desk.steps import GROUPS, ITEMS, Desk, Row
from consultations.comments.models import Consultation
from consultations.comments.refusals import GroupNotEmpty, InquiryPending, ItemMoved
from consultations.comments.stages import Origin, Stage


def move_items(consultation_id: int, piles: Sequence[Pile], to: int | None, actor: Actor, at: datetime) -> int:
    """Move piles to the group numbered `to`, or out of every group; the step.

    Raises NothingChosen, ItemMoved, GroupLocked, GroupGone.
    """
    if not piles:
        raise NothingChosen
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        rows = steps.open_groups(desk, [to, *(pile.group for pile in piles)])
        items = choosing.items_in(desk, piles)
        after = choosing.move(desk, items, to, Origin.PERSON, rows)
        return steps.record(desk, "opinion.moved", steps.state(items), steps.state(after), items=len(items), group=to)


def create_group(consultation_id: int, title: str, piles: Sequence[Pile], actor: Actor, at: datetime) -> int:
    """A new group of these piles (or of none yet); its number. Raises TitleNeeded, ItemMoved, GroupLocked."""
    return _create("group.created", consultation_id, title, piles, actor, at)


def split_group(
    consultation_id: int, number: int, title: str, piles: Sequence[Pile], actor: Actor, at: datetime
) -> int:
    """A new group of some piles of group `number`; its number. Raises what `create_group` raises, NothingChosen."""
    if not piles:
        raise NothingChosen
    if any(pile.group != number for pile in piles):
        raise ItemMoved
    return _create("group.split", consultation_id, title, piles, actor, at)


def _create(act: str, consultation_id: int, title: str, piles: Sequence[Pile], actor: Actor, at: datetime) -> int:
    words = choosing.title_of(title)
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        rows = steps.open_groups(desk, [pile.group for pile in piles])
        items = choosing.items_in(desk, piles)
        return _group_of(desk, act, Named(words), items, Origin.PERSON, rows)


@dataclass(frozen=True)
class Named:
    """A group's name, the language it is in, and the same name in others."""

    title: str
    language: str = "ja"
    titles: Texts = field(default_factory=dict)

    @property
    def columns(self) -> Row:
        return {"title": self.title, "title_language": self.language, "titles": self.titles}


def _group_of(desk: Desk, act: str, name: Named, items: Sequence[Item], origin: Origin, rows: dict[int, Row]) -> int:
    """A new group of these items, with its step; its number. `rows` are the open groups they lie in."""
    made = _add_group(desk, name, origin)
    number: int = made["number"]
    after = choosing.move(desk, items, number, origin, rows | {number: made})
    steps.record(
        desk,
        act,
        steps.state(items, {number: None}),
        steps.state(after, {number: {"title": name.title}}),
        origin,
        group=number,
        title=name.title,
        items=len(items),
    )
    return number


def _add_group(desk: Desk, name: Named, origin: Origin) -> Row:
    """Add a group with the next number, last in order; its row."""
    number = desk.session.execute(
        sa.update(Consultation)
        .where(Consultation.id == desk.consultation.id)
        .values(last_group=Consultation.last_group + 1)
        .returning(Consultation.last_group)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    last = sa.select(sa.func.max(GROUPS.c.position)).where(GROUPS.c.consultation_id == desk.consultation.id)
    values: dict[str, Any] = {
        "consultation_id": desk.consultation.id,
        "number": number,
        "position": (desk.session.scalar(last) or 0) + 1,
        **name.columns,
        "gist": {},
        "answer": {},
        "origin": origin,
        "stage": Stage.COLLECTING,
        "revision": 1,
    }
    made = desk.session.execute(sa.insert(GROUPS).values(**values).returning(GROUPS)).mappings().one()
    return dict(made)


def merge_groups(consultation_id: int, number: int, into: int, actor: Actor, at: datetime) -> int:
    """Move everything of group `number` into another and take the empty one away; the step.

    Raises GroupLocked, GroupGone, and GroupAtWork where an inquiry or an answer would be lost.
    """
    if number == into:
        raise GroupGone
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        rows = steps.open_groups(desk, [number, into])
        if choosing.is_at_work(session, rows[number]):
            raise GroupAtWork
        items, after, kept = _emptied(desk, number, into, rows)
        return steps.record(
            desk,
            "group.merged",
            steps.state(items, {number: kept}),
            steps.state(after, {number: None}),
            group=number,
            into=into,
            items=len(items),
        )


def _emptied(desk: Desk, number: int, to: int | None, rows: dict[int, Row]) -> tuple[list[Item], list[Item], Row]:
    """Move all items of a group and take it away: the items before and after, and the group as it was."""
    items = steps.items_where(desk.session, ITEMS.c.group_id == rows[number]["id"])
    kept = steps.kept_group(desk.session, rows[number])
    after = choosing.move(desk, items, to, Origin.PERSON, rows)
    steps.remove_group(desk.session, rows[number]["id"])
    return items, after, kept


def delete_group(consultation_id: int, number: int, actor: Actor, at: datetime) -> int:
    """Take away a group in which no counted opinion lies; the step.

    What was withdrawn or late and lies in it, lies in no group then. Raises GroupNotEmpty, GroupLocked, InquiryPending.
    """
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        rows = steps.open_groups(desk, [number])
        items, after, kept = _emptied(desk, number, None, rows)
        if choosing.counted(desk, [one.comment for one in items]):
            raise GroupNotEmpty
        if any(asked["settled_at"] is None for asked in kept["inquiries"]):
            raise InquiryPending
        return steps.record(
            desk,
            "group.deleted",
            steps.state(items, {number: kept}),
            steps.state(after, {number: None}),
            group=number,
            title=kept["title"],
        )


def rename_group(consultation_id: int, number: int, title: str, actor: Actor, at: datetime) -> int:
    """Give a group another name, in Japanese; the step. What was the old one in other languages goes, the new one has none.

    Raises TitleNeeded, GroupLocked, GroupGone.
    """
    words = choosing.title_of(title)
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        rows = steps.open_groups(desk, [number])
        row = rows[number]
        same = words == row["title"]
        after = Named(words, row["title_language"], row["titles"]).columns if same else Named(words).columns
        session.execute(sa.update(GROUPS).where(GROUPS.c.id == row["id"]).values(**after))
        steps.touch(session, rows.values())
        before = {name: row[name] for name in after}
        return steps.record(
            desk,
            "group.renamed",
            steps.state(groups={number: before}),
            steps.state(groups={number: after}),
            group=number,
            title=words,
        )


def reorder_group(consultation_id: int, number: int, up: bool, actor: Actor, at: datetime) -> int | None:
    """Let a group change its place with its neighbour; the step, or None where there is no neighbour. Raises GroupGone."""
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        numbers = _numbers_in_order(desk)
        if number not in numbers:
            raise GroupGone
        place = numbers.index(number)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(numbers):
            return None
        numbers[place], numbers[other] = numbers[other], numbers[place]
        before, after = _placed(desk, numbers)
        return steps.record(
            desk, "group.reordered", steps.state(groups=before), steps.state(groups=after), group=number
        )


def _numbers_in_order(desk: Desk) -> list[int]:
    return list(
        desk.session.scalars(
            sa.select(GROUPS.c.number)
            .where(GROUPS.c.consultation_id == desk.consultation.id)
            .order_by(GROUPS.c.position, GROUPS.c.number)
        )
    )


def _placed(desk: Desk, numbers: Sequence[int]) -> tuple[dict[int, Row | None], dict[int, Row | None]]:
    """Count the positions of all groups anew in this order; the positions that changed, before and after."""
    rows = steps.group_rows(desk, numbers)
    order = {number: position for position, number in enumerate(numbers, 1)}
    changed = [number for number in numbers if rows[number]["position"] != order[number]]
    for number in changed:
        desk.session.execute(sa.update(GROUPS).where(GROUPS.c.id == rows[number]["id"]).values(position=order[number]))
    before: dict[int, Row | None] = {number: {"position": rows[number]["position"]} for number in changed}
    return before, {number: {"position": order[number]} for number in changed}


def groups_from_topics(consultation_id: int, topics: Sequence[TextGroup], actor: Actor, at: datetime) -> list[int]:
    """A group for each of these topics, a step of its own; the numbers of those made.

    Taken are whole comments that count and lie in no group, so that beginning twice makes nothing twice and empties no
    group. A topic with nothing to take makes no group.
    """
    made = [_group_from_topic(consultation_id, topic, actor, at) for topic in topics]
    return [number for number in made if number is not None]


def _group_from_topic(consultation_id: int, topic: TextGroup, actor: Actor, at: datetime) -> int | None:
    title = choosing.title_of(topic.label)
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        items = choosing.free_items(desk, topic.refs)
        if not items:
            return None
        rows = steps.open_groups(desk, {one.group for one in items})
        return _group_of(desk, "group.created", Named(title, topic.language), items, Origin.MACHINE, rows)
