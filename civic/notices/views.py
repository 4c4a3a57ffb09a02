"""The feed for everybody, and the outbox for those who look after it."""

from flask import Blueprint, Response, current_app, make_response, render_template, request

from civic.config import Mode
from civic.notices import queries
from civic.notices.feed import atom
from civic.refusals import NotFound
from civic.web.requests import page_number

pages = Blueprint("notices", __name__)


@pages.get("/feed.atom")
def feed() -> Response:
    response = make_response(atom(queries.happenings()))
    response.content_type = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.get("/staff/outbox")
def demo_outbox() -> str:
    settings = current_app.extensions["settings"]
    if settings.mode is Mode.PRODUCTION:
        raise NotFound
    return render_template("notices/demo_outbox.html", mails=queries.demo_mail(settings.instance / "mail"))


@pages.get("/admin/outbox")
def outbox() -> str:
    page = page_number()
    return render_template("notices/outbox.html", page=queries.outbox(page))
