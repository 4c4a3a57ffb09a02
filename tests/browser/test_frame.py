"""The page of all components in a real Chromium: axe, small and large screens, the script's comforts, and no request off
the origin. The frame is served without a database, on a port of its own."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, jsonify, redirect, render_template_string, request
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader

from civic.web import samples
from tests.browser.conftest import BROWSER, RULES, served
from tests.civic.web.conftest import make_app

pytestmark = BROWSER

FORM = """{% extends "layouts/resident.html" %}{% block title %}用紙{% endblock %}
{% from "macros/forms.html" import form, button %}{% import "macros/inputs.html" as inputs %}
{% import "macros/tables.html" as tables %}
{% from "macros/show.html" import live_count %}
{% block content %}<h1>用紙</h1><p id="live">{{ live_count("1", "/count", 1) }}</p>
{% call form(keep="paper", guard=true) %}
{{ inputs.textarea("body", "意見", limit=10) }}
{{ inputs.choices("checkbox", "trouble", "困りごと", [{"value": "a", "label": "一"}, {"value": "b", "label": "二"},
                  {"value": "none", "label": "ない", "exclusive": true}]) }}
{{ tables.reorder("一", "q1", first=true) }}{{ tables.reorder("二", "q2") }}
{{ tables.reorder("三", "q3", last=true) }}
{{ button("送る") }}{% endcall %}{% endblock %}"""
DONE = """{% extends "layouts/resident.html" %}{% block title %}済み{% endblock %}
{% block content %}<h1 data-forget="paper">済み</h1>{% endblock %}"""
FAULTY = """<!doctype html><html lang=ja><title>x</title><link rel=icon href=/static/images/mark.svg>
<main><h1>x</h1><img src=/static/images/mark.svg><input></main>"""


PAPER = """{% extends "layouts/council.html" %}{% block title %}報告書{% endblock %}
{% import "macros/charts.html" as charts %}
{% block paper_line %}報告書 2026-11-20{% endblock %}
{% block content %}<h1>報告書</h1><article class="report measure stack">{% for part in range(6) %}
{{ charts.bar_figure("bars-%d" % part, say.question_two, say.n_line, say.finding_two, figures.bars, 1284, fold=true) }}
{% endfor %}</article>{% endblock %}"""


def with_pages(app: Flask) -> Flask:
    """The frame with a page of all components, a form, and a figure that rises."""
    figures = count(2)

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str | Response:
        if request.method == "GET" or "up" in request.form or "down" in request.form:
            return render_template_string(FORM)
        return redirect("/done", 303)

    @app.get("/paper")
    def paper() -> str:
        return render_template_string(PAPER, **samples.context())

    @app.get("/done")
    def done() -> str:
        return render_template_string(DONE)

    @app.get("/faulty")
    def faulty() -> str:
        return FAULTY

    @app.get("/count")
    def rising() -> Response:
        return jsonify(text=str(next(figures)))

    return app


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with served(with_pages(make_app())) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, origin: str) -> Iterator[Page]:
    """A page that fails the test on any script error, refused resource or request off the origin."""
    context = chromium.new_context(base_url=origin, locale="ja-JP", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    opened.on("request", lambda sent: None if sent.url.startswith(origin) else troubles.append(f"asked {sent.url}"))
    yield opened
    context.close()
    assert troubles == []


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_component_passes_axe_and_fits_the_screen(page: Page, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/components?lang={language}")
    found = Axe().run(page, options=RULES)
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_axe_sees_planted_faults(page: Page) -> None:
    page.goto("/faulty")
    assert {fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]} >= {"image-alt", "label"}


def test_a_page_with_errors_starts_at_their_summary(page: Page) -> None:
    page.goto("/components?lang=ja")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator(".error-list a").first.click()
    expect(page.locator("#mail")).to_be_focused()


def test_the_counter_counts_what_people_call_characters(page: Page) -> None:
    page.goto("/form")
    page.get_by_label("意見").fill("👨‍👩‍👧葛󠄀が")
    expect(page.locator("p.counter:not(.hide)")).to_have_text("あと 7文字 書けます")
    page.get_by_label("意見").fill("一二三四五六七八九十一二")
    expect(page.locator("p.counter--over")).to_have_text("2文字 多すぎます")
    expect(page.locator("[role=status].hide")).to_have_text("2文字 多すぎます")


def test_an_exclusive_answer_clears_the_others_and_they_clear_it(page: Page) -> None:
    page.goto("/form")
    page.get_by_label("一", exact=True).check()
    page.get_by_label("二", exact=True).check()
    page.get_by_label("ない").check()
    expect(page.get_by_label("一", exact=True)).not_to_be_checked()
    expect(page.get_by_label("二", exact=True)).not_to_be_checked()
    page.get_by_label("一", exact=True).check()
    expect(page.get_by_label("ない")).not_to_be_checked()


def test_typed_text_survives_another_language_and_goes_when_it_arrived(page: Page) -> None:
    page.goto("/form?lang=ja")
    page.get_by_label("意見").fill("日かげ")
    page.get_by_label("二", exact=True).check()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("意見")).to_have_value("日かげ")
    expect(page.get_by_label("二", exact=True)).to_be_checked()
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("heading", name="済み")).to_be_visible()
    page.goto("/form")
    expect(page.get_by_label("意見")).to_have_value("")


def test_text_typed_before_the_script_arrived_is_kept_too(page: Page) -> None:
    held: list[Route] = []
    page.goto("/form?lang=ja")
    page.get_by_label("一", exact=True).check()
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/machikoe.js*", lambda route: held.append(route))
    page.goto("/form?lang=ja", wait_until="commit")
    page.get_by_label("意見").fill("日かげ")
    page.get_by_label("二", exact=True).check()
    page.get_by_label("一", exact=True).uncheck()
    for _ in range(3_000):
        if held:
            break
        page.wait_for_timeout(10)
    held[0].continue_()
    page.wait_for_load_state()
    page.unroute_all()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("意見")).to_have_value("日かげ")
    expect(page.get_by_label("二", exact=True)).to_be_checked()
    expect(page.get_by_label("一", exact=True)).not_to_be_checked()


def test_leaving_with_unsent_text_asks_first_and_sending_does_not(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/form")
    page.goto("/done")
    assert asked == []
    page.goto("/form")
    page.get_by_label("意見").press_sequentially("日")
    page.goto("/done")
    assert asked == ["beforeunload"]


def test_a_figure_follows_its_address(page: Page) -> None:
    page.goto("/form")
    expect(page.locator("#live")).not_to_have_text("1", timeout=10_000)


def test_after_a_move_the_focus_stays_on_the_item(page: Page) -> None:
    page.goto("/form?lang=ja")
    page.get_by_role("button", name="「二」を上へ移す").click()
    expect(page.get_by_role("button", name="「二」を上へ移す")).to_be_focused()
    page.get_by_role("button", name="「三」を上へ移す").click()
    expect(page.get_by_role("button", name="「三」を上へ移す")).to_be_focused()


def test_the_receipt_number_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/components?lang=ja")
    page.get_by_role("button", name="番号をコピーする").click()
    expect(page.get_by_text("コピーしました")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "7QXD-94HT-MK26-W3ZB"


def test_a_button_prints_where_the_script_runs(page: Page) -> None:
    page.add_init_script("window.print = () => { document.title = 'printed' }")
    page.goto("/components?lang=ja")
    page.locator("[data-print]").click()
    expect(page).to_have_title("printed")


def test_every_printed_page_names_the_paper_and_its_number_and_shows_whole_tables(page: Page, tmp_path: Path) -> None:
    page.goto("/paper?lang=ja")
    page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(tmp_path / "paper.pdf").pages]
    assert len(sheets) > 1
    for number, text in enumerate(sheets, start=1):
        assert "2026-11-20" in text
        assert f"{number} / {len(sheets)}" in text
        assert text.count("20.9%") % 2 == 0, "a chart and its table stand on one page"
        assert "ログアウト" not in text


def test_on_paper_a_figure_s_heading_stays_with_its_chart(page: Page) -> None:
    page.goto("/paper?lang=ja")
    page.emulate_media(media="print")
    expect(page.locator(".figure__n").first).to_have_css("break-after", "avoid")
    expect(page.locator(".chart").first).to_have_css("break-before", "avoid")


def test_without_script_everything_is_there(chromium: Browser, origin: str) -> None:
    context = chromium.new_context(base_url=origin, java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto("/form?lang=ja")
    expect(page.locator("#body-limit")).to_have_text("10文字まで")
    page.locator(".menu summary").click()
    expect(page.locator(".menu").get_by_role("link", name="受付番号で調べる")).to_be_visible()
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("heading", name="済み")).to_be_visible()
    page.goto("/components?lang=ja")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator("[data-copy]")).to_be_hidden()
    context.close()


def test_the_keyboard_reaches_the_content_first_and_every_stop_is_seen(page: Page) -> None:
    page.goto("/form?lang=ja")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        ring = """() => { const at = document.activeElement, of = getComputedStyle(at.closest(".choice, .tick") ?? at);
                          return of.outlineStyle !== "none" && parseFloat(of.outlineWidth) >= 4 }"""
        assert page.evaluate(ring), page.evaluate("document.activeElement.outerHTML")
