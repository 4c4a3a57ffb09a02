"""One page of the verifier for all that needs no eyes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.verifier.harness import opened


@pytest.fixture(scope="module")
def core(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page, driven by its core."""
    with opened(chromium, tmp_path_factory.mktemp("verifier")) as page:
        yield page
