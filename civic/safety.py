"""In production an unsafe process serves nothing but `/healthz`: 503 for the rest, one logged sentence per reason."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from civic import triggers
from civic.activities.models import Activity
from civic.config import Mode, Settings
from civic.db import db
from civic.features import house
from civic.ops import keymark

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
log = logging.getLogger("civic.safety")


def attach(app: Flask) -> None:
    """Refuse requests while anything is unsafe: first of all that look at one, so that no guard, no form check and no
    session asks an absent database. Nothing is looked at before the first request, so that `ops` works.
    """
    app.before_request(refuse_while_unsafe)


def refuse_while_unsafe() -> ResponseReturnValue | None:
    if request.endpoint == "web.healthz":
        return None
    if current_app.extensions["settings"].mode is Mode.DEMO and not from_loopback():
        return "The demo city is for this machine only.\n", 403, {"Content-Type": "text/plain; charset=utf-8"}
    if current_app.extensions.get("known_safe"):
        return None
    found = reasons()
    if not found:
        current_app.extensions["known_safe"] = True
        return None
    for reason in found:
        log.error("unsafe: %s", reason)
    body = "まちこえは準備中です。しばらくたってから、もう一度ひらいてください。\nMachikoe is not ready. Please try again later.\n"
    return body, 503, {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "60", "Cache-Control": "no-store"}


def from_loopback() -> bool:
    """Whether the request comes from this machine: a demo's passwords are known to everybody."""
    return request.remote_addr in {"127.0.0.1", "::1"}


def reasons() -> list[str]:
    """Why this process must not serve residents now: of its settings first, else of its database. Empty when safe."""
    settings = current_app.extensions["settings"]
    return list(unsafe_settings(current_app, settings)) or list(unsafe_database(settings))


def unsafe_settings(app: Flask, settings: Settings) -> Iterator[str]:
    """Sentences for the operator, one per reason this process must not serve residents."""
    if app.extensions["keys"] is None:
        yield f"no usable master key in {settings.keys_folder.name}/: run `ops init-keys`, or restore the key file"
    if settings.mode is not Mode.PRODUCTION:
        return
    if not settings.https:
        yield "BASE_URL is not https: sign-in cookies and answers would travel unprotected"
    if app.debug:
        yield "debug mode is on: it shows code and lets strangers run it"
    if (settings.keys_folder / "demo").exists():
        yield "the keys are those of the demo city: make new ones in an empty folder with `ops init-keys`"


def unsafe_database(settings: Settings) -> Iterator[str]:
    """Sentences, one per reason this database must not hold answers; also in demo and test, where migrations count."""
    try:
        revision = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except sa.exc.DBAPIError:
        db.session.rollback()
        yield "the database is not there or empty: run `ops migrate`"
        return
    if revision != head_revision():
        yield f"the database is at migration {revision}, the program at {head_revision()}: run `ops migrate`"
        return
    if keymark.is_foreign():
        yield "the master key is not the one this database was made with: restore the key file that belongs to it"
    if unknown := set(db.session.scalars(sa.select(Activity.kind).distinct())) - house().kinds.keys():
        yield f"the database holds activities of a kind this program does not know: {', '.join(sorted(unknown))}"
    if settings.mode is Mode.PRODUCTION:
        if absent := triggers.missing():
            yield f"what is never changed could be: the database lacks the triggers {', '.join(absent)}"
        check = _sqlite_reasons if db.engine.dialect.name == "sqlite" else _postgresql_reasons
        yield from check()
        if db.session.scalar(sa.text("SELECT count(*) FROM staff_member WHERE login LIKE 'demo-%'")):
            yield "the database holds demo accounts: start from an empty one"


def _sqlite_reasons() -> Iterator[str]:
    if db.session.scalar(sa.text("PRAGMA synchronous")) < 2:
        yield "SQLite synchronous is below FULL: acknowledged answers could be lost in a power cut"
    if db.session.scalar(sa.text("PRAGMA journal_mode")) != "wal":
        yield "SQLite is not in WAL mode: run `ops migrate`"


def _postgresql_reasons() -> Iterator[str]:
    show: Callable[[str], str | None] = lambda name: db.session.scalar(sa.text(f"SHOW {name}"))  # noqa: E731 - two uses
    for name in ("synchronous_commit", "fsync", "full_page_writes"):
        if show(name) in {"off", "local"}:
            yield f"PostgreSQL {name} is {show(name)}: acknowledged answers could be lost in a power cut"


def head_revision() -> str:
    """The newest migration of this program: files are `NNNN_room_what.py`, one after the other (a test asks Alembic)."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
