"""A resident's way through a questionnaire, as a browser without JavaScript takes it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Page:
    """A page as a person sees it, and the forms on it."""

    client: FlaskClient
    address: str
    answer: TestResponse

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.answer.text, "html5lib")

    @property
    def heading(self) -> str:
        found = self.soup.find("h1")
        return " ".join(found.get_text(" ", strip=True).split()) if found else ""

    @property
    def text(self) -> str:
        main = self.soup.find("main")
        return " ".join(main.get_text(" ", strip=True).split()) if main else ""

    def form(self, number: int = 0) -> Tag:
        """The page's form: the `number`-th in its main part."""
        main = self.soup.find("main")
        assert isinstance(main, Tag)
        return main.find_all("form", method="post")[number]

    def fields(self, number: int = 0) -> dict[str, list[str]]:
        """What the form would send if nothing were changed, buttons aside."""
        sent: dict[str, list[str]] = {}
        for control in self.form(number).find_all(["input", "textarea"]):
            if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
                continue
            value = control.text.removeprefix("\n") if control.name == "textarea" else control.get("value", "")
            sent.setdefault(str(control["name"]), []).append(str(value))
        return sent

    def send(self, number: int = 0, **changes: Any) -> "Page":
        """Send the form with some fields filled in (`None` leaves one out), and follow no redirect."""
        fields = self.fields(number)
        for name, value in changes.items():
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = list(value) if isinstance(value, list | tuple) else [str(value)]
        answer = self.client.post(self.address, data=fields)
        return Page(self.client, self.address, answer)

    def follow(self) -> "Page":
        assert self.answer.status_code in (302, 303), (self.answer.status_code, self.text[:500])
        return opens(self.client, self.answer.location)


def opens(client: FlaskClient, address: str) -> Page:
    return Page(client, address, client.get(address))


def answers(client: FlaskClient, slug: str, pages: list[dict[str, Any]], **headers: Any) -> Page:
    """Answer page by page up to the check."""
    page = opens(client, f"/surveys/{slug}/answer?section=1")
    for fields in pages:
        assert page.answer.status_code == 200, (page.answer.status_code, page.answer.location, page.text[:500])
        page = page.send(**fields).follow()
    return page


def sends(client: FlaskClient, slug: str, pages: list[dict[str, Any]], **contact: Any) -> Page:
    """Answer everything, send it, and return the receipt page."""
    return answers(client, slug, pages).send(**contact).follow()


def receipt_number(page: Page) -> str:
    found = page.soup.find(id="receipt-number")
    assert found is not None, page.text[:500]
    return found.get_text(strip=True)
