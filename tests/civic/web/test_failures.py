"""When the database fails under a running server: a page for everybody, signed in or not, and never a silent end."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from psycopg import errors as postgresql
from sqlalchemy.exc import DBAPIError, OperationalError

from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db, is_busy
from tests.conftest import Visitor
from wsgi import FEATURES

BASE: Final = "https://koe.example.jp"
ADDRESSES: Final = ("/", "/help", "/staff/", "/me", "/surveys/some")


def running(settings: Settings, database_url: str = "") -> Flask:
    """A production server that was safe when it looked."""
    app = create_app(replace(settings, mode=Mode.PRODUCTION, base_url=BASE, database_url=database_url), FEATURES)
    app.extensions["known_safe"] = True
    app.test_client_class = Visitor
    return app


def visitor(app: Flask, signed_in: bool) -> FlaskClient:
    client = app.test_client()
    if signed_in:
        with client.session_transaction(base_url=BASE) as session:
            session["_user_id"] = "staff:1:1"
    return client


@pytest.fixture
def broken(settings: Settings) -> Iterator[Flask]:
    """A server whose tables are gone."""
    app = running(settings)
    engine = sa.create_engine(settings.database)
    with engine.begin() as connection:
        for table in ("staff_member", "activity", "project"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_gone")
    engine.dispose()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_missing_table_is_an_incident_with_a_number(broken: Flask, signed_in: bool) -> None:
    client = visitor(broken, signed_in)
    answers = {address: client.get(address, base_url=BASE) for address in ADDRESSES}
    assert answers["/"].status_code == 500
    assert "Incident number" in client.get("/?lang=en", base_url=BASE).text
    if signed_in:
        assert answers["/staff/"].status_code == 500
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 500}
    assert all("<h1>" in answer.text for answer in answers.values() if answer.mimetype == "text/html")


def test_an_incident_whose_page_fails_too_has_a_last_page(broken: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken.jinja_env.globals["language"] = None  # every layout calls it
    monkeypatch.setattr(broken.jinja_env, "cache", None)
    answer = visitor(broken, signed_in=False).get("/", base_url=BASE)
    assert answer.status_code == 500
    assert "エラーが起きました" in answer.text
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_server_that_cannot_be_reached_is_busy_not_broken(settings: Settings, signed_in: bool) -> None:
    client = visitor(running(settings, "postgresql://nobody@127.0.0.1:1/none"), signed_in)
    for address in ("/", *(("/staff/", "/me") if signed_in else ())):
        answer = client.get(address, base_url=BASE)
        assert (answer.status_code, bool(answer.headers.get("Retry-After"))) == (503, True), address
        assert "<h1>" in answer.text
    assert client.get("/healthz", base_url=BASE).status_code == 200


def failure(kind: type[Exception], *, lost: bool = False) -> DBAPIError:
    return OperationalError("SELECT 1", {}, kind("no more"), connection_invalidated=lost)


@pytest.mark.parametrize(
    "error",
    [
        failure(postgresql.OperationalError),
        failure(postgresql.AdminShutdown),
        failure(postgresql.CannotConnectNow),
        failure(postgresql.ConnectionFailure),
        failure(postgresql.LockNotAvailable),
        failure(postgresql.UndefinedTable, lost=True),
    ],
    ids=lambda error: type(error.orig).__name__,
)
def test_a_failing_connection_asks_for_another_try(error: DBAPIError) -> None:
    assert is_busy(error)


@pytest.mark.parametrize(
    "error",
    [failure(postgresql.UndefinedTable), failure(postgresql.DiskFull), failure(postgresql.InsufficientPrivilege)],
    ids=lambda error: type(error.orig).__name__,
)
def test_a_failing_statement_is_no_reason_to_try_again(error: DBAPIError) -> None:
    assert not is_busy(error)
