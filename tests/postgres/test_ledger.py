"""The ledger under parallel requests on a real PostgreSQL: the unique key, the gate and the latches keep their word."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities import actions, gate, queries
from civic.activities.ledger import Submission
from civic.activities.models import Participation, ParticipationCount
from civic.activities.refusals import AlreadyTookPart, LatchAlreadySet, NotEndedYet, PeriodOver
from civic.activities.states import Channel, ParticipationState
from civic.audit.models import AuditRecord
from civic.config import Settings
from civic.db import db, writing
from tests.civic.activities.test_once_per_person import counts, rows
from tests.conftest import Visitor
from tests.factories.gatherings import REGISTERED, Desk, application, gathering, take_part
from tests.racing import kinds, together

TOGETHER = 20


@pytest.fixture
def app(settings: Settings, database_url: str) -> Iterator[Flask]:
    with application(replace(settings, database_url=database_url), Visitor) as made:
        yield made
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


def test_twenty_requests_of_one_person_count_once(app: Flask, desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    found = kinds(together(app, *[lambda: take_part(made, "resident:1").repeated] * TOGETHER))
    assert found == {"done": 1, AlreadyTookPart.__name__: TOGETHER - 1}
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 1}


def test_without_the_unique_key_the_race_counts_more_than_once(app: Flask, desk: Desk) -> None:
    """The guard broken on purpose: the check above sees it."""
    with writing() as session:
        session.execute(sa.text("DROP INDEX uq_participation_once"))
    made = desk.opened(**REGISTERED)
    together(app, *[lambda: take_part(made, "resident:1").repeated] * TOGETHER)
    assert rows(made)[ParticipationState.COUNTED] == TOGETHER


def test_twenty_changes_by_one_person_leave_one_that_counts_and_true_counts(app: Flask, desk: Desk) -> None:
    made = desk.opened(**REGISTERED, change_allowed=True)
    assert kinds(together(app, *[lambda: take_part(made, "resident:1").repeated] * TOGETHER)) == {"done": TOGETHER}
    expected = {ParticipationState.COUNTED: 1, ParticipationState.SUPERSEDED: TOGETHER - 1}
    assert rows(made) == counts(made) == expected


def test_web_and_paper_of_one_person_at_once_count_once(app: Flask, desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    channels = [Channel.WEB, Channel.PAPER, Channel.COUNTER, Channel.IMPORT] * 5
    together(app, *[lambda channel=channel: take_part(made, "resident:1", channel).repeated for channel in channels])
    assert rows(made)[ParticipationState.COUNTED] == counts(made)[ParticipationState.COUNTED] == 1
    assert rows(made) == counts(made)


def test_a_form_sent_twenty_times_at_once_is_one_participation_with_one_receipt(app: Flask, desk: Desk) -> None:
    made = desk.opened()
    form = Submission("key", b"yes", "browser")
    receipts = together(app, *[lambda: take_part(made, submission=form).participation.receipt] * TOGETHER)
    assert len(set(receipts)) == 1
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 1}


def test_twenty_people_at_once_all_count_and_the_counts_agree(app: Flask, desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    works = [lambda person=person: take_part(made, f"resident:{person}").repeated for person in range(TOGETHER)]
    assert kinds(together(app, *works)) == {"done": TOGETHER}
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: TOGETHER}


def test_nobody_slips_in_after_the_close_counted(app: Flask, desk: Desk) -> None:
    """Staff key paper while another closes: what the close counted is what there is."""
    made = desk.ended()
    works: list[Callable[[], object]] = [
        lambda: take_part(made, channel=Channel.PAPER, at=desk.after, arrived_on=desk.at.date()).participation.state
    ] * (TOGETHER - 1)
    *states, final = together(app, *works, lambda: actions.close(made, desk.author, desk.after))
    assert final == rows(made).get(ParticipationState.COUNTED, 0) == states.count(ParticipationState.COUNTED)
    assert rows(made) == counts(made)


def test_residents_and_the_end_meet_at_the_gate(app: Flask, desk: Desk) -> None:
    """Half of them come in time, half too late: none in time is lost, none late is let in, the latch is set once."""
    made = desk.opened()
    in_time = [lambda: take_part(made, at=desk.at).repeated] * 10
    too_late = [lambda: take_part(made, at=desk.after).repeated] * 10
    found = together(app, *in_time, *too_late)
    assert all(one is PeriodOver for one in found[10:])
    arrived = sum(one is False for one in found[:10])
    assert rows(made).get(ParticipationState.COUNTED, 0) == arrived
    records = sa.select(sa.func.count()).where(AuditRecord.act == "activity.ended")
    assert db.session.scalar(records) == 1


def test_a_close_pressed_twenty_times_closes_once(app: Flask, desk: Desk) -> None:
    made = desk.ended()
    found = kinds(together(app, *[lambda: actions.close(made, desk.author, desk.after)] * TOGETHER))
    assert found == {"done": 1, LatchAlreadySet.__name__: TOGETHER - 1}


def test_twenty_requests_that_find_it_due_open_it_once(app: Flask, desk: Desk) -> None:
    made = desk.scheduled()
    start = desk.at + timedelta(days=1)
    assert kinds(together(app, *[lambda: take_part(made, at=start).repeated] * TOGETHER)) == {"done": TOGETHER}
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditRecord.act == "activity.opened")) == 1
    assert gathering(made).opened_at == start
    assert queries.counted(made) == TOGETHER


def test_a_close_waits_for_who_is_inside_and_lets_nobody_in_meanwhile(app: Flask, desk: Desk) -> None:
    made = desk.ended()
    with writing() as session:
        gate.share(session, made)
        with ThreadPoolExecutor(1) as threads:

            def close() -> object:
                with app.app_context():
                    return actions.close(made, desk.author, desk.after)

            closing = threads.submit(close)
            held = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            while not session.scalar(held):
                assert not closing.done()
            session.commit()
            assert closing.result() == 0


def test_an_open_one_is_not_closed_however_many_press(app: Flask, desk: Desk) -> None:
    made = desk.opened()
    found = kinds(together(app, *[lambda: actions.close(made, desk.author, desk.at)] * 5))
    assert found == {NotEndedYet.__name__: 5}


def test_no_count_falls_below_zero(app: Flask, desk: Desk) -> None:
    made = desk.opened(**REGISTERED, change_allowed=True)
    people = [lambda person=person: take_part(made, f"resident:{person % 4}").repeated for person in range(TOGETHER)]
    together(app, *people)
    lowest = db.session.scalar(sa.select(sa.func.min(ParticipationCount.count)))
    assert lowest is not None
    assert lowest >= 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == TOGETHER
