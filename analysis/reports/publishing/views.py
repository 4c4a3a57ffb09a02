"""Published reports as council members and residents read them, and their files."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template

from analysis.reports import rules
from analysis.reports.publishing import queries, tables
from analysis.tabular import write_csv

resident = Blueprint("reports", __name__, url_prefix="/reports", template_folder="../templates")
council = Blueprint("council", __name__, url_prefix="/council", template_folder="../templates")


@resident.get("")
def index() -> str:
    return render_template("reports/list.html", reports=queries.published(residents=True), room="resident")


@resident.get("/<slug>")
def report(slug: str) -> str:
    return render_template("reports/report.html", page=queries.readable(slug, residents=True), room="resident")


@resident.get("/<slug>/tables.csv")
def tables_csv(slug: str) -> Response:
    return as_csv(queries.readable(slug, residents=True))


@resident.get("/<slug>/report.json")
def document(slug: str) -> Response:
    return as_json(queries.readable(slug, residents=True))


@council.get("/")
def home() -> str:
    return render_template("reports/list.html", reports=queries.published(residents=False), room="council")


@council.get("/reports/<slug>")
def council_report(slug: str) -> str:
    return render_template("reports/report.html", page=queries.readable(slug, residents=False), room="council")


@council.get("/reports/<slug>/tables.csv")
def council_tables_csv(slug: str) -> Response:
    return as_csv(queries.readable(slug, residents=False))


def as_csv(page: queries.ReadableReport) -> Response:
    """All tables of a report as one CSV in long form."""
    headers, rows = tables.long_form(page.content)

    def stream() -> Iterator[bytes]:
        yield from write_csv(headers, rows)

    name = f"{page.content['slug']}-{page.edition}.csv"
    return Response(stream(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def as_json(page: queries.ReadableReport) -> Response:
    """The published document: exactly the bytes its hash covers, until a sentence is taken back."""
    name = f"{page.content['slug']}-{page.edition}.json"
    return Response(
        rules.canonical(page.as_read_now),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
