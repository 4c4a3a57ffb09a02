"""A real Chromium and real servers for it. Every page opened here fails its test on a script error, a refused resource
or a request off the origin.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests import servers
from tests.walks.conftest import town

__all__ = ["town"]

BROWSER = [
    # A browser that goes on drops what it was loading; the test server then leaves the file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """`app` behind a real server on a free port; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, one per module. No application context may begin or end while it runs."""
    path = servers.need(servers.chromium(), "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@contextmanager
def visit(chromium: Browser, origin: str, cookies: dict[str, str] | None = None, **options: Any) -> Iterator[Page]:
    """A page in a browser of its own that reads Japanese; anything amiss in it fails the test."""
    with chromium.new_context(base_url=origin, **{"locale": "ja-JP", **options}) as context:
        context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in (cookies or {}).items()])
        troubles = watched(context, origin)
        yield context.new_page()
        assert troubles == []


def watched(context: BrowserContext, origin: str) -> list[str]:
    """Where everything amiss in this browser is written down as it happens."""
    troubles: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if is_trouble(line.type, line.text) else None)

    context.on("page", watch)
    context.on("request", lambda sent: None if sent.url.startswith(origin) else troubles.append(f"asked {sent.url}"))
    return troubles


def is_trouble(kind: str, text: str) -> bool:
    """An error in the console, but for the browser's own line about a page that came with 4xx."""
    return kind == "error" and "the server responded with a status of 4" not in text


def violations(page: Page) -> list[str]:
    """What axe finds on the whole page: rule and place. It is put into it once and brings back nothing but violations."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]
