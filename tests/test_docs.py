"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
OUTSIDE = re.compile(r"^(\w+:|/)")


def broken(document: Path, text: str) -> list[str]:
    """Relative links of a document that lead nowhere."""
    return [link for link in LINK.findall(text) if not OUTSIDE.match(link) and not (document.parent / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert broken(document, document.read_text(encoding="utf-8")) == []


def test_a_link_to_nowhere_is_found() -> None:
    assert broken(ROOT / "README.md", "[x](docs/nowhere.md) ![y](README.md)") == ["docs/nowhere.md"]


def test_the_files_of_a_new_question_type_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = text.partition("six steps")[2].partition("## Four")[0]
    named = [path for path in re.findall(r"`([\w/.-]+)`", steps) if "/" in path]
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
