"""Pages and files of the frame itself."""

from flask import Blueprint, current_app, send_from_directory
from werkzeug.wrappers import Response

pages = Blueprint("web", __name__)


@pages.get("/static/<path:filename>")
def static(filename: str) -> Response:
    response = send_from_directory(f"{current_app.root_path}/web/static", filename, conditional=True)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@pages.get("/healthz")
def healthz() -> tuple[str, dict[str, str]]:
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
