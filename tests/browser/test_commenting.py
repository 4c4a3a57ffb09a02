"""A resident comments on a passage in a real Chromium: by touch, by keyboard alone, and without any script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BROWSER, served, violations, visit
from tests.walks.town import Town

pytestmark = BROWSER

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WORDS = "22時10分では、県立病院の遅番が終わってからでは間に合いません。"


@pytest.fixture
def origin(town: Town) -> Iterator[str]:
    town.restore()
    with served(town.app) as address:
        yield address
    town.restore()


def sound(page: Page) -> None:
    """Nothing for axe to find, and nothing wider than the screen."""
    assert violations(page) == []
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_on_a_phone_a_passage_is_touched_written_on_looked_at_and_sent(origin: str, chromium: Browser) -> None:
    with visit(chromium, origin, **PHONE) as page:
        page.goto("/consultations/plan")
        sound(page)
        page.get_by_role("link", name="この段落に意見を書く (2-2)").tap()
        form = page.locator("#p5.passage--open form")
        expect(form).to_be_in_viewport()
        sound(page)
        form.get_by_role("radio", name="一部を変えてほしい").check()
        form.get_by_role("textbox", name="意見と、その理由").fill(WORDS)
        expect(form).to_contain_text(f"あと {20_000 - len(WORDS):,}文字")
        form.get_by_role("radio", name="市内で働いている").check()
        form.get_by_role("button", name="意見を送る").tap()
        expect(page.locator("[data-error-summary]")).to_be_focused()
        sound(page)
        expect(page.get_by_role("textbox", name="意見と、その理由")).to_have_value(WORDS)
        page.get_by_label("勤務先").fill("県立病院")
        page.get_by_role("button", name="送る前に確かめる").tap()
        expect(page.get_by_role("main")).to_contain_text("県立病院")
        sound(page)
        page.get_by_role("button", name="意見を送る").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("意見を受け付けました")
        sound(page)
        number = page.locator("#receipt-number").inner_text()
        page.goto("/receipt")
        page.locator("[name=number]").fill(number)
        page.get_by_role("main").get_by_role("button").first.tap()
        expect(page.get_by_role("main")).to_contain_text(WORDS)
        sound(page)


def test_by_keyboard_alone(origin: str, chromium: Browser) -> None:
    with visit(chromium, origin) as page:
        page.goto("/consultations/plan")
        tab_to(page, "この段落に意見を書く (2-2)")
        page.keyboard.press("Enter")
        page.wait_for_url("**passage=p5**")
        tab_to(page, "賛成")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("賛成です。")
        tab_to(page, "市内に住んでいる")
        page.keyboard.press("Space")
        tab_to(page, "意見を送る")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("意見を受け付けました")


def tab_to(page: Page, words: str) -> None:
    """Go on with the tabulator until what has the focus says these words."""
    page.wait_for_load_state()
    for _ in range(80):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement?.closest('label') ?? document.activeElement)?.innerText ?? ''")
        if " ".join(said.split()) == words or "".join(said.split()) == "".join(words.split()):
            return
    raise AssertionError(f"the tabulator never comes to {words!r}")


def test_without_script_everything_is_there(origin: str, chromium: Browser) -> None:
    with visit(chromium, origin, java_script_enabled=False) as page:
        page.goto("/consultations/plan")
        page.get_by_role("link", name="この段落に意見を書く (2-2)").click()
        page.locator("[name=body]").fill(WORDS)
        page.locator("[name=category][value=lives]").check()
        page.get_by_role("button", name="送る前に確かめる").click()
        page.get_by_role("button", name="書き直す").click()
        expect(page.locator("[name=body]")).to_have_value(WORDS)
        page.locator("[name=name]").fill("山田花子")
        page.get_by_role("button", name="意見を送る").click()
        number = page.locator("#receipt-number").inner_text()
        page.get_by_role("link", name="意見を取り下げる").click()
        page.locator("[name=number]").fill(number)
        page.locator("[name=contact]").fill("山田 花子")
        page.get_by_role("button", name="この意見を取り下げる").click()
        expect(page.get_by_role("main")).to_contain_text("意見を取り下げました")


def test_what_was_typed_is_there_again_until_it_arrived(origin: str, chromium: Browser) -> None:
    with visit(chromium, origin) as page:
        page.goto("/consultations/plan/comment")
        page.locator("[name=body]").fill(WORDS)
        page.goto("/")
        page.goto("/consultations/plan/comment")
        expect(page.locator("[name=body]")).to_have_value(WORDS)
        page.locator("[name=category][value=lives]").check()
        page.get_by_role("button", name="意見を送る").click()
        page.wait_for_url("**/done")
        page.goto("/consultations/plan/comment")
        expect(page.locator("[name=body]")).to_have_value("")
