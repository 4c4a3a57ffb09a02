"""Every kind of question, refused kindly: 422, the field marked and described, everything else still in the page."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.factories.surveys import make_survey
from tests.surveys.test_results import statements
from tests.surveys.walking import Page, opens

WORDS = {"ja": "問", "ja-easy": "{問/とい}", "en": "Q"}


def option(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": {language: f"{words} {code}" for language, words in WORDS.items()}, **more}


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": kind, "text": WORDS, **more}


CHOICES = [option("a"), option("b"), option("c", other=True)]
QUESTIONS = [
    question("one", "single", options=CHOICES, required=True),
    question("many", "multiple", options=[*CHOICES, option("none", exclusive=True)], max=2),
    question("level", "scale", options=[option("good"), option("bad")]),
    question("points", "nps"),
    question("years", "number", min=0, max=120),
    question("name", "short_text", max=5),
    question("words", "long_text", max=10),
    question("day", "date", min="2026-01-01"),
    question(
        "grid", "matrix", options=[option("yes"), option("no")], required=True, rows=[option("left"), option("right")]
    ),
]
EVERYTHING = {
    "version": 1,
    "slug": "everything",
    "title": WORDS,
    "languages": ["ja", "ja-easy", "en"],
    "sections": [{"code": "all", "title": WORDS, "questions": QUESTIONS}],
}
RIGHT: dict[str, Any] = {
    "one": "c",
    "one.other": "ベンチ",
    "many": ["a", "b"],
    "level": "good",
    "points": "10",
    "years": "42",
    "name": "さくら",
    "words": "日かげ",
    "day.year": "2026",
    "day.month": "11",
    "day.day": "23",
    "grid.left": "yes",
    "grid.right": "no",
}
WRONG = [
    ("one", {"one": None, "one.other": None}, "one-0"),
    ("an unknown choice", {"one": "zzz"}, "one-0"),
    ("two of one choice", {"one": ["a", "b"]}, "one-0"),
    ("other text", {"one.other": "あ" * 201}, "one.other"),
    ("too many choices", {"many": ["a", "b", "c"]}, "many-0"),
    ("an exclusive choice with another", {"many": ["a", "none"]}, "many-0"),
    ("scale", {"level": "middling"}, "level-0"),
    ("nps", {"points": "11"}, "points-0"),
    ("a word for a number", {"years": "四十二"}, "years"),
    ("a number out of range", {"years": "121"}, "years"),
    ("a doubled number", {"years": ["1", "2"]}, "years"),
    ("short text", {"name": "さくらがおか"}, "name"),
    ("long text", {"words": "日かげがもっとほしいです"}, "words"),
    ("month", {"day.month": "13"}, "day-month"),
    ("a day that is not", {"day.month": "2", "day.day": "30"}, "day-day"),
    ("a day too early", {"day.year": "2025"}, "day-year"),
    ("a row left out", {"grid.right": None}, "grid-right-0"),
    ("an unknown cell", {"grid.left": "maybe"}, "grid-left-0"),
]


@pytest.fixture
def page(app: Flask) -> Page:
    make_survey(Cast(app), EVERYTHING)
    return opens(app.test_client(), "/surveys/everything/answer?section=1")


@pytest.mark.parametrize(("story", "change", "control"), WRONG, ids=[story for story, _, _ in WRONG])
def test_a_wrong_value_is_refused_beside_its_field_and_the_rest_stays(
    page: Page, story: str, change: dict[str, Any], control: str
) -> None:
    sent = RIGHT | change
    refused = page.send(**sent)
    assert refused.answer.status_code == 422
    soup = refused.soup
    assert soup.title is not None
    assert soup.title.text.startswith("エラー")
    summary = soup.select_one("[data-error-summary] ul a")
    assert summary is not None
    assert summary["href"] == f"#{control}"
    wrong = soup.find(id=control)
    assert isinstance(wrong, Tag)
    assert wrong["aria-invalid"] == "true"
    assert summary.get_text(strip=True) in description_of(soup, wrong)
    kept = {name: values for name, values in refused.fields().items() if name not in ("csrf_token", "submission_key")}
    for name, value in RIGHT.items():
        if name not in change:
            assert kept[name] == (value if isinstance(value, list) else [value]), name


def description_of(soup: BeautifulSoup, control: Tag) -> str:
    """What a screen reader says about a control, or about the group it stands in."""
    for element in (control, *control.find_parents("fieldset")):
        for name in str(element.get("aria-describedby", "")).split():
            if name.endswith("-error"):
                described = soup.find(id=name)
                assert described is not None
                return described.get_text(strip=True)
    return ""


def test_what_is_right_goes_on_and_comes_back_as_it_was_stored(page: Page) -> None:
    check = page.send(**RIGHT).follow()
    assert check.answer.status_code == 200
    again = opens(page.client, "/surveys/everything/answer?section=1")
    kept = again.fields()
    assert {name: kept[name] for name in RIGHT} == {
        name: value if isinstance(value, list) else [value] for name, value in RIGHT.items()
    }


@pytest.mark.parametrize(
    "damage",
    [{"version": None}, {"version": "x"}, {"version": ["1", "1"]}, {"submission_key": None}, {"submission_key": "k"}],
    ids=str,
)
def test_a_damaged_form_is_refused_with_a_sentence_and_everything_typed(page: Page, damage: dict[str, Any]) -> None:
    refused = page.send(**(RIGHT | damage))
    assert refused.answer.status_code == 422
    assert "正しく届きませんでした" in refused.text
    assert refused.fields()["words"] == ["日かげ"]
    assert refused.send().answer.status_code == 303


def test_a_field_that_is_not_of_this_page_is_named(page: Page) -> None:
    refused = page.send(**RIGHT, stranger="1")
    assert refused.answer.status_code == 422
    assert "stranger" in refused.text


def test_a_page_number_that_is_none_is_not_found(client: FlaskClient, page: Page) -> None:
    for section in ("0", "2", "-1", "one", "１", "1e0", "check%20"):
        assert client.get(f"/surveys/everything/answer?section={section}").status_code == 404


def test_a_form_without_its_token_is_refused_and_may_be_sent_again(page: Page) -> None:
    refused = page.send(**RIGHT, csrf_token=None)
    assert refused.answer.status_code == 400
    assert "日かげ" in refused.text


def test_a_form_that_is_far_too_large_is_refused_with_a_sentence(page: Page) -> None:
    refused = page.send(**(RIGHT | {"words": "あ" * 1_000_000}))
    assert refused.answer.status_code == 422
    assert "字までです" in refused.text


def test_control_characters_and_lone_halves_of_letters_are_refused_or_cleaned(page: Page) -> None:
    for words in ("a\x00b", "\ud800", "\u202etxt"):
        fields = page.fields() | RIGHT
        answer = page.client.post(
            page.address, data={**fields, "words": words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
        )
        assert answer.status_code in (303, 400, 422)


def test_an_answer_page_asks_the_database_little(app: Flask, page: Page) -> None:
    page.send(**RIGHT)
    with statements() as seen:
        assert opens(page.client, page.address).answer.status_code == 200
    assert len(seen) <= 3
