"""Residents' comments as a browser sends them."""

from typing import Any

from bs4 import Tag
from flask.testing import FlaskClient

from tests.pages import Page, opens

SEND = "意見を送る"
CHECK = "送る前に確かめる"
WORDS: dict[str, Any] = {"body": "最終バスを遅くしてください。", "category": "lives"}


def form_page(client: FlaskClient, slug: str = "transport-plan", passage: str | None = None) -> Page:
    """The page with the form of a comment."""
    client.set_cookie("language", "ja")
    return opens(client, f"/consultations/{slug}/comment" + (f"?passage={passage}" if passage else ""))


def comments(client: FlaskClient, slug: str = "transport-plan", passage: str | None = None, **fields: Any) -> Page:
    """Send a comment; the page that answers."""
    return form_page(client, slug, passage).press(SEND, **{**WORDS, **fields})


def receipt_number(page: Page) -> str:
    found = page.html.find(id="receipt-number")
    assert isinstance(found, Tag), page.text[:500]
    return found.get_text(strip=True)


def typed(page: Page, name: str) -> str:
    """What stands in a field of the form."""
    return page.form(SEND).values()[name][0]
