"""Results: what everybody sees is what was released; staff see all counts; all of it from kept-up numbers."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities.actions import close
from civic.activities.states import ResultsShow, State
from civic.db import db, writing
from surveys.models import Survey, Tally
from surveys.results import recounting, tallies
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, actor, end_now, fill, make_survey, playground_answers, publish
from tests.surveys.walking import opens

LIVE = {"results_show": ResultsShow.LIVE}
SUPPRESSED = "秘匿"


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements of a request; what opens a connection or a transaction aside."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def yes_no(yes: int, no: int) -> list[dict[str, Any]]:
    return [{"enough": {"options": [answer]}} for answer in ["yes"] * yes + ["no"] * no]


def test_the_results_page_reads_few_statements_and_never_a_response(app: Flask) -> None:
    cast = Cast(app)
    counts = []
    for rows in (10, 10_000):
        survey = make_survey(cast, slug=f"playgrounds-{rows}", **LIVE)
        fill(survey, playground_answers(rows))
        publish(survey)
        client = app.test_client()
        client.get("/")  # the first request of a process also looks at migrations and keys
        with statements() as seen:
            page = opens(client, f"/surveys/{survey.slug}/results")
        assert page.answer.status_code == 200
        assert not [one for one in seen if re.search(r"FROM (response|free_text|participation)\b", one)]
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_small_counts_are_suppressed_everywhere_but_for_staff(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, ONE_QUESTION, **LIVE)
    fill(survey, yes_no(30, 3))
    publish(survey)
    page = opens(app.test_client(), "/surveys/shade/results")
    assert SUPPRESSED in page.text
    assert page.soup.select_one(f"main a[href='/projects/{survey.project.slug}']") is not None
    cells = [cell.get_text() for cell in page.soup.select("td.n")]
    assert not [cell for cell in cells if cell in {"1", "2", "3", "4"}]
    everything = opens(cast.client(cast.analyst), "/staff/surveys/shade/results")
    assert "3件" in everything.text
    assert SUPPRESSED not in [cell.get_text() for cell in everything.soup.select("td.n")]


def test_the_file_holds_the_same_figures_as_the_page(app: Flask) -> None:
    survey = make_survey(Cast(app), **LIVE)
    fill(survey, playground_answers(60))
    publish(survey)
    client = app.test_client()
    page = opens(client, "/surveys/playgrounds/results")
    answer = client.get("/surveys/playgrounds/results.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="playgrounds-results.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    in_file = {row["answer"]: row["count"] for row in rows if row["table"] == "place" and row["code"]}
    table = page.soup.select_one("#place table")
    assert table is not None
    on_page = {row.th.get_text(): row.td.get_text() for row in table.select("tbody tr")}  # type: ignore[union-attr]  # a table row has both
    assert {label: count.replace(SUPPRESSED, "") for label, count in on_page.items()} == in_file
    assert {row["suppressed"] for row in rows} <= {"0", "1"}


@pytest.mark.parametrize(
    ("shown", "state", "seen"),
    [
        (ResultsShow.NEVER, State.CLOSED, False),
        (ResultsShow.AFTER_CLOSE, State.OPEN, False),
        (ResultsShow.AFTER_CLOSE, State.ENDED, False),
        (ResultsShow.AFTER_CLOSE, State.CLOSED, True),
        (ResultsShow.LIVE, State.OPEN, True),
        (ResultsShow.LIVE, State.WITHDRAWN, False),
        (ResultsShow.LIVE, State.DRAFT, False),
    ],
)
def test_the_rule_fixed_at_opening_says_when_results_show(
    app: Flask, shown: ResultsShow, state: State, seen: bool
) -> None:
    make_survey(Cast(app), ONE_QUESTION, state, results_show=shown)
    for address in ("/surveys/shade/results", "/surveys/shade/results.csv"):
        assert (app.test_client().get(address).status_code == 200) is seen


def test_before_the_first_release_the_page_says_when_it_comes(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION, **LIVE)
    fill(survey, yes_no(5, 4))
    page = opens(app.test_client(), "/surveys/shade/results")
    assert "まだ結果はありません" in page.text
    assert "おひとりで何度でも回答できる" in page.text


def test_the_page_says_that_this_is_no_sample(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION, **LIVE)
    fill(survey, yes_no(30, 30))
    publish(survey)
    for language, words in (("ja", "標本調査ではありません"), ("en", "This is not a sample survey")):
        assert words in opens(app.test_client(), f"/surveys/shade/results?lang={language}").text


def test_mean_and_median_come_from_the_counts(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, **LIVE)
    fill(survey, [{"age": {"number": number}} for number in ["0"] * 5 + ["6"] * 10 + ["12"] * 5])
    publish(survey)
    page = opens(app.test_client(), "/surveys/playgrounds/results")
    assert "平均 6.0 / 中央値 6.0" in page.text
    assert "平均 6.0 / 中央値 6.0" in opens(cast.client(cast.editor), "/staff/surveys/playgrounds/results").text


def test_imported_answers_off_the_path_are_counted_beside_the_others(app: Flask) -> None:
    survey = make_survey(Cast(app), **LIVE)
    fill(survey, playground_answers(40))
    stray = {"place": {"options": ["indoors"]}, "satisfied": {"options": ["very"]}}
    before = tallies.stored(db.session, survey.id)["satisfied", "", "very", False]
    db.session.rollback()
    fill(survey, [stray] * 6, off_path=("satisfied",))
    db.session.rollback()
    after = tallies.stored(db.session, survey.id)
    assert (after["satisfied", "", "very", False], after["satisfied", "", "very", True]) == (before, 6)
    publish(survey)
    assert "6件ありました" in opens(app.test_client(), "/surveys/playgrounds/results").text


def test_only_staff_of_the_department_see_all_counts(app: Flask) -> None:
    cast = Cast(app)
    make_survey(cast, ONE_QUESTION)
    for address in ("/staff/surveys/shade/results", "/staff/surveys/shade/crosstab"):
        assert cast.client(cast.editor).get(address).status_code == 200
        assert cast.client(cast.parks_editor).get(address).status_code == 403
        assert cast.client(cast.council_member).get(address).status_code == 403
        assert cast.client(cast.resident).get(address).status_code == 403


def test_a_recount_finds_a_tally_that_is_wrong(app: Flask) -> None:
    survey = make_survey(Cast(app))
    fill(survey, playground_answers(50))
    db.session.rollback()
    checked, mismatches = recounting.recounts("playgrounds")
    assert checked > 40
    assert mismatches == []
    with writing() as session:
        session.execute(sa.update(Tally).where(Tally.question == "place", Tally.value == "park").values(count=7))
    _, mismatches = recounting.recounts(None)
    assert [(one["question"], one["value"], one["stored"]) for one in mismatches] == [("place", "park", 7)]


def test_a_closed_survey_is_released_whole(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, ONE_QUESTION, results_show=ResultsShow.AFTER_CLOSE)
    fill(survey, yes_no(20, 12))
    end_and_close(survey.id, cast)
    publish(survey)
    page = opens(app.test_client(), "/surveys/shade/results")
    assert "32件" in page.text
    assert "20件" in page.answer.text


def end_and_close(survey_id: int, cast: Cast) -> None:
    end_now(db.session.get_one(Survey, survey_id))
    close(survey_id, actor(cast.editor), clock.now())
