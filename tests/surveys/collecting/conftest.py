"""A survey whose answers were gathered outside, and its tables."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic.db import db
from surveys.models import Survey
from tests.factories.surveys import SAMPLES

PLAYGROUNDS_FILE = SAMPLES / "playgrounds.json"
REQUIRED = ("age", "place", "problems", "wanted.shade_trees", "wanted.water", "wanted.rain")
Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Write a CSV: `table(rows, encoding)`, each row a dict or the raw text of the file."""

    def write(rows: Sequence[dict[str, str]] | str, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes((rows if isinstance(rows, str) else csv_text(rows)).encode(encoding))
        return path

    return write


def whole(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with every column that a file without a map has to have, empty where a test says nothing of it."""
    return [row | {name: "" for name in REQUIRED if name not in row} for row in rows]


def csv_text(rows: Sequence[dict[str, str]]) -> str:
    headers = list(rows[0])
    quoted = [headers, *([row.get(header, "") for header in headers] for row in rows)]
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in quoted)


class Operator:
    """Somebody at the command line; `last` is what the last command printed on stdout."""

    def __init__(self, app: Flask) -> None:
        self.runner = app.test_cli_runner()
        self.last = ""

    def run(self, *arguments: object) -> int:
        result = self.runner.invoke(args=["surveys", *map(str, arguments)])
        self.last = result.stdout
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        db.session.rollback()
        return result.exit_code

    def json(self, *arguments: object, exit_code: int = 0) -> dict[str, Any]:
        assert self.run(*arguments, "--json") == exit_code, self.last
        found: dict[str, Any] = json.loads(self.last)
        return found

    def counts(self, file: Path, *options: object, slug: str = "playgrounds") -> dict[str, dict[str, int]]:
        return self.json("import-responses", slug, file, "--channel", "import", *options)


@pytest.fixture
def operator(app: Flask) -> Operator:
    return Operator(app)


@pytest.fixture
def imported(operator: Operator) -> Survey:
    """The questionnaire about playgrounds, imported and never opened."""
    assert operator.run("import", PLAYGROUNDS_FILE) == 0
    return db.session.query(Survey).one()
