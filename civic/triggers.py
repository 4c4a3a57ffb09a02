"""The triggers that keep what is never changed. Changing a table in batch mode drops its triggers: make them again.

Each room names those its tables rely on (`Feature.triggers`); start-up refuses a database that lacks one.
"""

from typing import Final

import sqlalchemy as sa

from civic.db import db
from civic.features import house

INSTALLED: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(pg_class.oid)"
    ),
}


def expected() -> frozenset[str]:
    """The names of the triggers all rooms rely on, on this engine."""
    dialect = db.engine.dialect.name
    return frozenset(name for room in house().rooms for name in room.triggers.get(dialect, ()))


def installed() -> frozenset[str]:
    """The names of all triggers this database has switched on."""
    return frozenset(db.session.scalars(sa.text(INSTALLED[db.engine.dialect.name])))


def missing() -> list[str]:
    """Triggers a room relies on and this database does not have."""
    return sorted(expected() - installed())
