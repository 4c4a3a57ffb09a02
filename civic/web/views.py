"""Pages and files of the frame itself."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, render_template, request, send_from_directory
from werkzeug.wrappers import Response

from civic.config import Mode
from civic.refusals import NotFound
from civic.web import samples

STATIC = Path(__file__).parent / "static"

pages = Blueprint("web", __name__)


@pages.get("/static/<path:filename>")
def static(filename: str) -> Response:
    """A file of the frame. Under the address of its content it may be kept for a year, else for an hour."""
    response = send_from_directory(STATIC, filename, conditional=True)
    named = request.args.get("v") == content_name(filename)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named else "public, max-age=3600"
    return response


@pages.app_url_defaults
def name_by_content(endpoint: str, values: dict[str, Any]) -> None:
    """Every address of a static file names its content, so that no browser mixes an old stylesheet with a new page."""
    if endpoint == "web.static" and (STATIC / values["filename"]).is_file():
        values["v"] = content_name(values["filename"])


@cache
def content_name(filename: str) -> str:
    return sha256((STATIC / filename).read_bytes()).hexdigest()[:12]


@pages.get("/components")
def components() -> str:
    """Every part of a page in every state, for those who write pages; not in production."""
    if current_app.extensions["settings"].mode is Mode.PRODUCTION:
        raise NotFound
    return render_template("web/components.html", **samples.context())


@pages.get("/healthz")
def healthz() -> tuple[str, dict[str, str]]:
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
