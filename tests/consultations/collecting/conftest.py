"""A consultation, somebody at the command line, and tables of comments."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic.db import db
from consultations.comments.models import Consultation
from tests.cast import Cast
from tests.factories import consultations as make
from tests.surveys.collecting.conftest import csv_text

Table = Callable[..., Path]
SLUG = "transport-plan"


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Write a CSV: `table(rows, encoding)`, each row a dict or the raw text of the file."""

    def write(rows: Sequence[dict[str, str]] | str, name: str = "comments.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes((rows if isinstance(rows, str) else csv_text(rows)).encode(encoding))
        return path

    return write


class Operator:
    """Somebody at the command line; `last` is what the last command printed on stdout."""

    def __init__(self, app: Flask) -> None:
        self.runner = app.test_cli_runner()
        self.last = ""

    def run(self, file: Path, *options: object, slug: str = SLUG, channel: str = "mail") -> int:
        given = ["import-comments", slug, file, "--channel", channel, *options]
        result = self.runner.invoke(args=["consultations", *map(str, given)])
        self.last = result.stdout
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        db.session.rollback()
        return result.exit_code

    def json(self, file: Path, *options: object, exit_code: int = 0, **more: str) -> dict[str, Any]:
        assert self.run(file, *options, "--json", **more) == exit_code, self.last
        found: dict[str, Any] = json.loads(self.last)
        return found


@pytest.fixture
def operator(app: Flask) -> Operator:
    return Operator(app)


@pytest.fixture
def consultation(cast: Cast) -> Consultation:
    """An open one that takes comments by every way of the city's rule."""
    return make.make_consultation(cast)
