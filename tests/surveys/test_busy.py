"""While somebody else writes: nothing is lost, the page comes back filled, and the same button works a moment later."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities.states import Channel
from civic.db import db
from surveys.models import Draft, Response
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey
from tests.surveys.walking import Page, answers, opens, receipt_number


@pytest.fixture(autouse=True)
def impatient(app: Flask) -> None:
    """Give up waiting for another writer after a moment."""
    db.session.close()
    db.engine.dispose()

    def hurry(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    sa.event.listen(db.engine, "connect", hurry)


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Another process holds the writer's lock."""
    other = sqlite3.connect(app.extensions["settings"].instance / "machikoe.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def asked_to_try_again(page: Page) -> None:
    assert page.answer.status_code == 503
    assert page.answer.headers["Retry-After"] == "5"
    assert "同じボタンを押してください" in page.text


def test_a_page_of_answers_comes_back_filled_and_is_taken_by_the_same_button(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    page = opens(app.test_client(), "/surveys/shade/answer?section=1")
    with locked(app):
        again = page.send(enough="yes")
    asked_to_try_again(again)
    assert again.fields()["enough"] == ["yes"]
    assert "section=check" in again.send().follow().address


def test_leaving_for_later_comes_back_filled(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    page = opens(app.test_client(), "/surveys/shade/answer?section=1")
    with locked(app):
        again = page.send(enough="yes", save="1")
    asked_to_try_again(again)
    assert again.send(save="1").follow().heading == "回答を保存しました"


def test_the_check_comes_back_with_the_address_and_sends_once(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    check = answers(app.test_client(), "shade", [{"enough": "yes"}])
    with locked(app):
        again = check.send(email="resident@example.jp")
    asked_to_try_again(again)
    assert again.fields()["email"] == ["resident@example.jp"]
    assert receipt_number(again.send().follow()) == receipt_number(check.send(email="resident@example.jp").follow())
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Response)).all()) == 1
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_a_keyed_form_comes_back_filled(app: Flask, cast: Cast) -> None:
    make_survey(cast, ONE_QUESTION, channels=(Channel.WEB, Channel.PAPER))
    page = opens(cast.client(cast.editor), "/staff/surveys/shade/collect/form")
    with locked(app):
        again = page.send(enough="yes", **{"form-channel": "paper"})
    asked_to_try_again(again)
    assert again.fields()["enough"] == ["yes"]
    assert again.send().answer.status_code == 303
