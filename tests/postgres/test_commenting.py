"""Residents' comments on a real PostgreSQL: races at the end of the period, and what only its JSON can get wrong."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities import reviews
from civic.db import db, writing
from consultations.comments.commenting import voices
from consultations.comments.models import CommentAuthor
from consultations.comments.recording import Author
from consultations.comments.retention import actions as retention
from consultations.comments.sources import ref_of
from tests.cast import Cast
from tests.consultations.commenting import racing
from tests.factories import consultations as make
from tests.factories.surveys import actor


def test_every_acknowledged_comment_counts_and_none_after_the_latch(app: Flask) -> None:
    racing.comment_while_it_ends(app, racing.opened(Cast(app)), 40)


def test_one_form_sent_twenty_times_is_one_comment(app: Flask) -> None:
    racing.press_twenty_times(app, racing.opened(Cast(app)))


def test_without_the_key_of_the_form_twenty_presses_are_several_comments(app: Flask) -> None:
    """The guard broken on purpose: the check above sees it."""
    race = racing.opened(Cast(app))
    with writing() as session:
        session.execute(
            sa.text("ALTER TABLE participation DROP CONSTRAINT uq_participation_activity_id_submission_key")
        )
    with pytest.raises(AssertionError):
        racing.press_twenty_times(app, race)


def test_authors_are_erased_and_reviewed_comments_found(app: Flask) -> None:
    cast = Cast(app)
    consultation = make.make_consultation(cast, notice_changes={"comments_public": True})
    make.comment(consultation, ["バスを増やして。"], author=Author("山田", attributes={"年代": "40代"}), passage="p4")
    (comment,) = make.comments_of(consultation)
    verdict = reviews.Verdict(ref_of(consultation.slug, comment.id), comment.body, ())
    reviews.review_texts(consultation.id, [verdict], actor(cast.moderator))
    db.session.rollback()
    assert [voice.words for voice in voices.comments_page(consultation.slug, "p4", 1).voices] == ["バスを増やして。"]
    make.end(consultation, cast)
    assert consultation.retention_until is not None
    due = retention.due(db.session, consultation.retention_until + timedelta(days=1))
    db.session.rollback()
    assert due == [consultation.id]
    assert retention.erase_batch(due[0]) == 1
    assert retention.erase_batch(due[0]) == 0
    db.session.rollback()
    assert db.session.scalars(sa.select(CommentAuthor)).all() == []
