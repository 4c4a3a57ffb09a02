"""The chain: added to, never changed, and when somebody changes it past the database's guard, noticed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import triggers
from civic.audit import chain
from civic.audit.acts import act
from civic.audit.feature import TRIGGERS
from civic.db import db, writing


@pytest.fixture(autouse=True)
def three_records(app: Flask) -> None:
    app.extensions["acts"]["test.tried"] = act("test.tried", "number")
    for number in (1, 2, 3):
        with writing() as session:
            chain.record(session, "test.tried", "operator", f"try:{number}", number=number)


@contextmanager
def past_the_guard() -> Iterator[sa.Connection]:
    """A change by somebody who owns the database and took the triggers away first."""
    db.session.close()
    engine = sa.create_engine(db.engine.url)
    with engine.begin() as connection:
        suffix = "" if engine.dialect.name == "sqlite" else " ON audit_record"
        for name in TRIGGERS[engine.dialect.name]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}{suffix}")
        yield connection
    engine.dispose()


def test_an_untouched_chain_fits(app: Flask) -> None:
    report = chain.verify()
    assert (report.records, report.problems) == (3, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET subject = 'try:9' WHERE id = 2",
        "DELETE FROM audit_record WHERE id = 2",
    ],
)
def test_the_database_refuses_every_change(app: Flask, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="audit records are never changed"), writing() as session:
        session.execute(sa.text(statement))
    db.session.rollback()
    assert chain.verify().problems == ()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit_record SET subject = 'try:9' WHERE id = 2", "record 2 was changed"),
        ("UPDATE audit_record SET at = '2026-01-01 00:00:00' WHERE id = 3", "record 3 was changed"),
        ("UPDATE audit_record SET actor = 'staff:1' WHERE id = 1", "record 1 was changed"),
        ("DELETE FROM audit_record WHERE id = 2", "record 3 does not follow the record before it"),
        ("DELETE FROM audit_record WHERE id = 1", "record 2 does not follow the record before it"),
    ],
)
def test_a_change_past_the_guard_is_found(app: Flask, statement: str, problem: str) -> None:
    with past_the_guard() as connection:
        connection.execute(sa.text(statement))
    assert chain.verify().problems == (problem,)
    assert triggers.missing() == sorted(TRIGGERS[db.engine.dialect.name])


def test_records_cut_off_at_the_end_are_found_only_with_an_anchor(app: Flask) -> None:
    report = chain.verify()
    with past_the_guard() as connection:
        connection.execute(sa.text("DELETE FROM audit_record WHERE id = 3"))
    assert chain.verify().problems == ()
    assert chain.verify((report.last, report.head)).problems == (
        "the anchor is not in the chain: records are missing or were rewritten",
    )


def test_the_command_checks_against_its_own_earlier_answer(app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    noted = run(args=["ops", "verify-audit", "--json"])
    assert noted.exit_code == 0
    assert json.loads(noted.stdout)["records"] == 3
    anchor = tmp_path / "anchor.json"
    anchor.write_text(noted.stdout)
    assert run(args=["ops", "verify-audit", "--anchor", str(anchor)]).exit_code == 0
    with past_the_guard() as connection:
        connection.execute(sa.text("DELETE FROM audit_record WHERE id = 3"))
    cut = run(args=["ops", "verify-audit", "--anchor", str(anchor), "--json"])
    assert cut.exit_code == 1
    assert "anchor" in json.loads(cut.stdout)["problems"][0]
    anchor.write_text("[]")
    assert run(args=["ops", "verify-audit", "--anchor", str(anchor)]).exit_code == 2


def test_an_undeclared_act_or_value_is_not_recorded(app: Flask) -> None:
    def tries(name: str, **details: Any) -> None:
        with writing() as session:
            chain.record(session, name, "operator", **details)

    with pytest.raises(chain.UndeclaredAct):
        tries("test.unheard-of")
    with pytest.raises(chain.UndeclaredAct):
        tries("test.tried", number=1, address=2)


def test_a_rolled_back_act_leaves_no_record(app: Flask) -> None:
    def fails_after_recording() -> None:
        with writing() as session:
            chain.record(session, "test.tried", "operator", number=4)
            raise KeyError

    with pytest.raises(KeyError):
        fails_after_recording()
    assert chain.verify().records == 3


def test_the_triggers_are_those_the_code_knows(app: Flask) -> None:
    assert triggers.installed() == triggers.expected()
