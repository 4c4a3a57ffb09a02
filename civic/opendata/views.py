"""Open data for everybody: the list, the files, the catalogue."""

from flask import Blueprint, Response, current_app, jsonify, render_template

from analysis.tabular import open_data_csv
from civic import clock
from civic.features import Caption, house
from civic.opendata import files, queries, releasing
from civic.opendata.queries import Dataset

pages = Blueprint("opendata", __name__, url_prefix="/opendata")


@pages.get("/")
def index() -> str:
    return render_template("opendata/index.html", datasets=queries.datasets(clock.now()), people_of=people_of)


def people_of(dataset: Dataset) -> tuple[bool, int | None]:
    """Whether the list says how many took part, and how many. A small number that a statute has published, as of two
    comments on a plan, stands in the file; the list does not repeat it.
    """
    base = files.base_of(dataset.release.tables)
    return base is None or not releasing.policy().is_small(base), base


@pages.get("/<slug>.csv")
def csv(slug: str) -> Response:
    dataset = queries.dataset(slug, clock.now())
    content = b"".join(open_data_csv(files.HEADERS, files.rows(dataset.release.tables, captions_of(dataset))))
    return Response(content, content_type="text/csv; charset=utf-8")


@pages.get("/<slug>.json")
def tables(slug: str) -> Response:
    dataset = queries.dataset(slug, clock.now())
    return jsonify(files.document(dataset, captions_of(dataset)))


def captions_of(dataset: Dataset) -> dict[str, Caption]:
    """The words of the tables' questions and categories, from the feature that owns the activity."""
    captions = house().of(dataset.activity).captions
    return dict(captions(dataset.activity)) if captions else {}


@pages.get("/catalog.jsonld")
def catalog() -> Response:
    settings = current_app.extensions["settings"]
    found = files.catalogue(queries.datasets(clock.now()), settings.municipality("ja"), settings.base_url)
    response = jsonify(found)
    response.content_type = "application/ld+json"
    return response
