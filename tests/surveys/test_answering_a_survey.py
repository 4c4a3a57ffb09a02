"""A resident answers a survey: the thread from the first page to the receipt and the counts."""

from collections import Counter

import sqlalchemy as sa
from flask import Flask

from civic.db import db
from surveys.models import Draft, Response
from surveys.results import tallies
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey
from tests.surveys.walking import answers, receipt_number


def test_one_question_is_answered_counted_and_acknowledged(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()

    check = answers(client, "shade", [{"enough": "yes"}])
    assert "まだ送られていません" in check.text
    assert tallies.stored(db.session, survey.id) == Counter()

    done = check.send().follow()
    assert done.heading == "回答を受け付けました"
    assert len(receipt_number(done)) == 19
    db.session.rollback()
    assert tallies.stored(db.session, survey.id) == {("enough", "", "", False): 1, ("enough", "", "yes", False): 1}
    assert db.session.scalars(sa.select(Response.answers)).all() == [{"enough": {"options": ["yes"]}}]
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_a_double_click_counts_once_and_shows_the_same_receipt(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    check = answers(client, "shade", [{"enough": "no"}])
    first = receipt_number(check.send().follow())
    second = receipt_number(check.send().follow())
    assert first == second
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Response)).all()) == 1
