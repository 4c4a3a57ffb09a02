"""What every page may use: the municipality, the menus this visitor may open, the permission question."""

from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from civic import clock
from civic.config import Mode, Settings
from civic.features import NavigationItem, house
from civic.identity import access, sessions
from civic.messages import Message
from civic.web import languages


def attach(app: Flask, settings: Settings) -> None:
    @app.context_processor
    def page_values() -> dict[str, Any]:
        language = languages.language()
        return {
            "municipality": settings.municipality(language),
            "contact": settings.contact(language),
            "demo": settings.mode is not Mode.PRODUCTION,
            "navigation": navigation,
            "may": access.may,
            "signed_in_as": signed_in_as(),
            "by_code": bool(sessions.entries()),
            "now": clock.now(),
            "today": clock.today(),
        }


def navigation(room: str) -> list[dict[str, Any]]:
    """The entries of a room's menu that the visitor may open: `{"label", "address", "current"}`, at most one current."""
    items = sorted((i for one in house().rooms for i in one.navigation if i.room == room), key=lambda i: i.order)
    shown = [item for item in items if visible(item)]
    here = current_item(shown)
    return [entry(item, item is here) for item in shown]


def current_item(items: list[NavigationItem]) -> NavigationItem | None:
    """The entry of this page, or of the page above it: the first of the same blueprint, else the one its address is under."""
    endpoint = request.endpoint or ""
    exact = (item for item in items if item.endpoint == endpoint)
    near = (item for item in items if item.endpoint.partition(".")[0] == endpoint.partition(".")[0])
    above = (item for item in items if is_above(url_for(item.endpoint)))
    return next(exact, None) or next(near, None) or next(above, None)


def is_above(address: str) -> bool:
    """Whether this page lies under `address`. The entrance of a menu (/staff/) is above everything, and so says nothing."""
    return address.strip("/").count("/") > 0 and request.path.startswith(f"{address.rstrip('/')}/")


def visible(item: NavigationItem) -> bool:
    row = house().permits.get((item.endpoint, "GET"))
    if row is None or (item.anonymous_only and current_user.is_authenticated):
        return False
    return row.public or (current_user.is_authenticated and current_user.plays(row.roles))


def entry(item: NavigationItem, current: bool) -> dict[str, Any]:
    return {
        "label": Message(item.label),
        "address": url_for(item.endpoint),
        "current": current,
        "endpoint": item.endpoint,
    }


def signed_in_as() -> str:
    """The name of the signed-in account, "" for nobody."""
    return str(current_user.name) if current_user.is_authenticated else ""
