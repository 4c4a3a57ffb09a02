"""The editor of questionnaires in a real Chromium: moved by keyboard, deleted and taken back, saved by two people."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright

from civic.activities.states import State
from tests import servers
from tests.browser.city import City
from tests.browser.conftest import BROWSER, served
from tests.cast import Cast, Person
from tests.factories.surveys import make_survey

pytestmark = BROWSER

EDITOR = "/staff/surveys/playgrounds/questionnaire"


@pytest.fixture
def editor(app: Flask) -> Person:
    """Who writes the draft that every test starts with."""
    cast = Cast(app)
    make_survey(cast, state=State.DRAFT, slug="playgrounds")
    return cast.editor


@pytest.fixture
def city(app: Flask, editor: Person) -> Iterator[City]:
    with served(app) as origin, sync_playwright() as playwright:
        path = servers.need(servers.chromium(), "chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield City(app, origin, chromium)
        chromium.close()


@pytest.fixture
def page(city: City, editor: Person) -> Iterator[Page]:
    with city.colleague(editor) as opened:
        yield opened


@pytest.mark.parametrize(
    ("address", "item", "last"),
    [
        (EDITOR, "question", "Move question 2 up"),
        (f"{EDITOR}?question=place", "Option", "Move Option 2 up"),
        (EDITOR, "section", "Move section 2 up"),
    ],
)
def test_moving_by_keyboard_stays_on_what_moves(page: Page, address: str, item: str, last: str) -> None:
    page.goto(address)
    page.get_by_role("button", name=f"Move {item} 1 down").press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("button", name=f"Move {item} 2 down")).to_be_focused()
    page.get_by_role("button", name=last).press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("button", name=f"Move {item} 1 down")).to_be_focused()


def test_enter_in_a_text_saves_and_moves_nothing(page: Page) -> None:
    page.goto(f"{EDITOR}?question=place")
    first = page.locator("[name=options-0-ja]")
    words = first.input_value()
    first.fill(f"{words}など")
    first.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator("[name=options-0-ja]")).to_have_value(f"{words}など")


def test_a_deleted_question_comes_back_from_the_notice_that_says_so(page: Page) -> None:
    page.goto(EDITOR)
    questions = page.locator(".outline li")
    before = questions.all_text_contents()
    page.get_by_role("button", name="Delete this question").click()
    notice = page.get_by_role("status")
    expect(notice).to_contain_text("Question 1 was deleted.")
    expect(questions).to_have_count(len(before) - 1)
    notice.get_by_role("button", name="Undo this").click()
    expect(questions).to_have_text(before)


def test_a_form_older_than_a_colleagues_save_keeps_what_was_typed_in_the_words_of_the_form(
    city: City, page: Page, editor: Person
) -> None:
    page.goto(EDITOR)
    with page.context.new_page() as other:
        other.goto(EDITOR)
        other.get_by_label("Question in Japanese").fill("先に保存した文")
        other.get_by_role("button", name="Save question 1").click()
        expect(other.get_by_role("status")).to_contain_text("Saved.")
    page.get_by_label("Question in Japanese").fill("あとから書いた文")
    page.get_by_role("button", name="Save question 1").click()
    main = page.get_by_role("main")
    expect(main.get_by_role("definition").filter(has_text="あとから書いた文")).to_be_visible()
    assert "Question in Japanese" in main.get_by_role("term").all_inner_texts()
    for name in ("text_ja", "act", "join", "required"):
        expect(main.get_by_role("term").filter(has_text=name)).to_have_count(0)
    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()
    main.get_by_role("link", name="Open the new version").click()
    expect(page.get_by_label("Question in Japanese")).to_have_value("先に保存した文")


def test_the_editor_leads_to_the_questionnaire_as_residents_see_it(page: Page) -> None:
    page.goto(EDITOR)
    page.get_by_role("link", name="Try it as residents see it").click()
    expect(page.get_by_role("heading", name="Trial answer")).to_be_visible()
    page.goto("/staff/surveys/playgrounds/check")
    expect(page.get_by_role("link", name="Try it as residents see it")).to_be_visible()
