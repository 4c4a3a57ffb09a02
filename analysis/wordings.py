"""The words of the analysis card and the page of a run, from `analysis/languages/report-*.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "languages"


@cache
def wordings(language: str) -> Mapping[str, Any]:
    """All wordings in `ja` or `en`: tables of sentences with named places for the figures, and lists of sentences."""
    return tomllib.loads((_FOLDER / f"report-{language}.toml").read_text("utf-8"))


def count(number: int) -> str:
    """A number with thousands commas."""
    return f"{number:,}"


def share(value: float) -> str:
    """A share of 1 in percent with one decimal."""
    return f"{value:.1%}"
