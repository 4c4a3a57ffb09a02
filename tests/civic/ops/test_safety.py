"""An unsafe process serves nothing but /healthz, and says why to the operator."""

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask

from civic import keys, safety
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db, writing
from civic.identity.models import StaffMember
from civic.ops import keymark
from tests.cast import Cast
from tests.factories.surveys import make_survey
from wsgi import FEATURES


@pytest.fixture
def production(settings: Settings) -> Settings:
    """A production installation with nothing to complain about."""
    return replace(settings, mode=Mode.PRODUCTION, base_url="https://koe.example.jp")


def refusal(settings: Settings, caplog: pytest.LogCaptureFixture, change: Callable[[Flask], None] | None = None) -> str:
    """What is logged when a visitor comes; the page itself names no reason."""
    app = create_app(settings, FEATURES)
    with app.app_context():
        if change:
            change(app)
        db.session.rollback()
    with caplog.at_level(logging.ERROR, logger="civic.safety"):
        response = app.test_client().get("/", base_url=settings.base_url)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert app.test_client().get("/healthz").status_code == 200
    [record] = [record for record in caplog.records if record.name == "civic.safety"]
    assert record.getMessage().removeprefix("unsafe: ") not in response.text
    assert set(statuses(app, settings.base_url)) == {503}
    if not app.debug:  # the command line decides about debugging by itself
        assert app.test_cli_runner().invoke(args=["ops", "check"]).exit_code == 1
    return record.getMessage()


def statuses(app: Flask, base_url: str) -> Iterator[int]:
    """What every rule answers to every method, and an address with a NUL; as a stranger and with a session's cookie."""
    log = logging.getLogger("civic.safety")
    log.disabled = True
    asked = {("GET", "/nowhere"), ("GET", "/a%00b"), ("POST", "/a%00b"), ("PUT", "/"), ("HEAD", "/")}
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        asked |= {(method, address) for method in (rule.methods or set()) - {"HEAD"}}
    for signed_in in (False, True):
        client = app.test_client()
        if signed_in:
            with client.session_transaction(base_url=base_url) as session:
                session["_user_id"] = "staff:1:1"
        for method, address in sorted(asked - {("GET", "/healthz"), ("OPTIONS", "/healthz")}):
            answer = client.open(address, method=method, base_url=base_url)
            assert answer.headers.get("Retry-After"), f"{method} {address}"
            yield answer.status_code
    log.disabled = False


def sql(statement: str) -> Callable[[Flask], None]:
    def change(app: Flask) -> None:
        with writing() as session:
            session.execute(sa.text(statement))

    return change


def test_a_safe_production_serves(production: Settings) -> None:
    app = create_app(production, FEATURES)
    assert app.test_client().get("/", base_url=production.base_url).status_code == 200
    assert app.test_cli_runner().invoke(args=["ops", "check"]).exit_code == 0


def test_no_key(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(production.keys_folder)
    assert "no usable master key" in refusal(production, caplog)


def test_another_key_than_the_databases(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(production, FEATURES)
    with app.app_context():
        keymark.remember()
    (production.keys_folder / keys.MASTER).unlink()
    keys.create(production.keys_folder)
    assert "not the one this database was made with" in refusal(production, caplog)


def test_no_https(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert "BASE_URL is not https" in refusal(replace(production, base_url="http://koe.example.jp"), caplog)


def test_debug(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    def debug(app: Flask) -> None:
        app.debug = True

    assert "debug mode is on" in refusal(production, caplog, debug)


def test_demo_keys(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    (production.keys_folder / "demo").touch()
    assert "those of the demo city" in refusal(production, caplog)


def test_demo_accounts(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    def demo_account(app: Flask) -> None:
        with writing() as session:
            session.add(StaffMember(login="demo-editor", name="編集"))

    assert "demo accounts" in refusal(production, caplog, demo_account)


def test_migrations_behind(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    behind = sql("UPDATE alembic_version SET version_num = '0000'")
    assert "the database is at migration 0000" in refusal(production, caplog, behind)


def test_no_database(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    (production.instance / "machikoe.db").unlink()
    assert "not there or empty" in refusal(production, caplog)


def test_no_wal(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    engine = sa.create_engine(production.database)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()
    assert "not in WAL mode" in refusal(production, caplog)


def test_synchronous_below_full(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    def weaken(app: Flask) -> None:
        db.session.close()
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous=1"))

    assert "synchronous is below FULL" in refusal(production, caplog, weaken)


def test_an_audit_without_its_guard(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert "lacks the triggers" in refusal(production, caplog, sql("DROP TRIGGER audit_record_no_update"))


def test_activities_of_an_unknown_kind(production: Settings, caplog: pytest.LogCaptureFixture) -> None:
    def petition(app: Flask) -> None:
        make_survey(Cast(app))
        with writing() as session:
            session.execute(sa.text("UPDATE activity SET kind = 'petition'"))

    assert "a kind this program does not know: petition" in refusal(production, caplog, petition)


def test_the_demo_city_answers_this_machine_only(settings: Settings) -> None:
    client = create_app(replace(settings, mode=Mode.DEMO), FEATURES).test_client()
    assert client.get("/").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.168.1.7"}
    for method, address in (("GET", "/"), ("GET", "/staff/"), ("POST", "/sign-in"), ("GET", "/a%00b"), ("PUT", "/")):
        assert client.open(address, method=method, environ_overrides=elsewhere).status_code == 403, address


def test_the_newest_migration_is_the_one_alembic_means() -> None:
    config = Config()
    config.set_main_option("script_location", str(safety.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [safety.head_revision()]
