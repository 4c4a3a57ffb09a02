"""Many people comment while the period ends: what each was told against what is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from civic.activities import queries as activities
from civic.activities.models import Participation
from civic.activities.refusals import PeriodOver
from civic.activities.states import ParticipationState
from civic.db import db
from consultations.comments.commenting import actions
from consultations.comments.commenting.actions import Sending
from consultations.comments.models import Comment, Consultation
from consultations.comments.recording import Author, Written
from tests.cast import Cast
from tests.factories import consultations as make
from tests.racing import together


def sending(key: str, body: str = "意見です。") -> Sending:
    submission = actions.submission_of(key, {"body": body}, f"browser-{key}")
    return Sending(Written(body, version=1, author=Author("山田")), submission, None, "a@example.jp")


@dataclass(frozen=True)
class Race:
    """An open consultation that people run to."""

    id: int
    ends_at: datetime


def opened(cast: Cast) -> Race:
    consultation = make.make_consultation(cast)
    assert consultation.ends_at is not None
    return Race(consultation.id, consultation.ends_at)


def stored(race: Race) -> tuple[set[str], list[int]]:
    """The receipts that count, and the numbers of their comments."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Participation.receipt, Comment.number)
        .join(Comment, Comment.participation_id == Participation.id)
        .where(Participation.activity_id == race.id, Participation.state == ParticipationState.COUNTED)
        .order_by(Comment.number)
    ).all()
    return {row.receipt or "" for row in rows}, [row.number for row in rows]


def comment_while_it_ends(app: Flask, race: Race, people: int) -> None:
    """Half of the people come just before the end, half just after; every acknowledged comment counts, no other does."""
    before = race.ends_at - timedelta(microseconds=1)

    def work(one: int) -> Callable[[], object]:
        return lambda: actions.send(race.id, sending(f"key-{one:016}"), before if one % 2 else race.ends_at)

    told = together(app, *[work(one) for one in range(people)])
    acknowledged = {one for one in told if isinstance(one, str)}
    receipts, numbers = stored(race)
    assert receipts == acknowledged
    assert numbers == list(range(1, len(acknowledged) + 1))
    assert activities.counted(race.id) == len(acknowledged)
    assert all(one is PeriodOver for one in told if not isinstance(one, str))
    assert all(told[one] is PeriodOver for one in range(0, people, 2))
    assert db.session.get_one(Consultation, race.id).ended_at == race.ends_at


def press_twenty_times(app: Flask, race: Race) -> None:
    """One form sent twenty times at once is one comment with one receipt."""
    at = race.ends_at - timedelta(hours=1)
    told = together(app, *[lambda: actions.send(race.id, sending("k" * 20), at)] * 20)
    receipts, numbers = stored(race)
    assert set(told) == receipts
    assert numbers == [1]
