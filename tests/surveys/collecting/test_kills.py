"""An import that is killed goes on where it stood: nothing lost, nothing doubled, and the counts of the whole file."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from civic.audit.models import AuditRecord
from civic.config import Settings
from civic.db import db
from civic.intake.models import ImportRun, ImportState, ReviewRow
from surveys.models import Response, Survey
from surveys.results import recounting
from tests.surveys.collecting.conftest import Operator, Table, whole

ROWS = whole([
    {"number": str(number), "age": "x" if number % 50 == 0 else str(number % 17), "message": f"意見{number}"}
    for number in range(1, 2_501)
])  # fmt: skip
WAITING = 50
POINTS = (6, 12, 16, 18, 20, 22, 24, 26)  # the statement at which each run ends: before, inside and between batches


def import_killed_at(app: Flask, statement: int, file: Path) -> "subprocess.CompletedProcess[str]":
    settings: Settings = app.extensions["settings"]
    own = {"MACHIKOE_MODE": "test", "MACHIKOE_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database}
    given = ["playgrounds", str(file), "--channel", "import", "--key", "number", "--json"]
    command = [sys.executable, "-m", "tests.killable", str(statement), "surveys", "import-responses", *given]
    return subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)


def test_eight_kills_of_an_import_lose_no_row_and_double_none(
    app: Flask, imported: Survey, operator: Operator, table: Table
) -> None:
    file = table(ROWS)
    ends = [import_killed_at(app, point, file).returncode for point in POINTS]
    assert ends == [-signal.SIGKILL] * len(POINTS)
    db.session.rollback()
    assert 0 < db.session.scalars(sa.select(ImportRun.rows_done)).one() < len(ROWS)
    done = import_killed_at(app, 0, file)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    db.session.rollback()
    rows = counts["rows"]
    assert rows["read"] == len(ROWS)
    assert (rows["stored"], rows["already_there"], rows["review"]) == (len(ROWS) - WAITING, 0, WAITING)
    assert counts["cells"]["non_empty"] == counts["cells"]["stored"] + counts["cells"]["review"]
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == len(ROWS) - WAITING
    unsettled = sa.select(sa.func.count(ReviewRow.id)).where(ReviewRow.settled_at.is_(None))
    assert db.session.scalar(unsettled) == WAITING
    assert recounting.recounts(None)[1] == []
    assert not db.session.scalars(sa.select(ImportRun).where(ImportRun.state == ImportState.RUNNING)).all()


def test_two_processes_with_one_import_store_every_row_once(
    app: Flask, imported: Survey, operator: Operator, table: Table
) -> None:
    file = table(ROWS)
    ends: list[int] = []
    both = [threading.Thread(target=lambda: ends.append(import_killed_at(app, 0, file).returncode)) for _ in range(2)]
    for one in both:
        one.start()
        time.sleep(0.05)
    for one in both:
        one.join(120)
    assert 0 in ends
    assert set(ends) <= {0, 1}
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == len(ROWS) - WAITING
    assert recounting.recounts(None)[1] == []


def test_an_import_is_audited_once_however_often_it_was_interrupted(
    app: Flask, imported: Survey, operator: Operator, table: Table
) -> None:
    file = table(ROWS)
    assert import_killed_at(app, 24, file).returncode == -signal.SIGKILL
    assert import_killed_at(app, 0, file).returncode == 0
    db.session.rollback()
    acts = db.session.scalars(sa.select(AuditRecord.act).where(AuditRecord.act.startswith("survey.import"))).all()
    assert acts == ["survey.import_started", "survey.imported"]
