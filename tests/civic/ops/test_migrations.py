"""Every migration, up and down, with data in the tables; and killed after each of its statements."""

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from civic import clock, safety, triggers
from civic.activities.states import State
from civic.config import Settings
from civic.db import Base, db
from civic.ops import migrating, tables
from consultations.comments.models import OpinionGroup
from consultations.comments.publishing.actions import Correction, propose_erratum
from tests.cast import Cast
from tests.copies import in_a_copy
from tests.factories import consultations as make
from tests.factories.surveys import actor, make_survey, text

WRITTEN = sorted(path.name[:4] for path in (safety.MIGRATIONS / "versions").glob("0*.py"))


def revisions() -> list[str]:
    """All revisions, oldest first."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(migrating.config(connection))
    engine.dispose()
    return [one.revision for one in reversed(list(script.walk_revisions()))]


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The address of a database with a survey in it, which nobody has open."""
    settings: Settings = app.extensions["settings"]
    make_survey(Cast(app), state=State.ANSWERED)
    db.session.close()
    db.engine.dispose()
    yield settings.database
    db.session.close()
    db.engine.dispose()


def rows(url: str) -> dict[str, int]:
    engine = migrating.migration_engine(url)
    with engine.connect() as connection:
        counts = {
            table.name: int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
            for table in tables.reflect(connection)
        }
    engine.dispose()
    return counts


def test_the_migrated_tables_are_those_of_the_models(app: Flask, url: str) -> None:
    engine = migrating.migration_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_newest_migration_goes_down_and_up_and_loses_no_row(app: Flask, url: str) -> None:
    before = rows(url)
    assert before["survey"] == 1
    *_, previous, newest = revisions()
    migrating.downgrade(url, previous)
    migrating.upgrade(url, newest)
    assert rows(url) == before
    assert triggers.missing() == []


def test_a_migration_that_makes_a_trigger_takes_it_away_on_its_way_down(app: Flask, url: str) -> None:
    migrating.downgrade(url, "0002")
    assert set(triggers.missing()) == {name for name in triggers.expected() if not name.startswith("audit_record_")}
    db.session.close()
    migrating.upgrade(url)
    assert triggers.missing() == []


def withdrawn_reason(url: str) -> object:
    """What the database itself holds as the reason of the one withdrawn activity."""
    engine = migrating.migration_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sa.text("SELECT withdrawn_reason FROM activity WHERE withdrawn_at IS NOT NULL"))
    engine.dispose()
    return json.loads(found) if isinstance(found, str) and found.startswith("{") else found


def test_a_reason_written_in_japanese_alone_is_kept_as_such(app: Flask) -> None:
    url = app.extensions["settings"].database
    make_survey(Cast(app), state=State.WITHDRAWN)
    db.session.close()
    db.engine.dispose()
    migrating.downgrade(url, "0003")
    assert withdrawn_reason(url) == "内容に誤りがありました。"
    migrating.upgrade(url)
    assert withdrawn_reason(url) == {"ja": "内容に誤りがありました。"}


def errata_of(url: str) -> list[tuple[object, ...]]:
    """What the database itself holds of errata: their groups, and the words by name."""
    engine = migrating.migration_engine(url)
    with engine.connect() as connection:
        table = sa.Table("erratum", sa.MetaData(), autoload_with=connection)
        columns = [table.c[name] for name in ("group_id", "words", "answer", "outcome") if name in table.c]
        found = [tuple(row) for row in connection.execute(sa.select(*columns).order_by(table.c.id))]
    engine.dispose()
    return [tuple(json.loads(one) if isinstance(one, str) and one[:1] == "{" else one for one in row) for row in found]


def test_an_erratum_of_an_answer_keeps_its_words_down_and_up(app: Flask) -> None:
    url, cast = app.extensions["settings"].database, Cast(app)
    made = make.answered_consultation(cast, slug="plan")
    of_answer, title = make.correction("直します。", "誤り"), Correction({"title": {"ja": "題"}}, {"ja": "誤り"}, 1)
    for group, words in ((1, of_answer), (2, title), (None, of_answer)):
        propose_erratum(made.id, group, words, actor(cast.editor), clock.now())
    first, second = sorted(row.id for row in db.session.query(OpinionGroup).filter(OpinionGroup.number < 3))
    db.session.close()
    db.engine.dispose()
    migrating.downgrade(url, "0006")
    before = text("ご意見は、今後の参考にします。")  # what is published stands in for what an erratum does not name
    assert errata_of(url) == [(first, text("直します。"), "adopted"), (second, before, "later")]
    migrating.upgrade(url)
    assert errata_of(url)[0] == (first, {"answer": text("直します。"), "outcome": "adopted"})


def test_all_the_way_down_leaves_nothing_and_all_the_way_up_everything(app: Flask, url: str) -> None:
    before = rows(url).keys()
    migrating.downgrade(url, "base")
    assert rows(url) == {}
    migrating.upgrade(url)
    assert rows(url).keys() == before


def test_a_second_upgrade_changes_nothing(app: Flask, url: str) -> None:
    before = rows(url)
    migrating.upgrade(url)
    assert rows(url) == before


def test_history_is_one_line(app: Flask) -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]
    assert revisions()[-1] == safety.head_revision()


def statements_of(file: Path, revision: str) -> int:
    """How many statements it takes from the database as it is to a revision."""
    engine, count = migrating.migration_engine(f"sqlite:///{file}"), 0

    def note(*anything: object) -> None:
        nonlocal count
        count += 1

    sa.event.listen(engine, "after_cursor_execute", note)
    with engine.connect() as connection:
        command.upgrade(migrating.config(connection), revision)
    engine.dispose()
    return count


def upgrade_and_die(url: str, revision: str, statement: int) -> None:
    """Upgrade in a process of its own and kill that after so many statements."""
    left = statement

    def die(*anything: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def upgrade() -> None:
        engine = migrating.migration_engine(url)
        sa.event.listen(engine, "after_cursor_execute", die)
        with engine.connect() as connection:
            command.upgrade(migrating.config(connection), revision)

    in_a_copy(upgrade)


@pytest.mark.parametrize("revision", WRITTEN)
def test_a_migration_killed_after_any_statement_is_finished_by_the_next_start(tmp_path: Path, revision: str) -> None:
    """Each migration is one transaction: it is killed on its way from where the one before has left the database."""
    whole, before = tmp_path / "whole.db", tmp_path / "before.db"
    migrating.upgrade(f"sqlite:///{whole}")
    wanted = schema(f"sqlite:///{whole}")
    number = WRITTEN.index(revision)
    if number:
        migrating.upgrade(f"sqlite:///{before}", WRITTEN[number - 1])
    finished: dict[str, list[list[str]]] = {}  # by what a kill left: most leave the same, and start the same from there
    for statement in range(1, statements_of(copied(before, tmp_path / "counted.db"), revision) + 1):
        file = copied(before, tmp_path / f"killed-{statement}.db")
        upgrade_and_die(f"sqlite:///{file}", revision, statement)
        left = contents(file)
        if left not in finished:
            migrating.upgrade(f"sqlite:///{file}")
            finished[left] = schema(f"sqlite:///{file}")
        assert finished[left] == wanted
    assert finished


def copied(before: Path, file: Path) -> Path:
    if before.exists():
        shutil.copyfile(before, file)
    return file


def contents(file: Path) -> str:
    """All that the next start finds in a database: its mode, its tables and their rows."""
    with closing(sqlite3.connect(file)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        return "\n".join([mode, *connection.iterdump()])


def schema(url: str) -> list[list[str]]:
    """Every statement that made the database, each as its lines: a table changed in batch mode lists its rules anew."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        made = connection.scalars(sa.text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return sorted(sorted(line.strip(" ,\t") for line in sql.splitlines()) for sql in made)
