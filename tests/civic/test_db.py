"""The two doors of the database."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.db import UnfinishedWork, db, writing
from civic.identity.models import Department
from civic.refusals import Refusal


def departments() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Department)) or 0


def test_leaving_the_write_door_commits(app: Flask) -> None:
    with writing() as session:
        session.add(Department(code="planning", name={"ja": "企画課"}))
    assert departments() == 1


def test_an_exception_inside_the_write_door_rolls_back(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), writing() as session:  # noqa: PT012 - the block is what is tested
        session.add(Department(code="planning", name={"ja": "企画課"}))
        session.flush()
        _ = 1 / 0
    assert departments() == 0


class Kept(Refusal):
    sentence = "kept"
    keeps_writes = True


def test_a_refusal_that_keeps_its_writes_commits_and_still_refuses(app: Flask) -> None:
    with pytest.raises(Kept), writing() as session:  # noqa: PT012 - the block is what is tested
        session.add(Department(code="planning", name={"ja": "企画課"}))
        raise Kept
    assert departments() == 1


def test_the_reading_door_refuses_to_write(app: Flask) -> None:
    db.session.add(Department(code="planning", name={"ja": "企画課"}))
    with pytest.raises(sa.exc.DBAPIError):
        db.session.flush()
    db.session.rollback()


def test_a_write_inside_a_write_is_a_bug(app: Flask) -> None:
    with writing(), pytest.raises(UnfinishedWork), writing():
        pass
