"""Comments that meet the end of the period, and each other, on SQLite; `tests/postgres` runs the same on PostgreSQL."""

from flask import Flask

from civic.db import db
from consultations.comments.models import Consultation
from tests.cast import Cast
from tests.consultations.commenting import racing
from tests.factories import consultations as make


def test_every_acknowledged_comment_counts_and_none_after_the_latch(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    ends = consultation.ends_at
    db.session.expunge(consultation)
    racing.comment_while_it_ends(app, consultation, 12)
    assert db.session.get_one(Consultation, consultation.id).ends_at == ends


def test_one_form_sent_twenty_times_is_one_comment(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    db.session.expunge(consultation)
    racing.press_twenty_times(app, consultation)
