"""The database: one declarative base, portable column types, and two doors.

`db.session` is the reading door: a deferred transaction that refuses to write. `writing()` is the only door to a
write; actions open it after parsing, hashing and files are done. On SQLite it begins IMMEDIATE, so that writers queue
instead of failing half-way (751 "database is locked" in a measured run with deferred transactions, none with this).
"""

import enum
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event, orm
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from civic.keys import keys
from civic.refusals import Busy, Refusal

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

db = SQLAlchemy(require_default_engine=False)


class Base(orm.DeclarativeBase):
    """The one base of all models, of every room."""

    metadata = sa.MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive one is refused: nobody knows when it was."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: use civic.clock.now()")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up only in INTEGER PRIMARY KEY


def choice(values: type[enum.StrEnum], name: str) -> sa.Enum:
    """A text column that holds only `values`; `name` names its CHECK."""
    return sa.Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def attach(app: Flask, url: str) -> None:
    """Give the application its engine. Nothing connects until the first query."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(url)}
    db.init_app(app)
    # The extension closes asynchronous sessions after every request, in a thread begun for it. There are none here.
    app.teardown_appcontext_funcs = [one for one in app.teardown_appcontext_funcs if not iscoroutinefunction(one)]
    with app.app_context():
        watch(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    parsed = sa.engine.make_url(url)
    common = {"pool_size": 10, "hide_parameters": True}  # an error in a log must not hold what a resident wrote
    if parsed.get_backend_name() == "postgresql":
        return {"url": parsed.set(drivername="postgresql+psycopg"), "pool_pre_ping": True, **common}
    return {"url": parsed, **common}


def watch(engine: sa.Engine) -> None:
    """Attach the hooks that make both engines keep their promises."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _configure_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # no hidden BEGIN by the driver
    for pragma in ("foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    write = bool(connection.get_execution_options().get("write"))
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _begin_postgresql(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("write"):
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    else:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


class UnfinishedWork(RuntimeError):
    """A write was opened inside another write, or over changes nobody committed: a bug, never a refusal."""


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction that writes; commits at its end, rolls back on any exception.

    Raises `Busy` (503) when the database stays locked longer than the timeout, and the refusal registered for a
    constraint when one stops the work (`refuse`); `KeysMissing` where nothing may be stored for want of the master key.
    Only functions in `actions.py`, jobs and commands may open it.
    """
    keys()
    session = db.session
    if session.info.get("writing") or session.new or session.dirty or session.deleted:
        raise UnfinishedWork("a transaction that writes is already open")
    session.rollback()  # ends the request's read transaction
    session.info["writing"] = True
    try:
        session.connection(execution_options={"write": True})
        yield session
        session.commit()
    except Refusal as refusal:
        session.commit() if refusal.keeps_writes else session.rollback()
        raise
    except IntegrityError as error:
        session.rollback()
        raise refusal_for(error) from error
    except DBAPIError as error:
        session.rollback()
        if is_busy(error):
            raise Busy from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False


def is_busy(error: DBAPIError) -> bool:
    """Whether the same act may succeed in a moment: the database waited too long for a writer, or was not there."""
    return is_lock_timeout(error) or is_unreachable(error)


def is_lock_timeout(error: DBAPIError) -> bool:
    """Whether the database gave up waiting for another writer."""
    text = str(error.orig)
    return "database is locked" in text or getattr(error.orig, "sqlstate", None) in {"55P03", "40P01"}


def is_unreachable(error: DBAPIError) -> bool:
    """Whether the connection failed, was lost, or the server is starting or shutting down (classes 08 and 57P)."""
    state = getattr(error.orig, "sqlstate", "")  # psycopg's errors have one; None where no server said a word
    silent = state is None and isinstance(error, OperationalError)
    return error.connection_invalidated or silent or (state or "").startswith(("08", "57P"))


_refusals: dict[str, type[Refusal]] = {}


def refuse(constraint: str, refusal: type[Refusal]) -> None:
    """Say which refusal explains `constraint` (its full name) to a person. What is not said stays a bug (500)."""
    _refusals[constraint] = refusal


def refusal_for(error: IntegrityError) -> Exception:
    """The refusal for the constraint that `error` names, or `error` itself."""
    name = constraint_name(error)
    refusal = _refusals.get(name or "")
    return refusal() if refusal else error


def constraint_name(error: IntegrityError) -> str | None:
    """The violated constraint's name. PostgreSQL tells it; SQLite tells a CHECK's name but only a unique key's columns."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    text = str(error.orig)
    if found := re.search(r"CHECK constraint failed: (\w+)", text):
        return found.group(1)
    if found := re.search(r"UNIQUE constraint failed: (.+)", text):
        return _unique_keys().get(frozenset(found.group(1).split(", ")))
    return None


def _unique_keys() -> dict[frozenset[str], str]:
    keys = {}
    for table in Base.metadata.tables.values():
        unique = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint | sa.PrimaryKeyConstraint)]
        for key in [*unique, *(index for index in table.indexes if index.unique)]:
            keys[frozenset(f"{table.name}.{column.name}" for column in key.columns)] = str(key.name)
    return keys
