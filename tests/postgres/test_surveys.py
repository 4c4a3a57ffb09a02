"""Surveys on a real PostgreSQL: kills during submission, and what only its JSON and its locks can get wrong."""

import json
from collections import Counter

from flask import Flask

from civic.db import db
from surveys.results import recounting, tallies
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, fill, for_residents, make_survey, playground_answers
from tests.surveys.killing import answer_under_kills, check_nothing_lost_or_doubled
from tests.surveys.walking import sends

KILLS = 50


def test_fifty_kills_lose_no_acknowledged_answer_and_double_none(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION)
    outcome = answer_under_kills(app.extensions["settings"], "shade", KILLS)
    check_nothing_lost_or_doubled(outcome, survey.id)


def test_a_changed_answer_takes_the_first_out_of_the_counts(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, ONE_QUESTION, **for_residents(change_allowed=True))
    client = cast.client(cast.resident)
    for answer in ("yes", "no"):
        sends(client, "shade", [{"enough": answer}])
    db.session.rollback()
    counted = {key: count for key, count in tallies.stored(db.session, survey.id).items() if count}
    assert counted == {("enough", "", "", False): 1, ("enough", "", "no", False): 1}
    assert recounting.recounts("shade") == (3, [])


def test_a_crosstab_counts_what_was_answered(app: Flask) -> None:
    answers = playground_answers(60)
    fill(make_survey(Cast(app)), answers)
    options = ["tabulate", "playgrounds", "--row", "problems", "--col", "wanted.rain", "--json"]
    printed = json.loads(app.test_cli_runner().invoke(args=["surveys", *options]).stdout)
    by_hand = Counter(
        (trouble, one["wanted"]["rows"]["rain"]) for one in answers for trouble in one["problems"]["options"]
    )
    assert {(cell["row"], cell["column"]): cell["count"] for cell in printed["cells"] if cell["count"]} == by_hand
