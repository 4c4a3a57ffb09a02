"""The page of a run, opened from its file: sound for axe in light and dark, on a phone and a desk, and whole on A4."""

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from analysis.card import Origin
from analysis.output import document
from analysis.report import report
from analysis.text import Comment
from analysis.topics import analyse
from tests.analysis.comments import JAPANESE
from tests.browser.conftest import BROWSER, violations, watched

pytestmark = BROWSER

LONG = "星の会について。" * 40
A4 = (595, 842)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a long comment in every list that a sheet could cut."""
    texts = {str(number): text for number, text in enumerate(JAPANESE[:36])}
    texts |= {f"alone{number}": "・" * (number + 1) for number in range(60)}
    texts |= {f"long{number}": f"はじめ{number}。{LONG}おわり{number}" for number in range(12)}
    run = json.loads(json.dumps(document(analyse([Comment(*each) for each in texts.items()]))))
    run["minority"] = [name for name in texts if name.startswith("long")]
    path = tmp_path_factory.mktemp("page") / "topics.html"
    path.write_text(report(run, texts, Origin(("answers.csv",), ("意見",))), "utf-8")
    return path


@pytest.fixture
def page(chromium: Browser, file: Path) -> Iterator[Page]:
    with chromium.new_context(locale="ja-JP", bypass_csp=True) as context:  # axe is put into the page
        troubles = watched(context, "file://")
        yield context.new_page()
        assert troubles == []


def test_the_page_is_sound_and_fits_every_screen(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    for width, scheme in ((390, "light"), (390, "dark"), (1280, "light")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator(".map > svg:visible").count() == 1


def test_the_page_is_printed_on_a4_with_heads_repeated_and_no_row_cut(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert {(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets} == {A4}
    said = ["".join(unicodedata.normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]
    assert sum("書かれたこと" in text and "置かれた話題" in text for text in said) >= 2
    begun = [set(re.findall(r"はじめ(\d+)", text)) for text in said]
    assert begun == [set(re.findall(r"おわり(\d+)", text)) for text in said]
    assert len(set.union(*begun)) == 12
    assert said[-1].startswith(f"{len(sheets)}/{len(sheets)}")
