"""Cross-tabs: by the command, on the staff page, against a count by hand."""

import json
from collections import Counter

import pytest
from flask import Flask

from analysis.crosstab import crosstab
from civic.db import db
from surveys.models import Survey
from surveys.questionnaire import Option, Question, QuestionType
from surveys.results import crossing, queries
from surveys.results.crossing import variables
from tests.cast import Cast
from tests.factories.surveys import fill, make_survey, playground_answers
from tests.surveys.walking import opens

ANSWERS = playground_answers(80)
QUESTIONS = {
    "one": Question("one", QuestionType.SINGLE, {}, {}, (Option("a", {}), Option("b", {}))),
    "many": Question("many", QuestionType.MULTIPLE, {}, {}, (Option("x", {}), Option("y", {}))),
}


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)


@pytest.fixture
def survey(cast: Cast) -> Survey:
    made = make_survey(cast)
    fill(made, ANSWERS)
    return made


def test_the_command_prints_what_a_count_by_hand_gives(app: Flask, survey: Survey) -> None:
    options = ["tabulate", "playgrounds", "--row", "place", "--col", "satisfied", "--json"]
    result = app.test_cli_runner().invoke(args=["surveys", *options])
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    by_hand = Counter(
        (one["place"]["options"][0], one["satisfied"]["options"][0]) for one in ANSWERS if "satisfied" in one
    )
    assert {(cell["row"], cell["column"]): cell["count"] for cell in printed["cells"] if cell["count"]} == by_hand
    assert printed["base"] == by_hand.total()
    assert printed["chi2"].keys() == {"statistic", "df", "p", "min_expected", "cramers_v"}
    assert {cell["suppressed"] for cell in printed["cells"]} == {False}
    for cell in printed["cells"]:
        if cell["ci95"]:
            assert cell["ci95"][0] <= cell["row_share"] <= cell["ci95"][1]


def test_several_choices_count_persons_and_have_no_chi_square(app: Flask, survey: Survey) -> None:
    options = ["tabulate", "playgrounds", "--row", "problems", "--col", "wanted.rain", "--json"]
    printed = json.loads(app.test_cli_runner().invoke(args=["surveys", *options]).stdout)
    assert printed["chi2"] is None
    assert printed["base"] == 80
    chose = sum("shade" in one["problems"]["options"] for one in ANSWERS)
    assert sum(cell["count"] for cell in printed["cells"] if cell["row"] == "shade") == chose


def test_what_cannot_be_crossed_is_refused_with_what_can(app: Flask, survey: Survey) -> None:
    for row, column in (("place", "place"), ("place", "message"), ("nowhere", "place")):
        result = app.test_cli_runner().invoke(
            args=["surveys", "tabulate", "playgrounds", "--row", row, "--col", column]
        )
        assert result.exit_code == 1
        assert "satisfied" in result.output


def test_answers_off_the_path_are_left_out(app: Flask, survey: Survey) -> None:
    _, questionnaire = queries.survey_with_questionnaire("playgrounds")
    before = queries.crossed(survey, questionnaire, "place", "satisfied")
    stray = {"place": {"options": ["indoors"]}, "satisfied": {"options": ["very"]}}
    db.session.rollback()
    fill(survey, [stray], off_path=("satisfied",))
    db.session.rollback()
    after = queries.crossed(survey, questionnaire, "place", "satisfied")
    assert before is not None
    assert after is not None
    assert before.tab == after.tab


def test_the_staff_page_shows_counts_intervals_and_the_test(cast: Cast, survey: Survey) -> None:
    staff = cast.client(cast.editor)
    page = opens(staff, "/staff/surveys/playgrounds/crosstab?row=place&col=satisfied")
    assert len(page.soup.select("table")) == 2
    assert "カイ二乗" in page.text
    several = opens(staff, "/staff/surveys/playgrounds/crosstab?row=problems&col=place")
    assert "カイ二乗は求めていません" in several.text
    assert "違う設問を2つ選んでください" in opens(staff, "/staff/surveys/playgrounds/crosstab?row=place&col=place").text


def test_variables_are_questions_with_choices_and_matrix_rows(survey: Survey) -> None:
    _, questionnaire = queries.survey_with_questionnaire("playgrounds")
    names = list(variables(questionnaire))
    assert names[:3] == ["place", "satisfied", "problems"]
    assert "wanted.water" in names
    assert "message" not in names


def test_a_stored_answer_is_read_as_a_category_or_a_set() -> None:
    pairs = [('["a"]', '["x", "y"]', [], 2), (None, '["x"]', [], 1), ('["b"]', '["x"]', ["one"], 1)]
    one, many = (crossing.Variable(name, question) for name, question in QUESTIONS.items())
    crossed = crossing.cross(one, many, pairs)  # type: ignore[arg-type]  # tuples of literals
    expected = crosstab([("a", frozenset({"x", "y"}))] * 2, one.axis, many.axis)
    assert crossed.tab == expected
