"""Audit records are added and never changed: the database refuses, whoever asks.

SQLite's REPLACE deletes without asking a delete trigger, so an insert over a present id or hash is refused too.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSED = "audit records are never changed"

SQLITE = {
    "audit_record_no_update": "BEFORE UPDATE ON audit_record",
    "audit_record_no_delete": "BEFORE DELETE ON audit_record",
    "audit_record_no_replace": (
        "BEFORE INSERT ON audit_record WHEN EXISTS (SELECT 1 FROM audit_record WHERE id = NEW.id OR hash = NEW.hash)"
    ),
}
POSTGRESQL = {
    "audit_record_no_update": "BEFORE UPDATE OR DELETE ON audit_record FOR EACH ROW",
    "audit_record_no_truncate": "BEFORE TRUNCATE ON audit_record FOR EACH STATEMENT",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, event in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    for name, event in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION refuse_audit_change()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name in POSTGRESQL:
        op.execute(f"DROP TRIGGER {name} ON audit_record")
    op.execute("DROP FUNCTION refuse_audit_change()")
