"""What an error writes into a log: the statement, never what somebody typed."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.db import writing


def test_a_failed_statement_does_not_repeat_what_a_resident_wrote(app: Flask) -> None:
    with pytest.raises(sa.exc.DBAPIError) as failed, writing() as session:
        session.execute(sa.text("INSERT INTO nowhere VALUES (:words)"), {"words": "子どもの病気のこと"})
    assert "子どもの病気のこと" not in str(failed.value)
    assert "INSERT INTO nowhere" in str(failed.value)
