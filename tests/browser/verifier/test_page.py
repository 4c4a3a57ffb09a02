"""The page around the JavaScript verifier, on a phone and on a desk: by mouse, keyboard and ear, in three languages."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BROWSER, violations
from tests.browser.verifier.harness import INDEX, board_of, cut, opened, paper, run, vector

pytestmark = BROWSER


@pytest.fixture(params=[320, 1280])
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": request.param, "height": 800}
    with opened(chromium, tmp_path_factory.mktemp("verifier"), viewport=size) as page:
        yield page


def test_a_good_board_is_shown_with_its_checks_totals_and_papers(page: Page) -> None:
    run(page, vector("valid/counted.json"), paper("控え.json", vector("valid/counted.receipt.json")))
    expect(page.get_by_role("heading", name="この掲示板は正しいものです")).to_be_focused()
    assert page.locator("[data-check]").count() == 12
    assert page.locator("[data-check]:not([data-state=passed])").count() == 0
    assert [row.split() for row in page.locator(".totals tbody tr").all_inner_texts()] == [
        ["案1", "9"],
        ["案2", "0"],
        ["白票", "2"],
    ]
    expect(page.get_by_text(INDEX["valid"]["valid/counted.json"]["vote"])).to_be_visible()
    expect(page.locator("[data-paper=included]")).to_contain_text("控え.json")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "締め切りに書かれた票の数が"), ("ja-easy", "が 違います。"), ("en", "another number of ballots")],
)
def test_a_bad_board_says_what_is_wrong_in_the_readers_language(page: Page, language: str, words: str) -> None:
    page.locator(f"[data-language={language}]").click()
    run(page, vector("refused/a_close_that_leaves_a_ballot_out.json"))
    refused = page.locator("[data-check=close]")
    expect(refused).to_have_attribute("data-state", "refused")
    assert words in refused.evaluate(
        "node => { for (const rt of node.querySelectorAll('rt')) rt.remove(); return node.innerText; }"
    )
    expect(page.locator("[data-check=result]")).to_have_attribute("data-state", "skipped")
    assert page.locator(".totals").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_changing_the_language_keeps_what_was_found(page: Page) -> None:
    run(page, vector("valid/open.json"))
    page.locator("[data-language=en]").click()
    expect(page.get_by_role("heading", name="This board is valid")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("#skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_without_a_file_the_page_says_what_to_do(page: Page) -> None:
    page.locator("#start").click()
    expect(page.locator("#error")).to_be_focused()
    expect(page.locator("#board")).to_have_attribute("aria-invalid", "true")
    assert page.title().startswith("エラー: ")
    assert violations(page) == []


def test_it_can_be_done_by_keyboard_and_heard(page: Page) -> None:
    page.evaluate(
        """() => { globalThis.heard = []; const status = document.getElementById("status");
        new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true, subtree: true }); }"""
    )
    page.set_input_files("#board", [paper("board.json", vector("valid/counted.json"))])
    page.locator("#papers").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused(timeout=60_000)
    heard = page.evaluate("heard")
    assert heard[0] == "確認を始めました。"
    assert heard[-1] == "この掲示板は正しいものです"
    assert len(heard) >= 12


def test_files_dropped_together_find_their_places(page: Page) -> None:
    page.evaluate(
        """([receipt, board]) => { const dropped = new DataTransfer();
        dropped.items.add(new File([receipt], "receipt.json")); dropped.items.add(new File([board], "board.json"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true })); }""",
        [vector("valid/counted.receipt.json"), vector("valid/counted.json")],
    )
    expect(page.locator("#board-chosen")).to_contain_text("board.json")
    expect(page.locator("#papers-chosen")).to_contain_text("receipt.json")
    page.locator("#start").click()
    expect(page.locator("[data-paper=included]")).to_be_visible(timeout=60_000)


def test_a_missing_ballot_speaks_against_the_board(page: Page) -> None:
    board, receipt = board_of("valid/counted.json"), vector("valid/counted.receipt.json")
    run(page, cut(board, json.loads(receipt)["entry"] - 1), paper("receipt.json", receipt))
    expect(page.locator("[data-verdict=refused]")).to_contain_text("お持ちのファイルと合いません")
    expect(page.locator("[data-paper=missing]")).to_contain_text("取っておき")
