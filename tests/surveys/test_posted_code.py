"""A page that is sent after the time of a posted code comes back as it was typed, to the person who typed it."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic import clock
from civic.db import db
from civic.identity import kept
from surveys.models import Draft
from tests.cast import Cast
from tests.factories.registers import Citizens, make_citizens
from tests.factories.surveys import make_survey
from tests.pages import Page, opens

TYPED = {
    "last_visit.year": "令和8", "last_visit.month": "13", "last_visit.day": "3 <b>", "satisfied": "fairly",
}  # fmt: skip
GO_ON = "次へ進む"
SEND = "この内容で回答を送る"
SAVE = "ここまでを保存して、あとで続ける"


@pytest.fixture
def citizens(app: Flask, tmp_path: Path) -> Citizens:
    found = make_citizens(tmp_path)
    make_survey(Cast(app), **found.settings)
    return found


def section(client: FlaskClient, citizens: Citizens, number: int = 3) -> Page:
    """A section of a person who entered her code and answered what comes before it."""
    client.set_cookie("language", "ja")
    page = opens(client, client.get("/surveys/playgrounds/answer").location)
    page = page.press(GO_ON, **citizens.entered("A-1"))
    for fields in [{"age": "4"}, {"place": "park"}][: number - 1]:
        page = page.press(GO_ON, **fields)
    return page


def values(page: Page) -> dict[str, str]:
    given = page.form(GO_ON).values()
    return {name: given[name][0] for name in TYPED if name in given}


def drafts() -> list[dict[str, object]]:
    db.session.rollback()
    return [dict(draft.answers) for draft in db.session.scalars(sa.select(Draft))]


def test_she_finds_her_section_with_every_value_as_typed_and_goes_on(app: Flask, citizens: Citizens) -> None:
    page = section(app.test_client(), citizens)
    before = drafts()
    citizens.end("A-1")
    asked = page.press(GO_ON, **TYPED)
    assert asked.status == 401
    assert asked.response.headers["Cache-Control"] == "no-store"
    assert "やや満足" in asked.text
    wrong = asked.press(GO_ON, **{**citizens.entered("A-1"), "birth_date.day": "2"})
    assert wrong.status == 422
    again = wrong.press(GO_ON, **citizens.entered("A-1"))
    assert (again.status, again.address, again.errors) == (200, page.address, [])
    assert values(again) == TYPED
    assert drafts() == before
    on = again.press(GO_ON, **{**TYPED, "last_visit.month": "11", "last_visit.day": "3"})
    assert on.address.endswith("section=4")


def test_a_code_whose_time_is_over_is_asked_for_again_too(app: Flask, citizens: Citizens) -> None:
    page = section(app.test_client(), citizens)
    with time_machine.travel(clock.now() + timedelta(hours=2, seconds=1)):
        again = page.press(SAVE, **TYPED).press(GO_ON, **citizens.entered("A-1"))
        assert values(again) == TYPED


def test_a_browser_that_lost_its_session_still_carries_what_was_typed(app: Flask, citizens: Citizens) -> None:
    client = app.test_client()
    page = section(client, citizens)
    client.delete_cookie("session")
    stale = page.press(GO_ON, **TYPED)
    assert stale.status == 400
    again = stale.press("同じ内容をもう一度送る").press(GO_ON, **citizens.entered("A-1"))
    assert values(again) == TYPED


def test_the_check_of_all_answers_comes_back_with_the_address_that_was_typed(app: Flask, citizens: Citizens) -> None:
    client = app.test_client()
    page = section(client, citizens)
    rest = [{**TYPED, "last_visit.month": "11", "last_visit.day": "3"}, {"problems": "none"}]
    rest += [{"wanted.shade_trees": "much", "wanted.water": "some", "wanted.rain": "no"}, {}]
    for fields in rest:
        page = page.press(GO_ON, **fields)
    citizens.end("A-1")
    again = page.press(SEND, email="hanako@example.jp").press(GO_ON, **citizens.entered("A-1"))
    assert again.form(SEND).values()["email"] == ["hanako@example.jp"]
    assert again.press(SEND).heading == "回答を受け付けました"


def test_another_person_at_the_same_browser_finds_nothing_of_it(app: Flask, citizens: Citizens) -> None:
    page = section(app.test_client(), citizens, 1)
    hers = page.html.select_one("form[data-keep]")
    citizens.end("A-1")
    other = page.press(GO_ON, age="1234").press(GO_ON, **citizens.entered("A-2"))
    assert other.status == 200
    assert other.form(GO_ON).values()["age"] == [""]
    his = other.html.select_one("form[data-keep]")
    assert hers is not None
    assert his is not None
    assert hers["data-keep"] != his["data-keep"]  # nor does the tab's own memory fill it in


def test_what_one_form_carried_fills_in_no_other(app: Flask, citizens: Citizens) -> None:
    page = section(app.test_client(), citizens)
    foreign = kept.sealed(kept.KeptForm("/surveys/playgrounds/answer?section=1", (("satisfied", "not"),)))
    answer = page.press(GO_ON, kept=foreign)
    assert answer.status == 422
    assert "satisfied" not in answer.form(GO_ON).values()
