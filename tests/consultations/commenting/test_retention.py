"""On the promised day names and addresses go, and the comments stay."""

from datetime import date, timedelta

import sqlalchemy as sa
import time_machine
from flask import Flask

from civic.activities.models import Participation
from civic.audit import chain
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.jobs.child import perform_due
from civic.jobs.queue import enqueue
from consultations.comments.models import Comment, CommentAuthor, Consultation
from consultations.comments.recording import Author
from consultations.comments.retention import actions
from tests.cast import Cast
from tests.consultations.commenting.writing import comments
from tests.factories import consultations as make

AUTHOR = Author("山田花子", "みなと野市1-2-3")
FURTHER = Author("山田花子", attributes={"年代": "40代"})


def erase_on(day: date) -> None:
    with time_machine.travel(f"{day.isoformat()}T12:00:00+09:00", tick=False):
        with writing() as session:
            enqueue(session, "consultations.erase_authors", {})
        perform_due()
    db.session.rollback()


def over(app: Flask, cast: Cast) -> Consultation:
    """A consultation that is over, with a comment from the web and two from a file with further columns."""
    consultation = make.make_consultation(cast)
    comments(app.test_client(), name="山田花子", body="web")
    make.comment(consultation, ["file"], author=FURTHER)
    make.comment(consultation, ["bare"])
    make.end(consultation, cast)
    return consultation


def authors() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(CommentAuthor)) or 0


def test_until_the_day_is_over_everything_is_kept(app: Flask, cast: Cast) -> None:
    consultation = over(app, cast)
    assert consultation.retention_until is not None
    erase_on(consultation.retention_until)
    assert authors() == 2


def test_after_the_day_the_comments_are_left_and_nobody_to_them(app: Flask, cast: Cast) -> None:
    consultation = over(app, cast)
    assert consultation.retention_until is not None
    erase_on(consultation.retention_until + timedelta(days=1))
    assert authors() == 0
    kept = db.session.scalars(sa.select(Comment).order_by(Comment.number)).all()
    assert [(one.body, one.attributes) for one in kept] == [("web", {}), ("file", {}), ("bare", {})]
    links = db.session.execute(
        sa.select(Participation.person_key, Participation.content_mac, Participation.session_mac)
    )
    assert {tuple(row) for row in links} == {(None, None, None)}
    records = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == "consultation.authors_erased")).all()
    assert [record.details for record in records] == [{"comments": 2}]
    assert chain.verify().problems == ()
    erase_on(consultation.retention_until + timedelta(days=2))
    again = sa.select(sa.func.count()).where(AuditRecord.act == "consultation.authors_erased")
    assert db.session.scalar(again) == 1


def test_a_consultation_still_open_is_not_touched(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    make.comment(consultation, ["意見"], author=AUTHOR)
    erase_on(date(2031, 1, 1))
    assert authors() == 1


def test_a_day_is_over_before_it_is_due(app: Flask, cast: Cast) -> None:
    consultation = over(app, cast)
    assert consultation.retention_until is not None
    assert actions.due(db.session, consultation.retention_until) == []
    assert actions.due(db.session, consultation.retention_until + timedelta(days=1)) == [consultation.id]
