"""What the story of the whole loop needs beside its pages: people, acts behind a running browser, pictures."""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from flask import Flask
from playwright.sync_api import Browser, Page

from civic import clock
from civic.identity import codes
from tests.browser.conftest import visit
from tests.cast import Person, forget_last_code

T = TypeVar("T")
PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
MAKE_PICTURES: Final = os.environ.get("MACHIKOE_PICTURES") == "1"


@dataclass
class City:
    """The application behind `origin`, and a Chromium to visit it with."""

    app: Flask
    origin: str
    chromium: Browser

    def beside(self, act: Callable[[], T]) -> T:
        """What `act` returns in an application context of another thread: Playwright keeps this one busy."""

        def within() -> T:
            with self.app.app_context():
                return act()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(within).result()

    @contextmanager
    def visitor(self, width: int = 1280, **options: Any) -> Iterator[Page]:
        """A resident's browser that reads Japanese."""
        with visit(self.chromium, self.origin, viewport={"width": width, "height": 900}, **options) as page:
            yield page

    @contextmanager
    def colleague(self, person: Person) -> Iterator[Page]:
        """The browser of a member of staff or council, in English, signed in with password and code."""
        with visit(
            self.chromium, self.origin, locale="en-GB", viewport={"width": 1280, "height": 900}, accept_downloads=True
        ) as page:
            page.goto("/sign-in")
            page.get_by_label("Mail address or sign-in name").fill(person.login)
            page.get_by_label("Password").fill(person.password)
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            self.beside(lambda: forget_last_code(person))
            assert person.secret is not None
            page.get_by_label("Confirmation code").fill(codes.totp_at(person.secret, codes.step_at(clock.now())))
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(lambda address: "/sign-in" not in address)
            yield page


def picture(page: Page, name: str, height: int = 900) -> None:
    """Keep the page as a picture for the README, in Japanese, when MACHIKOE_PICTURES=1."""
    if not MAKE_PICTURES:
        return
    before = page.evaluate("document.documentElement.lang")
    show_in(page, "ja")
    size = page.viewport_size or {"width": 1280, "height": 900}
    page.set_viewport_size({"width": size["width"], "height": height})
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size(size)
    show_in(page, before)


def show_in(page: Page, language: str) -> None:
    """The same page in another language, unless it is in it already."""
    if page.evaluate("document.documentElement.lang") != language:
        path = re.sub(r"[?&]lang=[a-z-]+|#.*", "", page.url)
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")


def fill(page: Page, **values: str) -> None:
    """Fill in fields by name, also those folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for name, value in values.items():
        page.locator(f"main [name='{name}']").fill(value)


def words(name: str, ja: str, easy: str, en: str) -> dict[str, str]:
    """The three fields of one text."""
    return {f"{name}_ja": ja, f"{name}_easy": easy, f"{name}_en": en}


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def confirm(page: Page, address: str, button: str) -> None:
    """An act that asks first: type the four characters where they are asked for, then press."""
    page.goto(address)
    if page.locator("#typed-hint").count():
        page.locator("[name=typed]").fill(page.locator("#typed-hint").inner_text().strip()[-4:])
    press(page, button)
    page.wait_for_url(lambda now: not now.partition("?")[0].endswith(address.partition("?")[0]))
