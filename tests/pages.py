"""Pages as a person uses them: opened, read, filled in by label, sent by the button's words."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Page:
    """An answer of the application, as a browser shows it."""

    client: FlaskClient
    response: TestResponse
    address: str

    @cached_property
    def html(self) -> BeautifulSoup:
        """The page as a browser reads it, read when first looked at."""
        return BeautifulSoup(self.response.data, "html5lib")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """All words of the page, white space folded."""
        return " ".join(self.html.get_text(" ").split())

    @property
    def heading(self) -> str:
        """The page's one h1."""
        found = self.html.find_all("h1")
        assert len(found) == 1, f"{self.address}: {len(found)} h1"
        return " ".join(found[0].get_text(" ").split())

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [" ".join(item.get_text(" ").split()) for item in self.html.select(".error-summary li")]

    def form(self, button: str) -> "Form":
        """The form with the button of these words (its name may also be an aria-label)."""
        for found in self.html.select("form button"):
            words = " ".join(found.get_text(" ").split()) or str(found.get("aria-label", ""))
            if words == button or found.get("aria-label") == button:
                form = found.find_parent("form")
                assert isinstance(form, Tag)
                return Form(self, form, found)
        raise AssertionError(f"{self.address} has no button {button!r}")

    def press(self, button: str, **fields: Any) -> "Page":
        """Fill in `fields` by name and press the button; follows the redirects a browser follows."""
        return self.form(button).send(**fields)

    def follow(self, words: str) -> "Page":
        """Open the link with these words."""
        link = next((a for a in self.html.find_all("a") if " ".join(a.get_text(" ").split()) == words), None)
        assert link is not None, f"{self.address} has no link {words!r}"
        return opens(self.client, str(link["href"]))


@dataclass
class Form:
    """One form of a page with the button that sends it."""

    page: Page
    tag: Tag
    button: Tag

    def values(self) -> dict[str, list[str]]:
        """What a browser would send: the present value of every control, and the pressed button."""
        sent: dict[str, list[str]] = {}

        def add(name: object, value: object) -> None:
            if name:
                sent.setdefault(str(name), []).append(str(value))

        for control in self.tag.select("input, select, textarea"):
            kind = control.get("type", "text")
            if control.name == "textarea":
                add(control.get("name"), control.get_text().removeprefix("\n"))
            elif control.name == "select":
                options = control.find_all("option")
                chosen = [option for option in options if option.has_attr("selected")] or options[:1]
                for option in chosen:
                    add(control.get("name"), option.get("value", option.get_text()))
            elif kind not in {"checkbox", "radio"} or control.has_attr("checked"):
                add(control.get("name"), control.get("value", "on" if kind in {"checkbox", "radio"} else ""))
        if self.button.get("name"):
            add(self.button["name"], self.button.get("value", ""))
        return sent

    def send(self, **fields: Any) -> Page:
        """Send with `fields` replaced (a list for several values; None leaves the field out)."""
        sent: dict[str, Any] = self.values()
        for name, value in fields.items():
            if value is None:
                sent.pop(name, None)
            else:
                sent[name] = value if isinstance(value, list) else [str(value)]
        action = str(self.tag.get("action") or self.page.address)
        if self.tag.get("method", "get").lower() == "get":
            return opens(self.page.client, action, query_string=sent)
        response = self.page.client.post(action, data=sent)
        if response.status_code == 307:
            action = response.headers["Location"]
            response = self.page.client.post(action, data=sent)
        if response.status_code == 303:
            return opens(self.page.client, response.headers["Location"])
        return Page(self.page.client, response, action)


def opens(client: FlaskClient, address: str, **options: Any) -> Page:
    """Open an address; fails on a server error."""
    response = client.get(address, **options)
    assert response.status_code < 500, f"{address}: {response.status_code}"
    return Page(client, response, address)
