"""The triggers that keep the audit insert-only. Changing `audit_record` in batch mode drops them: make them again."""

from typing import Final

import sqlalchemy as sa

from civic.db import db

EXPECTED: Final = {
    "sqlite": frozenset({"audit_record_no_update", "audit_record_no_delete", "audit_record_no_replace"}),
    "postgresql": frozenset({"audit_record_no_update", "audit_record_no_truncate"}),
}
INSTALLED: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(pg_class.oid)"
    ),
}


def installed() -> frozenset[str]:
    """The names of all triggers this database has switched on."""
    return frozenset(db.session.scalars(sa.text(INSTALLED[db.engine.dialect.name])))


def missing() -> list[str]:
    """Triggers the audit relies on and this database does not have."""
    return sorted(EXPECTED[db.engine.dialect.name] - installed())
