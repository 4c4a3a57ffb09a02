"""The result is made ready before the transaction that publishes it, and published only if nothing moved since."""

import os
import signal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from civic import clock
from civic.activities import actions as activities
from civic.activities.refusals import NotReadyToAnswer, SecondPersonNeeded
from civic.activities.states import ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.refusals import StaleVersion
from consultations.comments.models import Consultation, Edition, OpinionGroup
from consultations.comments.publishing import preparing
from tests.cast import Cast
from tests.consultations.desk.places import set_state
from tests.copies import in_a_copy
from tests.factories import consultations as make
from tests.factories.surveys import actor


@pytest.fixture
def written(cast: Cast) -> Consultation:
    """A result that lacks nothing but its publication."""
    made = make.ended_with(cast, make.OPINIONS, slug="plan")
    make.answered_group(made, cast, "すべて", make.items_of(made))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    return db.session.get_one(Consultation, made.id)


def published() -> tuple[int, list[str]]:
    """How many editions there are, and what the audit says of publishing."""
    db.session.rollback()
    acts = ("result.published", "activity.answered")
    said = db.session.scalars(sa.select(AuditRecord.act).where(AuditRecord.act.in_(acts)).order_by(AuditRecord.id))
    return db.session.query(Edition).count(), list(said)


def publish_and_die(written: Consultation, cast: Cast, statement: int) -> bool:
    """Publish in a process of its own that ends as its n-th statement begins; whether it did."""
    key, revision, who = written.id, make.revision_of(written.id), actor(cast.approver)
    db.session.close()
    db.engine.dispose()
    left = statement

    def die(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def publish() -> None:
        event.listen(db.engine, "before_cursor_execute", die)
        activities.publish_answer(key, revision, who, clock.now())

    return os.WIFSIGNALED(in_a_copy(publish))


def test_killed_anywhere_nothing_is_visible_and_the_next_time_publishes_once(
    written: Consultation, cast: Cast, client: FlaskClient
) -> None:
    statement = 1
    while publish_and_die(written, cast, statement):
        assert published() == (0, []), statement
        assert client.get("/consultations/plan/responses").status_code == 404
        statement += 1
    assert statement > 20
    assert published() == (1, ["result.published", "activity.answered"])
    assert client.get("/consultations/plan/responses").status_code == 200


def moved(written: Consultation, cast: Cast, how: str) -> None:
    if how == "taken back":
        set_state(written, 1, ParticipationState.WITHDRAWN)
    elif how == "late":
        make.comment_late(written, "遅れました。")
    elif how == "result":
        make.write_result(written, cast, reason="書き直した理由")
    else:
        with writing() as session:
            session.query(OpinionGroup).one().revision += 1


@pytest.mark.parametrize("how", ["taken back", "late", "result", "group"])
def test_what_moves_after_the_preparation_is_not_published_as_it_was(
    written: Consultation, cast: Cast, how: str
) -> None:
    ready = preparing.prepare(written, clock.now())
    db.session.rollback()
    moved(written, cast, how)
    with pytest.raises(StaleVersion), writing() as session:
        ready.keep(session, session.get_one(Consultation, written.id), actor(cast.approver), clock.now())
    assert published() == (0, [])


def test_the_transaction_itself_asks_for_a_second_person_and_what_is_missing(written: Consultation, cast: Cast) -> None:
    revision = make.revision_of(written.id)
    with pytest.raises(SecondPersonNeeded):
        activities.publish_answer(written.id, revision, actor(cast.editor), clock.now())
    make.comment_late(written, "遅れました。")
    with pytest.raises(NotReadyToAnswer):
        activities.publish_answer(written.id, revision, actor(cast.approver), clock.now())
    assert published() == (0, [])


def test_the_transaction_reads_no_text_of_a_comment(written: Consultation, cast: Cast) -> None:
    sent: list[str] = []
    ready = preparing.prepare(written, clock.now())
    event.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with writing() as session:
        ready.keep(session, session.get_one(Consultation, written.id), actor(cast.approver), clock.now())
    assert [one for one in sent if "comment.body" in one] == []
