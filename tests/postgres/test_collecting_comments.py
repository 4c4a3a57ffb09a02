"""Bringing comments in on PostgreSQL: two files at once, and a file and a clerk while the consultation closes."""

import threading
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities import actions as activities
from civic.activities import ledger
from civic.activities.models import Participation, ParticipationCount
from civic.activities.states import Channel, ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db
from civic.identity.accounts import OPERATOR
from civic.intake.importing import import_table
from civic.intake.reading import Intake
from civic.ops import recounting
from consultations.comments.collecting import actions
from consultations.comments.collecting.queries import consultation_at
from consultations.comments.models import Comment
from consultations.comments.recording import Written
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.surveys.collecting.conftest import csv_text

SLUG = "transport-plan"
COUNT = 400


def bring(app: Flask, file: Path, channel: Channel) -> None:
    with app.app_context():
        intake = Intake(file, file.name, channel, {"text": "text"}, ("id",))
        import_table(consultation_at(SLUG), intake, OPERATOR)


def together(*works: Callable[[], None]) -> list[BaseException]:
    failed: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    return failed


def written(path: Path, begin: int = 0) -> Path:
    path.write_text(csv_text([{"id": str(i), "text": f"意見{i}"} for i in range(begin, begin + COUNT)]), "utf-8")
    return path


def test_two_files_that_overlap_store_each_row_once_with_numbers_of_their_own(app: Flask, tmp_path: Path) -> None:
    make.make_consultation(Cast(app))
    one, other = written(tmp_path / "one.csv"), written(tmp_path / "other.csv", COUNT // 2)
    failed = together(lambda: bring(app, one, Channel.MAIL), lambda: bring(app, other, Channel.MAIL))
    assert failed == []
    numbers = db.session.scalars(sa.select(Comment.number).order_by(Comment.number)).all()
    assert numbers == list(range(1, COUNT + COUNT // 2 + 1))
    assert recounting.recount(SLUG)["mismatches"] == []


def test_what_comes_in_while_a_consultation_closes_is_in_the_count_or_late(app: Flask, tmp_path: Path) -> None:
    cast = Cast(app)
    made = make.make_consultation(cast)
    make.end(made, cast, close=False)
    editor, consultation_id = actor(cast.editor), made.id
    file = written(tmp_path / "one.csv")

    def key() -> None:
        with app.app_context():
            for number in range(60):
                words = Written(f"手紙{number}", version=1)
                keyed = actions.Keyed(Channel.POST, clock.today(), None, words, ledger.new_submission_key())
                actions.key_comment(consultation_id, keyed, editor, clock.now())

    def close() -> None:
        with app.app_context():
            activities.close(consultation_id, editor, clock.now())

    assert together(lambda: bring(app, file, Channel.MAIL), key, close) == []
    states = db.session.scalars(sa.select(Participation.state)).all()
    assert len(states) == COUNT + 60
    counted = sum(1 for state in states if state is ParticipationState.COUNTED)
    record = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == "activity.closed")).one()
    assert record.details["counted"] == counted
    assert set(states) <= {ParticipationState.COUNTED, ParticipationState.LATE}
    kept = sa.select(sa.func.sum(ParticipationCount.count)).where(ParticipationCount.state == "counted")
    assert (db.session.scalar(kept) or 0) == counted
    assert db.session.scalar(sa.select(sa.func.count(Comment.id))) == COUNT + 60
