"""Results as everybody may see them: what was released, as a page and as a file."""

from flask import Blueprint, Response, current_app, render_template

from analysis.tabular import write_csv
from civic import clock
from civic.activities.rules import state_of
from civic.web.languages import plain
from surveys.results import queries, showing

pages = Blueprint("survey_results", __name__, template_folder="../templates")


@pages.get("/surveys/<slug>/results")
def results(slug: str) -> str:
    page = queries.released_results(slug, clock.now())
    tables = page.tables
    return render_template(
        "surveys/results.html",
        survey=page.survey,
        state=state_of(page.survey, clock.now()),
        smallest=current_app.extensions["settings"].minimum_cell,
        release=page.release,
        figures=showing.figures(page.questionnaire, tables),
        channels=showing.channels(tables),
        base=showing.base(tables),
    )


@pages.get("/surveys/<slug>/results.csv")
def results_csv(slug: str) -> Response:
    page = queries.released_results(slug, clock.now())
    rows = showing.csv_rows(page.questionnaire, page.tables, plain)
    return download(b"".join(write_csv(showing.CSV_HEADERS, rows)), f"{slug}-results.csv")


def download(content: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": disposition})
