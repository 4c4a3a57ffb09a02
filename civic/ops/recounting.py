"""Every stored total counted again from rows, in one snapshot."""

from typing import Any

import sqlalchemy as sa

from civic.activities.models import Activity, Participation, ParticipationCount
from civic.db import db
from civic.features import house
from civic.ops.refusals import UnknownActivity

Key = tuple[Any, ...]


def recount(slug: str | None) -> dict[str, Any]:
    """`{"checked": n, "mismatches": [...]}` for one activity or for all. Raises UnknownActivity."""
    take_snapshot()
    if slug is not None and db.session.scalar(sa.select(Activity.id).where(Activity.slug == slug)) is None:
        raise UnknownActivity(slug=slug)
    checked, mismatches = participations(slug)
    for room in house().rooms:
        if room.recounts is not None:
            more, found = room.recounts(slug)
            checked += more
            mismatches += found
    return {"checked": checked, "mismatches": mismatches}


def take_snapshot() -> None:
    """Read everything as of one moment: SQLite always does, PostgreSQL when asked before the first query."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def participations(slug: str | None) -> tuple[int, list[dict[str, Any]]]:
    """The kept-up counts of participations by day, channel and state, against the ledger's rows."""
    kept = ParticipationCount
    stored = totals(sa.select(Activity.slug, kept.day, kept.channel, kept.state, kept.count).join(kept), slug)
    row = Participation
    columns = (Activity.slug, row.received_on, row.channel, row.state)
    counting = sa.select(*columns, sa.func.count()).join(row).where(row.received_on.is_not(None)).group_by(*columns)
    counted = totals(counting, slug)
    keys = sorted(stored.keys() | counted.keys(), key=str)
    different = [key for key in keys if stored.get(key, 0) != counted.get(key, 0)]
    return len(keys), [mismatch(key, stored.get(key, 0), counted.get(key, 0)) for key in different]


def totals(statement: sa.Select[*tuple[Any, ...]], slug: str | None) -> dict[Key, int]:
    wanted = statement if slug is None else statement.where(Activity.slug == slug)
    return {tuple(row[:-1]): row[-1] for row in db.session.execute(wanted)}


def mismatch(key: Key, stored: int, counted: int) -> dict[str, Any]:
    slug, day, channel, state = key
    what = {"activity": slug, "day": day.isoformat(), "channel": str(channel), "state": str(state)}
    return {**what, "stored": stored, "counted": counted}
