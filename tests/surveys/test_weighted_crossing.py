"""`surveys tabulate --weights`: weighted figures beside the others, by weights that came along or by known margins."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from analysis.tabular import write_csv
from tests.cast import Cast
from tests.factories.surveys import fill, make_survey, playground_answers

ANSWERS = playground_answers(60)
HEAVY = {"park": "3", "hall": "0.5"}
"""The weight of who chose a place; 1 for the others."""
OTHERS = ["school", "water", "away", "indoors"]


@pytest.fixture
def app_with_answers(app: Flask) -> Flask:
    made = make_survey(Cast(app))
    for places, weight, ward in ((["park"], "3", "north"), (["hall"], "0.5", "south"), (OTHERS, "1", "south")):
        batch = [one for one in ANSWERS if one["place"]["options"][0] in places]
        fill(made, batch, attributes={"weight": weight, "ward": ward})
    return app


def tabulated(app: Flask, *options: str) -> Result:
    line = ["surveys", "tabulate", "playgrounds", "--row", "place", "--col", "satisfied", *options]
    return app.test_cli_runner().invoke(args=line)


def printed(app: Flask, *options: str) -> Any:
    result = tabulated(app, *options, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def margins(folder: Path, *lines: tuple[str, str, str]) -> str:
    path = folder / "margins.csv"
    path.write_bytes(b"".join(write_csv(("variables", "category", "target"), lines)))
    return str(path)


def test_weights_that_came_with_the_responses_stand_beside_the_counts(app_with_answers: Flask) -> None:
    plain, weighted = printed(app_with_answers), printed(app_with_answers, "--weights")
    for one, other in zip(plain["cells"], weighted["cells"], strict=True):
        assert {name: other[name] for name in one} == one
        assert other["weighted"]["count"] == pytest.approx(one["count"] * float(HEAVY.get(one["row"], "1")))
    kept = [float(HEAVY.get(one["place"]["options"][0], "1")) for one in ANSWERS]
    effect = len(kept) * sum(weight**2 for weight in kept) / sum(kept) ** 2
    assert weighted["weighting"] == {
        "design_effect": pytest.approx(effect),
        "effective": pytest.approx(60 / effect),
        "respondents": 60,
        "at_limit": 0,
        "missed": [],
    }
    assert weighted["chi2"] == plain["chi2"]
    assert weighted["weighted_chi2"]["df"] == plain["chi2"]["df"]
    assert weighted["effective_base"] < plain["base"]


def test_margins_by_a_question_and_by_an_attribute_are_met(app_with_answers: Flask, tmp_path: Path) -> None:
    by_place = Counter(one["place"]["options"][0] for one in ANSWERS)
    known = [("place", place, str(1 / len(by_place))) for place in by_place]
    ward = [("ward", "north", str(1 / len(by_place))), ("ward", "south", str(1 - 1 / len(by_place)))]
    found = printed(app_with_answers, "--weights", margins(tmp_path, *known, *ward))
    assert found["weighting"]["missed"] == []
    sums = Counter[str]()
    for cell in found["cells"]:
        sums[cell["row"]] += cell["weighted"]["count"]
    answered = Counter(one["place"]["options"][0] for one in ANSWERS if "satisfied" in one)
    for place, count in answered.items():
        assert sums[place] == pytest.approx(60 / len(by_place) * count / by_place[place])


def test_people_read_the_weighted_counts_and_what_weighting_costs(app_with_answers: Flask) -> None:
    said = tabulated(app_with_answers, "--weights").stdout
    assert "by weight\t" in said
    assert "design effect: 1." in said
    assert " of 60" in said
    assert "by weight" not in tabulated(app_with_answers).stdout


def test_a_response_without_a_weight_is_named(app_with_answers: Flask, app: Flask) -> None:
    with app.app_context():
        from surveys.results.queries import survey_with_questionnaire

        survey = survey_with_questionnaire("playgrounds")[0]
    fill(survey, ANSWERS[:1])
    result = tabulated(app_with_answers, "--weights")
    assert result.exit_code == 1
    assert "There are no weights: response 61 of 61 has no weight. Import every response with an" in result.output


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([("town", "A", "1")], "The sample has no column town"),
        ([("place", "park", "0.5"), ("place", "hall", "0.4")], "The shares of place sum to 0.9, not to 1."),
        ([("place", "park", "1")], "the margins give no target for it"),
        ([("place", "park", "many")], "row 1: the target 'many' of place = park is no number."),
        ([("problems", "shade", "1")], "problems has several answers a person"),
    ],
)
def test_margins_that_do_not_fit_are_refused_with_the_file(
    app_with_answers: Flask, tmp_path: Path, lines: list[tuple[str, str, str]], reason: str
) -> None:
    path = margins(tmp_path, *lines)
    result = tabulated(app_with_answers, "--weights", path, "--json")
    assert result.exit_code == 1
    problem = json.loads(result.stdout)
    assert reason in problem["detail"]
    assert problem["detail"].startswith(path)


def test_a_file_of_margins_that_is_not_there_is_refused(app_with_answers: Flask) -> None:
    result = tabulated(app_with_answers, "--weights", "nowhere.csv")
    assert (result.exit_code, result.output) == (1, "nowhere.csv cannot be read: No such file or directory.\n")
