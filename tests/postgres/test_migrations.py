"""Migrations, told again on PostgreSQL (the kills are SQLite's: PostgreSQL's DDL is transactional by itself)."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from civic.db import is_lock_timeout
from civic.ops import migrating
from tests.civic.ops.test_migrations import (  # noqa: F401 - the same stories; this folder's `app` runs them
    test_a_migration_that_makes_a_trigger_takes_it_away_on_its_way_down,
    test_a_reason_written_in_japanese_alone_is_kept_as_such,
    test_a_second_upgrade_changes_nothing,
    test_all_the_way_down_leaves_nothing_and_all_the_way_up_everything,
    test_an_erratum_of_an_answer_keeps_its_words_down_and_up,
    test_the_migrated_tables_are_those_of_the_models,
    test_the_newest_migration_goes_down_and_up_and_loses_no_row,
    url,
)


def test_it_gives_up_behind_a_reader_who_never_leaves(url: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - the fixture
    monkeypatch.setattr(migrating, "PATIENCE", 1)
    engine = sa.create_engine(url)
    with engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM activity"))
        with pytest.raises(OperationalError) as stopped:
            migrating.downgrade(url, "base")
        assert is_lock_timeout(stopped.value)
    engine.dispose()
    migrating.downgrade(url, "base")
