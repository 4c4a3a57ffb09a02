"""An import of comments that is killed goes on where it stood: nothing lost, nothing doubled, numbers without gaps."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from civic.audit.models import AuditRecord
from civic.config import Settings
from civic.db import db
from civic.intake.models import ImportRun
from civic.ops import recounting
from consultations.comments.models import Consultation, OpinionItem
from tests.consultations.collecting.conftest import SLUG, Table
from tests.factories import consultations as make

ROWS = [{"id": str(i), "text": "" if i % 50 == 0 else f"意見その{i}。"} for i in range(1, 1_201)]
WAITING = 24
POINTS = (14, 20, 26, 32, 38)  # the statement at which each run ends: before, inside and between batches


def import_killed_at(app: Flask, statement: int, file: Path) -> "subprocess.CompletedProcess[str]":
    settings: Settings = app.extensions["settings"]
    own = {"MACHIKOE_MODE": "test", "MACHIKOE_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database}
    given = [SLUG, str(file), "--channel", "mail", "--text", "text", "--key", "id", "--json"]
    command = [sys.executable, "-m", "tests.killable", str(statement), "consultations", "import-comments", *given]
    return subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)


def test_five_kills_of_an_import_lose_no_comment_and_double_none(
    app: Flask, consultation: Consultation, table: Table
) -> None:
    file = table(ROWS)
    assert [import_killed_at(app, point, file).returncode for point in POINTS] == [-signal.SIGKILL] * len(POINTS)
    db.session.rollback()
    assert 0 < db.session.scalars(sa.select(ImportRun.rows_done)).one() < len(ROWS)
    done = import_killed_at(app, 0, file)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert rows == {"read": 1_200, "stored": 1_200 - WAITING, "already_there": 0, "review": WAITING}
    comments = make.comments_of(consultation)
    assert [one.number for one in comments] == list(range(1, 1_201 - WAITING))
    assert [one.body for one in comments] == [row["text"] for row in ROWS if row["text"]]
    assert db.session.scalar(sa.select(sa.func.count(OpinionItem.id))) == len(comments)
    assert recounting.recount(SLUG)["mismatches"] == []
    acts = db.session.scalars(sa.select(AuditRecord.act).where(AuditRecord.act.like("consultation.import%"))).all()
    assert acts == ["consultation.import_started", "consultation.imported"]
