"""A page that answers with a refusal's status says with it when to try again."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("civic", "surveys", "consultations", "analysis")


def reads(tree: ast.AST, name: str) -> bool:
    """Whether `refusal.<name>` stands in `tree`."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.value, ast.Name)
        and node.value.id == "refusal"
        for node in ast.walk(tree)
    )  # fmt: skip


def speechless(source: str) -> Iterator[int]:
    """Lines of the answers that carry the status and neither the headers nor the seconds."""
    for node in ast.walk(ast.parse(source)):
        answers = isinstance(node, ast.Return) and reads(node, "status")
        if answers and not (reads(node, "headers") or reads(node, "retry_after")):
            yield node.lineno


def test_every_refused_page_carries_the_headers_of_its_refusal() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in speechless(path.read_text("utf-8"))
    ]
    assert found == []


def test_a_status_alone_is_found() -> None:
    assert list(speechless("def page():\n    return shown, refusal.status\n")) == [2]
    assert not list(speechless("def page():\n    return shown, refusal.status, refusal.headers\n"))
