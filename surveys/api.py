"""What machines read of surveys."""

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from civic.identity.roles import PUBLIC, permit
from surveys.structure import SCHEMA_PATH

pages = Blueprint("survey_api", __name__, url_prefix="/api/v1")

PERMITS = (permit("survey_api.schema", "GET", "survey.schema", PUBLIC),)


@pages.get("/schema/questionnaire.json")
def schema() -> Response:
    """The published JSON Schema of a questionnaire, version 1."""
    return send_file(SCHEMA_PATH, mimetype="application/schema+json", max_age=3600)
