"""Importing on PostgreSQL: the same counts, and two imports of one file at once store each row once."""

import subprocess
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities.models import ParticipationCount
from civic.db import db
from surveys.models import Response
from surveys.results import recounting
from tests.surveys.collecting.conftest import PLAYGROUNDS_FILE, Operator, csv_text
from tests.surveys.collecting.test_kills import ROWS, WAITING, import_killed_at

STORED = len(ROWS) - WAITING


@pytest.fixture
def file(app: Flask, tmp_path: Path) -> Path:
    assert Operator(app).run("import", PLAYGROUNDS_FILE) == 0
    path = tmp_path / "answers.csv"
    path.write_text(csv_text(ROWS), encoding="utf-8")
    return path


def test_a_table_is_imported_once_and_its_totals_fit(app: Flask, file: Path) -> None:
    operator = Operator(app)
    first = operator.counts(file, "--key", "number")["rows"]
    again = operator.counts(file, "--key", "number")["rows"]
    assert (first["stored"], first["review"]) == (STORED, WAITING)
    assert (again["stored"], again["already_there"]) == (0, STORED)
    assert db.session.scalar(sa.select(sa.func.sum(ParticipationCount.count))) == STORED
    assert recounting.recounts(None)[1] == []


def test_two_imports_of_one_file_at_once_store_each_row_once(app: Flask, file: Path) -> None:
    ends: list[subprocess.CompletedProcess[str]] = []
    both = [threading.Thread(target=lambda: ends.append(import_killed_at(app, 0, file))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert {end.returncode for end in ends} <= {0, 1}, [end.stderr for end in ends]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == STORED
    assert recounting.recounts(None)[1] == []
