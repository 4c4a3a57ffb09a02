"""Whose work is passed on with ours is named."""

from pathlib import Path

import pytest

NOTICE = (Path(__file__).resolve().parents[2] / "NOTICE").read_text("utf-8")


@pytest.mark.parametrize(
    "owner",
    [
        "デジタル庁",
        "The Rounded M+ Project Authors",
        "Works Applications",
        "The UniDic Consortium",
        "Toshinori",
        "株式会社はてな",
        "Deque Systems",
        "MPL-2.0",
    ],
)
def test_the_notice_names(owner: str) -> None:
    assert owner in NOTICE
