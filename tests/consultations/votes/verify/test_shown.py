"""What docs/verifiers.md shows of the Python verifier is what it prints.

With MACHIKOE_PICTURES=1 the page is brought up to date instead; tests/browser/verifier/test_pictures.py makes its pictures.
"""

import os
import re
from pathlib import Path
from typing import Final

import pytest

from consultations.votes.verifier.board import check_board
from consultations.votes.verifier.report import as_text
from tests.consultations.votes.verify.boards import vector
from tests.consultations.votes.verify.shown import BOARDS

PAGE: Final = Path(__file__).parents[4] / "docs" / "verifiers.md"


def block(picture: str) -> re.Pattern[str]:
    """What stands on the page after a picture."""
    return re.compile(rf"(pictures/{picture}\.png\)\n+```text\n)(.*?)(```)", re.DOTALL)


@pytest.mark.parametrize("picture", BOARDS)
def test_the_page_shows_what_the_python_verifier_prints(picture: str) -> None:
    printed = as_text(check_board(vector(BOARDS[picture])), "ja")
    page = PAGE.read_text("utf-8")
    if os.environ.get("MACHIKOE_PICTURES") == "1":
        page = block(picture).sub(lambda found: found[1] + printed + found[3], page)
        PAGE.write_text(page, "utf-8")
    shown = block(picture).search(page)
    assert shown is not None
    assert shown[2] == printed
