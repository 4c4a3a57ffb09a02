"""Addresses in mail and feeds: always of the site the settings name, never of a Host header."""

from flask import current_app

from civic.config import Settings


def absolute(endpoint: str, **values: object) -> str:
    """The whole address of a page."""
    settings: Settings = current_app.extensions["settings"]
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return settings.base_url.rstrip("/") + path
