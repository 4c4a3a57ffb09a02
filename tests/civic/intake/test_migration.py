"""Imports of surveys belong to an activity now: the same rows, and back again."""

import sqlalchemy as sa
from flask import Flask

from civic.config import Settings
from civic.db import db
from civic.ops import migrating
from tests.surveys.collecting.conftest import PLAYGROUNDS_FILE, Operator


def test_runs_and_waiting_rows_of_surveys_are_kept_both_ways(app: Flask) -> None:
    operator = Operator(app)
    assert operator.run("import", PLAYGROUNDS_FILE) == 0
    settings: Settings = app.extensions["settings"]
    file = settings.instance / "answers.csv"
    required = ",place,problems,wanted.shade_trees,wanted.water,wanted.rain"
    file.write_text(f"age{required}\n3,,,,,\nold,,,,,\n", encoding="utf-8")
    operator.counts(file)
    before = rows("activity_id")
    assert [row[1] for row in before] == [1]
    migrating.downgrade(settings.database, "0004")
    assert rows("survey_id") == before
    migrating.upgrade(settings.database)
    assert rows("activity_id") == before


def rows(owner: str) -> list[tuple[object, ...]]:
    """(owner, waiting rows, channel, rows done) of every run."""
    db.session.close()
    db.engine.dispose()
    waiting = "(SELECT count(*) FROM review_row WHERE import_id = import_run.id)"
    columns = ", ".join([owner, waiting, "channel", "rows_done"])
    found = [tuple(row) for row in db.session.execute(sa.text(f"SELECT {columns} FROM import_run ORDER BY id"))]
    db.session.close()
    db.engine.dispose()
    return found
