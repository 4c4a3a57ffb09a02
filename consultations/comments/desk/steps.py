"""One step of sorting inside a caller's transaction: its locks, the rows it changes, and its record for undoing it.

Locks are taken in one order, so that no two clerks wait for one another: the gate of the activity (shared: not beside
a publication), the desk of the consultation, groups by id, items by id, the audit. Groups are named by their numbers in
the record of a step: a number is never used again, an id may be.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate
from civic.activities.editing import staff_of
from civic.audit import chain
from civic.db import UTCDateTime
from civic.identity.accounts import Actor
from civic.refusals import NotFound
from consultations.comments.desk.parts import Item
from consultations.comments.desk.refusals import GroupGone, SortingOver
from consultations.comments.models import Consultation, DeskStep, Inquiry, OpinionGroup, OpinionItem
from consultations.comments.refusals import GroupLocked
from consultations.comments.rules import OPEN_TO_ITEMS
from consultations.comments.stages import Origin, Stage

CLASS: Final = 0x4445534B  # "DESK": the advisory locks' own number space
AT_ONCE: Final = 500
ITEMS: Final = cast(sa.Table, OpinionItem.__table__)
GROUPS: Final = cast(sa.Table, OpinionGroup.__table__)
INQUIRIES: Final = cast(sa.Table, Inquiry.__table__)
Row = dict[str, Any]


def chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    """Ids in order, as many at once as one statement takes."""
    ordered = sorted(set(ids))
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


@dataclass(frozen=True)
class Desk:
    """Who sits at the desk of a consultation, in which transaction, since when."""

    session: Session
    consultation: Consultation
    actor: Actor
    at: datetime


def begin(session: Session, consultation_id: int, actor: Actor, at: datetime) -> Desk:
    """Sit down at the desk alone; the consultation as it is now. Raises SortingOver, NotFound."""
    gate.enter(session, consultation_id, at)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CLASS, consultation_id)))
    found = session.get(Consultation, consultation_id)
    if found is None:
        raise NotFound
    if found.answered_at is not None or found.withdrawn_at is not None:
        raise SortingOver
    return Desk(session, found, actor, at)


def group_rows(desk: Desk, numbers: Collection[int]) -> dict[int, Row]:
    """The groups of these numbers, locked in the order of their ids; raises GroupGone where one is not there any more."""
    wanted = set(numbers)
    found = desk.session.execute(
        sa.select(GROUPS)
        .where(GROUPS.c.consultation_id == desk.consultation.id, GROUPS.c.number.in_(sorted(wanted)))
        .order_by(GROUPS.c.id)
        .with_for_update()
    )
    rows = {row["number"]: dict(row) for row in found.mappings()}
    if rows.keys() != wanted:
        raise GroupGone
    return rows


def open_groups(desk: Desk, numbers: Collection[int | None]) -> dict[int, Row]:
    """The same, refused with GroupLocked when one of them waits for approval or has it."""
    rows = group_rows(desk, {one for one in numbers if one is not None})
    if any(Stage(row["stage"]) not in OPEN_TO_ITEMS for row in rows.values()):
        raise GroupLocked
    return rows


def items_where(session: Session, *which: sa.ColumnElement[bool]) -> list[Item]:
    """Items in the order of their ids, locked, each with the number of the group it lies in."""
    statement = (
        sa.select(
            ITEMS.c.id, ITEMS.c.comment_id, ITEMS.c.start, ITEMS.c.stop, GROUPS.c.number, ITEMS.c.origin
        )
        .select_from(ITEMS.outerjoin(GROUPS, GROUPS.c.id == ITEMS.c.group_id))
        .where(*which)
        .order_by(ITEMS.c.id)
        .with_for_update(of=ITEMS)
    )  # fmt: skip
    return [Item(*row) for row in session.execute(statement)]


def items_by_id(session: Session, ids: Iterable[int]) -> list[Item]:
    """The items with these ids that there are."""
    return [item for some in chunks(ids) for item in items_where(session, ITEMS.c.id.in_(some))]


def rewrite(desk: Desk, before: Sequence[Item], after: Sequence[Item], ids: Mapping[int, int]) -> list[Item]:
    """Make `after` of the rows `before`; `ids` has the id of each group by number. Returns the rows as stored.

    What changes its place only is updated; what changes its ends is taken out first and put in anew, so that no two
    rows of a comment ever begin at one place.
    """
    old, new = {one.id: one for one in before}, {one.id: one for one in after if one.id is not None}
    stays = {key for key, one in new.items() if key in old and old[key].span == one.span}
    for some in chunks(key for key in old if key is not None and key not in stays):
        desk.session.execute(sa.delete(ITEMS).where(ITEMS.c.id.in_(some)))
    _move(desk.session, [new[key] for key in stays if new[key] != old[key]], ids)
    taken = {one.id for one in items_by_id(desk.session, [key for key in new if key not in stays])}
    stored = [new[key] for key in stays]
    for one in after:
        if one.id not in stays:
            free = one._replace(id=None) if one.id in taken else one
            stored.append(one._replace(id=_insert(desk, free, ids)))
    return sorted(stored, key=lambda one: one.id or 0)


def _move(session: Session, moved: Sequence[Item], ids: Mapping[int, int]) -> None:
    places: dict[tuple[int | None, Origin], list[int]] = {}
    for one in moved:
        assert one.id is not None
        places.setdefault((one.group, one.origin), []).append(one.id)
    for (group, origin), which in places.items():
        values = {"group_id": None if group is None else ids[group], "origin": origin}
        for some in chunks(which):
            session.execute(sa.update(ITEMS).where(ITEMS.c.id.in_(some)).values(**values))


def _insert(desk: Desk, one: Item, ids: Mapping[int, int]) -> int:
    values = {
        "consultation_id": desk.consultation.id,
        "comment_id": one.comment,
        "start": one.start,
        "stop": one.stop,
        "group_id": None if one.group is None else ids[one.group],
        "origin": one.origin,
    } | ({"id": one.id} if one.id is not None else {})
    made: int = desk.session.execute(sa.insert(ITEMS).values(**values).returning(ITEMS.c.id)).scalar_one()
    return made


def record(
    desk: Desk, act: str, before: Row, after: Row, origin: Origin = Origin.PERSON, about: str = "", **details: Any
) -> int:
    """Keep a step with its rows before and after, and its audit record about the consultation or `about`; its id."""
    step = DeskStep(
        consultation_id=desk.consultation.id,
        act=act,
        before=before,
        after=after,
        origin=origin,
        done_by_id=staff_of(desk.actor),
        done_at=desk.at,
    )
    desk.session.add(step)
    desk.session.flush()
    subject = about or gate.subject(desk.consultation)
    chain.record(desk.session, act, desk.actor.label, subject, step=step.id, origin=origin.value, **details)
    return step.id


def state(items: Iterable[Item] = (), groups: Mapping[int, Row | None] | None = None) -> Row:
    """Rows as a step keeps them: items as lists, groups by number; None for a group that is not there."""
    return {
        "items": [[one.id, one.comment, one.start, one.stop, one.group, one.origin.value] for one in items],
        "groups": {str(number): row for number, row in (groups or {}).items()},
    }


def items_of(kept: Row) -> list[Item]:
    return [Item._make([*row[:5], Origin(row[5])]) for row in kept["items"]]


def groups_of(kept: Row) -> dict[int, Row | None]:
    return {int(number): row for number, row in kept["groups"].items()}


def kept_group(session: Session, row: Row) -> Row:
    """A whole group with its inquiries as JSON, so that it can be put back exactly."""
    asked = session.execute(sa.select(INQUIRIES).where(INQUIRIES.c.group_id == row["id"]).order_by(INQUIRIES.c.id))
    return _plain(row) | {"inquiries": [_plain(dict(one)) for one in asked.mappings()]}


def _plain(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def put_back(session: Session, kept: Row) -> int:
    """Insert a group that was taken away, and its inquiries; its id, the one it had where that is free."""
    values = _typed(GROUPS, kept)
    if session.scalar(sa.select(GROUPS.c.id).where(GROUPS.c.id == kept["id"])) is not None:
        del values["id"]
    made: int = session.execute(sa.insert(GROUPS).values(**values).returning(GROUPS.c.id)).scalar_one()
    for one in kept["inquiries"]:
        asked = {name: value for name, value in _typed(INQUIRIES, one).items() if name != "id"}
        session.execute(sa.insert(INQUIRIES).values(**asked | {"group_id": made}))
    return made


def _typed(table: sa.Table, kept: Row) -> Row:
    """The values of a kept row as its table takes them; columns the table did not have then have their default."""
    return {column.name: _read(column.type, kept[column.name]) for column in table.c if column.name in kept}


def _read(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is not None and isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if value is not None and isinstance(kind, sa.Date) else value


def remove_group(session: Session, group_id: int) -> None:
    """Take a group away with its inquiries; no item may lie in it."""
    session.execute(sa.delete(INQUIRIES).where(INQUIRIES.c.group_id == group_id))
    session.execute(sa.delete(GROUPS).where(GROUPS.c.id == group_id))


def touch(session: Session, rows: Iterable[Row]) -> None:
    """Count an edit of these groups: whoever writes their answer learns that their opinions or their name changed."""
    for some in chunks(row["id"] for row in rows):
        session.execute(sa.update(GROUPS).where(GROUPS.c.id.in_(some)).values(revision=GROUPS.c.revision + 1))


def ids_of(rows: Mapping[int, Row]) -> dict[int, int]:
    return {number: row["id"] for number, row in rows.items()}
