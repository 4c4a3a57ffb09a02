"""Accounts in a real Chromium: the pages pass axe, and a form survives the end of its session without any script."""

from collections.abc import Iterator

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
from tests.browser.conftest import BROWSER, RULES, served
from tests.cast import PASSWORD, Cast, Person, forget_last_code

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
