"""Accounts and posted codes in a real Chromium: the pages pass axe, and a form survives the end of its session, with and
without any script.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from civic import clock
from civic.identity import actions, codes
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.administration import queries as departments
from civic.identity.roles import Role
from tests import servers
from tests.browser.conftest import BROWSER, RULES, served, violations
from tests.cast import PASSWORD, Cast, Person, forget_last_code
from tests.factories.consultations import make_consultation
from tests.factories.registers import Citizens, make_citizens
from tests.factories.surveys import make_survey

pytestmark = BROWSER


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The application behind a real server on a port of its own."""
    with served(app) as address:
        yield address


@pytest.fixture
def chromium(origin: str) -> Iterator[Browser]:
    """A browser for one test, begun after the application and ended before it: Playwright's event loop stands in the
    way of an application context that begins or ends in its thread."""
    path = servers.need(servers.chromium(), "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, origin: str) -> Iterator[BrowserContext]:
    """A browser without a session that reads English."""
    with chromium.new_context(base_url=origin, locale="en-GB") as context:
        yield context


@pytest.fixture
def bare(chromium: Browser, origin: str) -> Iterator[BrowserContext]:
    """The same without JavaScript."""
    with chromium.new_context(base_url=origin, locale="en-GB", java_script_enabled=False) as context:
        yield context


def enter(page: Page, person: Person) -> None:
    """Fill in both steps of signing in, from the page where one stands."""
    page.get_by_label("Mail address or sign-in name").fill(person.login)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    if person.secret:
        forget_last_code(person)
        page.get_by_label("Confirmation code").fill(codes.totp_at(person.secret, codes.step_at(clock.now())))
        page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_account_page_passes_axe_and_fits_the_screen(
    cast: Cast, visitor: BrowserContext, language: str, width: int
) -> None:
    page = visitor.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    token = administration.create_staff("sato", [(Role.ADMIN, None)], actor=OPERATOR).token
    reset = actions.forgot_password(cast.resident.login)
    signed_out = ["/sign-in", "/sign-up", "/sign-up/mailed", "/password", f"/links/{token}", f"/links/{reset}"]
    for address in signed_out:
        check(page, address, language, width)
    page.goto("/sign-in?lang=en")
    enter(page, cast.resident)
    for address in ("/me/address", "/me/delete", "/password"):
        check(page, address, language, width)


def check(page: Page, address: str, language: str, width: int) -> None:
    page.goto(f"{address}?lang={language}")
    assert Axe().run(page, options=RULES).response["violations"] == [], address
    assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_a_wrong_sign_in_keeps_the_name_and_leads_to_the_field(cast: Cast, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/sign-in")
    page.get_by_label("Mail address or sign-in name").fill(cast.resident.login)
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Mail address or sign-in name")).to_have_value(cast.resident.login)
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="My page")).to_be_visible()


def test_a_form_survives_the_end_of_its_session_without_any_script(cast: Cast, bare: BrowserContext) -> None:
    page = bare.new_page()
    page.goto("/sign-in?next=/admin/departments")
    enter(page, cast.admin)
    page.get_by_label("Name in Japanese").fill("公園課 <緑>")
    page.get_by_label("Short name in addresses and commands").fill("parks")
    bare.clear_cookies(name="session")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    expect(page.get_by_text("公園課 <緑>")).to_be_visible()
    enter(page, cast.admin)
    expect(page.get_by_role("heading", name="You are signed in again")).to_be_visible()
    assert not departments.departments()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("cell", name="parks")).to_be_visible()


@pytest.fixture(params=["visitor", "bare"])
def resident(request: pytest.FixtureRequest) -> Page:
    """A resident's browser, with and without JavaScript."""
    context: BrowserContext = request.getfixturevalue(request.param)
    return context.new_page()


@pytest.fixture
def citizens(cast: Cast, tmp_path: Path) -> Citizens:
    """The register whose people answer a survey and comment on a plan."""
    found = make_citizens(tmp_path)
    make_survey(cast, **found.settings)
    make_consultation(cast, **found.settings)
    return found


def enter_code(page: Page, citizens: Citizens) -> None:
    """Enter a posted code and the date of birth, and go on."""
    for name, words in citizens.entered("A-1").items():
        page.locator(f"[name='{name}']").fill(words)
    page.get_by_role("button", name="Go on").click()


def is_sound(page: Page, width: int) -> None:
    """Nothing for axe to find, and nothing wider than the screen."""
    page.set_viewport_size({"width": width, "height": 900})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_that_asks_for_a_code_again_is_sound(citizens: Citizens, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/surveys/playgrounds/answer")
    enter_code(page, citizens)
    page.locator("[name=age]").fill("four")
    citizens.end("A-1")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    for width in (320, 1280):
        is_sound(page, width)


def test_a_section_of_a_survey_survives_the_end_of_a_posted_code(citizens: Citizens, resident: Page) -> None:
    page = resident
    page.goto("/surveys/playgrounds/answer")
    enter_code(page, citizens)
    page.locator("[name=age]").fill("4")
    page.get_by_role("button", name="Go on").click()
    page.locator("[name=place][value=park]").check()
    page.get_by_role("button", name="Go on").click()
    typed = {"last_visit.year": "令和8", "last_visit.month": "", "last_visit.day": "three"}
    for name, words in typed.items():
        page.locator(f"[name='{name}']").fill(words)
    page.locator("[name=satisfied][value=fairly]").check()
    before = page.url
    citizens.end("A-1")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    expect(page.get_by_text("令和8 / three")).to_be_visible()
    enter_code(page, citizens)
    expect(page).to_have_url(before)
    for name, words in typed.items():
        expect(page.locator(f"[name='{name}']")).to_have_value(words)
    expect(page.locator("[name=satisfied][value=fairly]")).to_be_checked()
    page.locator("[name='last_visit.month']").fill("11")
    page.locator("[name='last_visit.day']").fill("3")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[name=problems]").first).to_be_visible()


def test_a_comment_on_a_paragraph_survives_the_end_of_a_posted_code(citizens: Citizens, resident: Page) -> None:
    page = resident
    page.goto("/consultations/transport-plan/comment?passage=p4")
    enter_code(page, citizens)
    page.goto("/consultations/transport-plan?passage=p4")
    page.locator("[name=body]").fill("Later buses,\nplease.")
    page.locator("[name=stance][value=change]").check()
    citizens.end("A-1")
    page.locator("main form button:not([name])").last.click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    enter_code(page, citizens)
    expect(page.locator("[name=body]")).to_have_value("Later buses,\nplease.")
    expect(page.locator("[name=stance][value=change]")).to_be_checked()
    page.locator("[name=category][value=lives]").check()
    page.locator("main form button:not([name])").last.click()
    expect(page.locator("#receipt-number")).to_be_visible()
