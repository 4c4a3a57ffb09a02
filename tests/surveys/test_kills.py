"""A kill during submission: nothing acknowledged is lost, nothing is counted twice (SQLite; PostgreSQL in its folder)."""

from flask import Flask

from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey
from tests.surveys.killing import answer_under_kills, check_nothing_lost_or_doubled

KILLS = 50


def test_fifty_kills_lose_no_acknowledged_answer_and_double_none(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION)
    outcome = answer_under_kills(app.extensions["settings"], "shade", KILLS)
    check_nothing_lost_or_doubled(outcome, survey.id)
