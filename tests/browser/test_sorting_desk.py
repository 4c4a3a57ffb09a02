"""The sorting desk in a real Chromium: keys in the list only, parts by selecting, and the same without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BROWSER, served, violations, visit
from tests.walks.town import Town

pytestmark = BROWSER

DESK = "/staff/consultations/sorted/groups?lang=ja"
COMMENT = "/staff/consultations/sorted/comments/1?lang=ja"


@pytest.fixture(scope="module")
def origin(town: Town) -> Iterator[str]:
    with served(town.app) as address:
        yield address


@pytest.fixture(autouse=True)
def fresh(town: Town) -> Iterator[None]:
    yield
    town.restore()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_keys_move_and_choose_only_while_the_list_has_the_focus_and_can_be_switched_off(
    town: Town, origin: str, chromium: Browser
) -> None:
    with visit(chromium, origin, town.cookies["editor"]) as page:
        page.goto(DESK)
        page.keyboard.press("j")
        assert focused(page) != "item-1"
        page.locator("#item-0").focus()
        page.keyboard.press("j")
        assert focused(page) == "item-1"
        page.keyboard.press("x")
        expect(page.locator("#item-1")).to_be_checked()
        expect(page.locator("[data-chosen]")).to_contain_text("1")
        page.keyboard.press("k")
        assert focused(page) == "item-0"
        page.keyboard.press("m")
        assert focused(page) == "to"
        page.get_by_label("このキーを使う").uncheck()
        page.reload()
        page.locator("#item-0").focus()
        page.keyboard.press("j")
        assert focused(page) == "item-0"


def test_after_a_move_the_focus_is_on_the_next_opinion(town: Town, origin: str, chromium: Browser) -> None:
    with visit(chromium, origin, town.cookies["editor"]) as page:
        page.goto(DESK)
        boxes = page.locator(".desk-row input")
        before = boxes.count()
        boxes.nth(1).check()
        following = boxes.nth(2).get_attribute("value")
        page.locator("#to").select_option("2")
        page.get_by_role("button", name="選んだ意見を移す").click()
        expect(boxes).to_have_count(before - 1)
        expect(page.locator(f".desk-row input[value='{following}']")).to_be_focused()
        page.get_by_role("button", name="元に戻す").first.click()
        expect(boxes).to_have_count(before)


def test_a_part_selected_with_the_pointer_or_the_keyboard_fills_the_fields(
    town: Town, origin: str, chromium: Browser
) -> None:
    with visit(chromium, origin, town.cookies["editor"]) as page:
        page.goto(COMMENT)
        page.evaluate(
            """() => { const text = document.querySelector("[data-received]"), range = document.createRange();
            const words = text.querySelector("mark").firstChild; range.setStart(words, 14); range.setEnd(words, 27);
            getSelection().removeAllRanges(); getSelection().addRange(range);
            text.dispatchEvent(new MouseEvent("mouseup", { bubbles: true })); }"""
        )
        expect(page.locator("#first")).to_have_value("停留所に屋根もほしいです。")
        assert page.locator("[data-cut=start]").input_value() == "14"
        page.get_by_text("キーボードで選ぶ").click()
        area = page.locator("[data-select-text]")
        area.focus()
        page.keyboard.press("Control+Home")
        for _time in range(4):
            page.keyboard.press("Shift+ArrowRight")
        expect(page.locator("#first")).to_have_value("最終バス")
        expect(page.locator("[data-select-status]")).to_contain_text("4")
        page.get_by_role("button", name="分け方を見る").click()
        expect(page.get_by_role("main")).to_contain_text("まだ保存していません")
        assert violations(page) == []
        page.get_by_role("button", name="この分け方で保存する").click()
        expect(page.get_by_role("main")).to_contain_text("意見を項目に分けました。")
        expect(page.locator(".desk-parts li")).to_have_count(2)


def test_everything_is_done_by_buttons_without_a_script(town: Town, origin: str, chromium: Browser) -> None:
    with visit(chromium, origin, town.cookies["editor"], java_script_enabled=False) as page:
        page.goto(DESK)
        expect(page.locator("[data-desk-keys]")).to_be_hidden()
        page.locator(".desk-row input").first.check()
        page.locator("#new-title").fill("屋根")
        page.get_by_role("button", name="新しいまとまりを作る").click()
        expect(page.locator(".desk-tree")).to_contain_text("3. 屋根")
        page.goto(COMMENT)
        expect(page.get_by_text("キーボードで選ぶ")).to_be_hidden()
        page.locator("#first").fill("停留所")
        page.locator("#last").fill("ほしいです。")
        page.get_by_role("button", name="分け方を見る").click()
        page.get_by_role("button", name="この分け方で保存する").click()
        expect(page.locator(".desk-parts li")).to_have_count(2)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_the_desk_are_sound_and_fit(town: Town, origin: str, chromium: Browser, width: int) -> None:
    faults = []
    with visit(chromium, origin, town.cookies["editor"], viewport={"width": width, "height": 900}) as page:
        for address in (
            DESK, f"{DESK}&group=1", f"{COMMENT}&spans=0-14,14-27", "/staff/consultations/sorted/comments?lang=ja",
            "/staff/consultations/sorted/comments/1/author?lang=ja", "/staff/consultations/sorted/groups/topics?lang=ja",
        ):  # fmt: skip
            page.goto(address)
            faults += [f"{address}: {fault}" for fault in violations(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.goto(DESK)
        page.get_by_role("button", name="選んだ意見を移す").click()
        page.wait_for_load_state()
        assert page.locator("[data-error-summary]").evaluate("one => one === document.activeElement")
        faults += violations(page)
    assert faults == []
