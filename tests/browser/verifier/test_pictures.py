"""The JavaScript verifier before an honest board and three altered ones: its verdict, and the pictures of docs/verifiers.md.

With MACHIKOE_PICTURES=1 the pictures are kept in `docs/pictures/`.
"""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.city import MAKE_PICTURES, PICTURES
from tests.browser.conftest import BROWSER
from tests.browser.verifier.harness import opened, run, vector
from tests.consultations.votes.verify.shown import BOARDS

pytestmark = BROWSER


def test_the_page_accepts_the_honest_board_and_refuses_the_three(chromium: Browser, tmp_path: Path) -> None:
    for name, board in BOARDS.items():
        (tmp_path / name).mkdir()
        with opened(chromium, tmp_path / name, viewport={"width": 800, "height": 900}) as page:
            run(page, vector(board))
            verdict = "valid" if board.startswith("valid/") else "refused"
            expect(page.locator(f"[data-verdict={verdict}]")).to_be_visible()
            if MAKE_PICTURES:
                page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
