"""Backup, restore and health, told again on PostgreSQL; a backup made here also opens on SQLite."""

import sqlalchemy as sa
from flask import Flask

from civic import safety
from civic.db import db
from tests.civic.ops.test_backup import *  # noqa: F403 - the same stories; this folder's `app` runs them on PostgreSQL
from tests.civic.ops.test_health import *  # noqa: F403 - likewise


def test_a_server_that_could_lose_acknowledged_answers_is_unsafe(app: Flask) -> None:
    sa.event.listen(db.engine, "begin", lambda connection: connection.exec_driver_sql("SET synchronous_commit = off"))
    found = " ".join(safety._postgresql_reasons())
    assert "synchronous_commit is off" in found
    assert "full_page_writes is off" in found  # as in this test cluster
    assert "fsync is off" in found
