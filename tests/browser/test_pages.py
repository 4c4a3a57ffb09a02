"""Every page of the product in a real Chromium: sound for axe, on a phone, on a desk, enlarged, and asking nobody else."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BROWSER, served, violations, visit
from tests.walks.test_languages import READERS, everybodys_pages
from tests.walks.town import Town

pytestmark = BROWSER

PHONE, DESK = 390, 1280
NARROWEST = 320
TWICE_AS_LARGE = DESK // 2  # what is left of a desk's screen at 200 %
FORMS = (  # address, who, and the button that sends the form with what it requires missing
    ("/sign-in", "anonymous"),
    ("/sign-up", "anonymous"),
    ("/receipt", "anonymous"),
    ("/surveys/shade/answer", "anonymous"),
    ("/surveys/open/resume", "anonymous"),
    ("/code/citizens", "anonymous"),
    ("/consultations/plan/comment", "anonymous"),
    ("/consultations/plan/withdraw", "anonymous"),
    ("/me/address", "resident"),
    ("/me/delete", "resident"),
    ("/staff/surveys/new", "editor"),
    ("/staff/projects/new", "editor"),
    ("/staff/activities/open/extend", "editor"),
    ("/staff/activities/handed-in/send-back", "approver"),
    ("/staff/reports/new", "analyst"),
    ("/admin/staff/invite", "admin"),
    ("/admin/departments", "admin"),
)


@pytest.fixture(scope="module")
def origin(town: Town) -> Iterator[str]:
    with served(town.app) as address:
        yield address


@pytest.fixture(scope="module")
def pages(town: Town) -> list[tuple[str, str]]:
    """Every page with somebody who may open it, found before Chromium runs; the last one is refused."""
    return [*everybodys_pages(town), ("/admin/staff", "resident")]


@pytest.mark.parametrize("who", READERS)
def test_every_page_is_sound_and_fits_every_screen(
    pages: list[tuple[str, str]], town: Town, origin: str, chromium: Browser, who: str
) -> None:
    faults: list[str] = []
    with visit(chromium, origin, town.cookies[who]) as page:
        for address in [address for address, reader in pages if reader == who]:
            page.goto(f"{address}?lang=ja")
            faults += [f"{address} {fault}" for fault in faults_at_all_widths(page)]
    assert faults == []


def faults_at_all_widths(page: Page) -> Iterator[str]:
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        yield from (f"at {width}: {fault}" for fault in violations(page))
    for width in (NARROWEST, TWICE_AS_LARGE):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"at {width}: {wide} wide"


def test_every_form_that_came_back_with_errors_is_sound(town: Town, origin: str, chromium: Browser) -> None:
    faults: list[str] = []
    for address, who in FORMS:
        with visit(chromium, origin, town.cookies[who], viewport={"width": PHONE, "height": 900}) as page:
            page.goto(f"{address}?lang=ja")
            page.locator("main form[method=post] button:not([name])").first.click()
            page.wait_for_load_state()
            summary = page.locator("[data-error-summary]")
            if not summary.count() or not summary.evaluate("one => one === document.activeElement"):
                faults.append(f"{address}: no focus on a summary of errors")
            if not page.locator("[aria-invalid=true]").count():
                faults.append(f"{address}: no field is marked")
            faults += [f"{address}: {fault}" for fault in violations(page)]
    assert faults == []


def test_the_first_page_weighs_at_most_100_kilobytes(town: Town, origin: str, chromium: Browser) -> None:
    bodies: dict[str, bytes] = {}
    with visit(chromium, origin) as page:
        page.on("response", lambda answer: bodies.update({answer.url: answer.body()}))
        page.goto("/", wait_until="networkidle")
    assert len(bodies) > 2
    assert sum(len(gzip.compress(body)) for body in bodies.values()) <= 100_000


@pytest.mark.parametrize("script", [True, False])
def test_a_form_whose_session_ended_keeps_what_was_typed_and_is_sent_again(
    town: Town, origin: str, chromium: Browser, script: bool
) -> None:
    with visit(chromium, origin, java_script_enabled=script) as page:
        page.goto("/receipt")
        page.locator("[name=number]").fill("7QXD-94HT-MK26-W3ZB")
        page.context.clear_cookies()
        page.get_by_role("main").get_by_role("button").first.click()
        main = page.get_by_role("main")
        expect(main).to_contain_text("7QXD-94HT-MK26-W3ZB")
        main.get_by_role("button").first.click()
        expect(page.locator("[name=number]")).to_have_value("7QXD-94HT-MK26-W3ZB")
        expect(page.locator("[data-error-summary]")).to_be_visible()
