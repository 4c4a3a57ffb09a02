"""Taking a step of sorting back: the rows as they were before it, exactly, if nothing later rests on them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from consultations.comments.desk import choosing, steps
from consultations.comments.desk.parts import Item, checked
from consultations.comments.desk.refusals import GroupGone
from consultations.comments.desk.steps import GROUPS, ITEMS, Desk, Row
from consultations.comments.models import Comment, DeskStep
from consultations.comments.refusals import NothingToUndo, StepOvertaken
from consultations.comments.rules import SpansClash


def undo(consultation_id: int, step_id: int, actor: Actor, at: datetime) -> str:
    """Take a step back; the act that was undone. Raises NothingToUndo, StepOvertaken, GroupLocked, SortingOver.

    The numbers of groups that were given are not given again, and every group concerned counts one edit more.
    """
    with writing() as session:
        desk = steps.begin(session, consultation_id, actor, at)
        step = session.get(DeskStep, step_id, populate_existing=True)
        if step is None or step.consultation_id != consultation_id or step.undone_at is not None:
            raise NothingToUndo
        _restore(desk, step)
        step.undone_at = at
        session.flush()
        chain.record(
            session, "step.undone", actor.label, gate.subject(desk.consultation), step=step.id, undone=step.act
        )
        return step.act


def _restore(desk: Desk, step: DeskStep) -> None:
    """Put the rows of before in the place of those of after; the groups they lie in must be open."""
    before, after = steps.items_of(step.before), steps.items_of(step.after)
    if steps.items_by_id(desk.session, [one.id for one in after if one.id is not None]) != sorted(after, key=_id):
        raise StepOvertaken
    rows = _groups(desk, step, before, after)
    stored = steps.rewrite(desk, after, before, steps.ids_of(rows))
    _check_spans(desk.session, {one.comment for one in stored if one not in after})
    made = {number for number, row in steps.groups_of(step.before).items() if row is None}
    for number in made:
        _take_away(desk.session, rows[number])
    steps.touch(desk.session, [row for number, row in rows.items() if number not in made])


def _id(one: Item) -> int:
    return one.id or 0


def _groups(desk: Desk, step: DeskStep, before: list[Item], after: list[Item]) -> dict[int, Row]:
    """The open groups of a step by number, those it took away put back and its words of them restored."""
    was, became = steps.groups_of(step.before), steps.groups_of(step.after)
    gone = {number for number, row in became.items() if row is None}
    moved = {one.group for one in {*before} ^ {*after} if one.group is not None}
    only_placed = {number for number, row in was.items() if row is not None and row.keys() == {"position"}}
    try:
        rows = steps.open_groups(desk, (moved | was.keys()) - gone - only_placed)
        rows |= steps.group_rows(desk, only_placed)
    except GroupGone as missing:
        raise StepOvertaken from missing
    for number, values in was.items():
        if number in gone:
            assert values is not None
            rows[number] = values | {"id": steps.put_back(desk.session, values)}
            continue
        now = {name: rows[number][name] for name in became[number] or ()}
        if now != became[number]:
            raise StepOvertaken
        if values is not None:
            desk.session.execute(sa.update(GROUPS).where(GROUPS.c.id == rows[number]["id"]).values(**values))
    return rows


def _take_away(session: Session, row: Row) -> None:
    """Remove the group a step had made, if nobody put anything into it since."""
    left = session.scalar(sa.select(ITEMS.c.id).where(ITEMS.c.group_id == row["id"]).limit(1))
    if left is not None or choosing.is_at_work(session, row):
        raise StepOvertaken
    steps.remove_group(session, row["id"])


def _check_spans(session: Session, comments: set[int]) -> None:
    """Raise StepOvertaken where the restored parts of a comment lie over parts made since."""
    for some in steps.chunks(comments):
        lengths = sa.select(Comment.id, sa.func.length(Comment.body)).where(Comment.id.in_(some))
        items = steps.items_where(session, ITEMS.c.comment_id.in_(some))
        for comment, length in session.execute(lengths).all():
            try:
                checked([one.span for one in items if one.comment == comment], length)
            except SpansClash as clash:
                raise StepOvertaken from clash
