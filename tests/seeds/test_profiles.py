"""Both profiles sown whole: every state, sums that fit, an audit without a gap, and the same answer for ever."""

import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities.models import Participation, TextReview
from civic.activities.queries import activity_by_slug
from civic.activities.states import Channel, State
from civic.db import db
from civic.identity.roles import Role
from civic.opendata import queries as opendata
from surveys.models import FreeText
from tests.cast import Person, sign_in

STATES = {str(state) for state in State}
ROLES = {str(role) for role in Role}


def ops(app: Flask, *command: str) -> str:
    """What an operator's command prints; it must succeed."""
    done = app.test_cli_runner().invoke(args=["ops", *command])
    assert done.exit_code == 0, done.output
    return done.stdout


def sow(app: Flask, profile: str) -> dict[str, Any]:
    """Sow twice and look at what holds of both profiles; the document."""
    first = ops(app, "seed", "--profile", profile, "--json")
    before = rows()
    assert ops(app, "seed", "--profile", profile, "--json") == first
    assert rows() == before
    assert json.loads(ops(app, "recount", "--json"))["mismatches"] == []
    assert json.loads(ops(app, "verify-audit", "--json"))["problems"] == []
    document: dict[str, Any] = json.loads(first)
    assert {one["state"] for one in document["activities"]} == STATES
    assert {one["role"] for one in document["accounts"]} >= ROLES | {"suspended"}
    assert {one["state"] for one in document["objects"]["reports"]} == {"published", "embargoed", "draft"}
    assert len(document["objects"]["register_codes"]) >= 10
    return document


def rows() -> dict[str, int]:
    """How many rows each table has."""
    db.session.rollback()
    tables = sa.inspect(db.engine).get_table_names()
    return {table: db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0 for table in tables}


def count(statement: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0


def test_the_demo_city_is_sown_whole(app: Flask) -> None:
    sow(app, "demo")
    assert count(sa.select(FreeText.id)) >= 120
    for slug in ("playgrounds", "bus-routes"):
        took_part = sa.select(Participation.id).where(Participation.activity_id == activity_by_slug(slug).id)
        assert count(took_part) >= 60
        for channel in (Channel.WEB, Channel.PAPER):
            assert count(took_part.where(Participation.channel == channel)) >= 10
    opened = activity_by_slug("waste-sorting")
    assert count(sa.select(Participation.id).where(Participation.activity_id == opened.id)) >= 20
    assert opendata.newest(opened.id) is not None
    answered = activity_by_slug("playgrounds")
    texts = count(sa.select(FreeText.id).where(FreeText.survey_id == answered.id))
    assert texts == count(sa.select(TextReview.id).where(TextReview.activity_id == answered.id))
    client = app.test_client()
    for page in ("/", "/surveys/playgrounds", "/surveys/playgrounds/results", "/reports/playgrounds"):
        for language in ("ja", "ja-easy", "en"):
            assert client.get(f"{page}?lang={language}").status_code == 200
    report = client.get("/reports/playgrounds").text
    assert "■" in report
    assert "090-0000-0000" not in report


def test_the_audit_profile_names_something_for_every_address(app: Flask) -> None:
    document = sow(app, "audit")
    ids = document["objects"]["ids"]
    parameters = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert parameters <= ids.keys()
    assert all(len(set(values)) == len(values) > 0 for values in ids.values())
    assert_everybody_can_sign_in(app, document)
    for receipt in document["objects"]["receipts"]:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", receipt)


def assert_everybody_can_sign_in(app: Flask, document: dict[str, Any]) -> None:
    """Each account at once, with the present code; only the suspended one cannot."""
    for one in document["accounts"]:
        person = Person(one["login"], 0, one["totp_secret"], one["password"])
        client = app.test_client()
        if one["role"] == "suspended":
            with pytest.raises(AssertionError):
                sign_in(client, person)
        else:
            sign_in(client, person)
            assert client.get("/me").status_code == 200
