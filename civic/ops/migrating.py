"""Creating and upgrading the database, safe after an interruption."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event

from civic import db as database
from civic.safety import MIGRATIONS

PATIENCE = 30  # seconds


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`. Each migration is one transaction; WAL is set once, here."""
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            command.upgrade(config(connection), revision)
    finally:
        engine.dispose()


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision`."""
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            command.downgrade(config(connection), revision)
    finally:
        engine.dispose()


def config(connection: sa.Connection) -> Config:
    """Alembic's configuration for an open connection and our composed metadata."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes.update(connection=connection, metadata=database.Base.metadata)
    return made


def migration_engine(url: str) -> sa.Engine:
    """An engine of its own. On SQLite with foreign keys off (batch mode would cascade) and IMMEDIATE transactions.

    On both it gives up after `PATIENCE` seconds behind another's lock: on PostgreSQL all who come later would wait too.
    """
    options = database.engine_options(url)
    engine = sa.create_engine(options["url"], poolclass=sa.pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _configure(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=OFF", f"busy_timeout={1000 * PATIENCE}", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
