"""Staff's pages of results: all counts with the rule that hides some of them from others, and cross-tabs."""

from flask import Blueprint, current_app, render_template, request

from civic import clock
from civic.activities.rules import state_of
from civic.identity import access
from surveys.results import crossing, queries, showing

pages = Blueprint("survey_desk", __name__, template_folder="../templates")


@pages.get("/staff/surveys/<slug>/results")
def results(slug: str) -> str:
    page = queries.full_results(slug)
    access.require("survey.results", page.survey.department_id)
    tables = {name: showing.open_table(table) for name, table in page.tables.items()}
    return render_template(
        "surveys/staff/results.html",
        survey=page.survey,
        state=state_of(page.survey, clock.now()),
        figures=showing.figures(page.questionnaire, tables),
        channels=showing.channels(tables),
        states=page.states,
        release=page.release,
        smallest=current_app.extensions["settings"].minimum_cell,
    )


@pages.get("/staff/surveys/<slug>/crosstab")
def crosstab(slug: str) -> str:
    """Two questions against each other, chosen by `row` and `col` in the address."""
    survey, questionnaire = queries.survey_with_questionnaire(slug)
    access.require("survey.results", survey.department_id)
    row, column = (request.args.get(name, "") for name in ("row", "col"))
    found = queries.crossed(survey, questionnaire, row, column)
    return render_template(
        "surveys/staff/crosstab.html",
        survey=survey,
        variables=crossing.variables(questionnaire).values(),
        row=row,
        column=column,
        crossed=found,
        asked_in_vain=bool(row or column) and found is None,
    )
