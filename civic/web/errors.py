"""Every refusal and every failure as a page, or as problem+json for machines. Typed text is always shown again."""

import contextlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Flask, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from civic.db import db, is_busy
from civic.features import house
from civic.identity import access, kept
from civic.identity.access import SignInNeeded
from civic.identity.accounts import Anonymous
from civic.identity.views import sign_in_again
from civic.intake.refusals import TooLargeForBrowser
from civic.messages import N_, Message
from civic.refusals import Busy, Refusal, StaleVersion
from civic.web import fields, pages
from civic.web.languages import translated

TITLES = {
    400: N_("We could not read this request"),
    401: N_("Please sign in"),
    403: N_("You may not open this page"),
    404: N_("Page not found"),
    405: N_("This address cannot be used like this"),
    409: N_("We could not accept this"),
    413: N_("This file is too large"),
    422: N_("Please check what you entered"),
    429: N_("Too many tries"),
    500: N_("Something went wrong on our side"),
    503: N_("We are busy right now"),
}
SENTENCES = {
    400: N_("Nothing was saved. Go back and try again."),
    404: N_("The address may be mistyped, or the page has moved."),
    405: N_("Nothing was saved. Open the page from the menu."),
    413: N_("Nothing was saved. Choose a file of up to 50 MB."),
    429: N_("Please wait a few minutes, then try again. Nothing you typed was counted."),
}

# What buttons and hidden fields of this site send.
UNTYPED: Final = {
    "act", "after", "channel", "decision", "group", "item", "join", "next", "page", "part", "passage", "save", "spans",
    "stage", "start", "start_over", "state", "step", "stop", "topic", "type", "unsorted",
}  # fmt: skip
TYPED: Final = N_("Text")
LAYOUTS: Final = {"staff": "layouts/staff.html", "admin": "layouts/staff.html", "council": "layouts/council.html"}


# What is left when not even the page of an incident can be made.
LAST_PAGE: Final = """<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><title>エラー</title></head>
<body>
<h1>エラーが起きました</h1>
<p>いま処理できません。何も保存していません。5分ほどたってから、もう一度お試しください。番号: {number}</p>
<p lang="en">We could not do this right now, and nothing was saved. Try again in five minutes. Number: {number}</p>
</body>
</html>
"""


def attach(app: Flask) -> None:
    app.register_error_handler(SignInNeeded, ask_to_sign_in)
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(DBAPIError, show_database_error)
    app.register_error_handler(Exception, show_incident)


def wants_json() -> bool:
    """Whether a machine asks: an API address, or JSON preferred over HTML."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return request.path.startswith("/api/") or (best is not None and best != "text/html")


def answer(
    status: int,
    slug: str,
    message: Message,
    retry_after: int | None = None,
    allow: Iterable[str] | None = None,
    **values: object,
) -> ResponseReturnValue:
    """The page or the problem document for `status`; `allow` are the methods the address does answer."""
    headers = {"Cache-Control": "no-store"}
    if allow is not None:
        headers["Allow"] = ", ".join(sorted(allow))
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    title = translated(Message(TITLES.get(status, TITLES[500])))
    if wants_json():
        body = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": translated(message)}
        response = jsonify(body)
        response.content_type = "application/problem+json"
        return response, status, headers
    page = render_template(
        "web/error.html",
        status=status,
        title=title,
        sentence=message,
        kept=typed(),
        room_layout=room_layout(),
        **values,
    )
    return page, status, headers


def room_layout() -> str:
    """The frame of the room in which the refused page lies; the residents' for who has no menu there."""
    room = request.path.split("/")[1]
    return LAYOUTS[room] if room in LAYOUTS and pages.navigation(room) else "layouts/resident.html"


def typed() -> Sequence[tuple[Any, str]]:
    """What the person typed, as (label, words); nothing where the form was too large to be read at all, and nothing of a
    form that is secret (`g.secret_form`: a ballot).

    A form of ours names its fields. Elsewhere all is shown that does not stand under the name of a button.
    """
    if g.get("secret_form"):
        return ()
    try:
        sent = (kept.opened(request.form.get("kept")) or kept.posted()).shown
    except RequestEntityTooLarge:
        return ()
    return labelled(sent)


def labelled(sent: Iterable[tuple[str, str]]) -> Sequence[tuple[Any, str]]:
    """What was sent as (label, words); fields of no known form are called by one word for all."""
    asked: Mapping[str, Any] = dict(fields.controls(g.asked)) if "asked" in g else {}
    return [(label_of(asked.get(name)), words) for name, words in sent if is_typed(asked.get(name), name)]


def label_of(field: Any) -> Any:
    return field.label.text if field is not None else Message(TYPED)


def is_typed(field: Any, name: str) -> bool:
    return fields.is_typed(field) if field is not None else name not in UNTYPED


def ask_to_sign_in(refusal: SignInNeeded) -> ResponseReturnValue:
    """To the sign-in page; a posted form goes through it sealed and can be sent again afterwards."""
    if wants_json():
        return answer(401, refusal.slug, refusal.message)
    if request.method == "GET":
        return redirect(url_for("identity.sign_in", next=request.full_path.rstrip("?")))
    return sign_in_again(typed())


def show_refusal(refusal: Refusal) -> ResponseReturnValue:
    newer = form_page() if isinstance(refusal, StaleVersion) else None
    return answer(refusal.status, refusal.slug, refusal.message, refusal.retry_after, refusal=refusal, newer=newer)


def form_page() -> str | None:
    """Where the form of the present request stands: the page it came from, or the one of its own address."""
    before = kept.page_before()
    return before if before and opens(before.partition("?")[0]) else request.path if opens(request.path) else None


def opens(path: str) -> bool:
    """Whether a page of this site stands at `path`."""
    try:
        return current_app.url_map.bind("").test(path, method="GET")
    except RequestRedirect:
        return False


def show_stale_form(error: CSRFError) -> ResponseReturnValue:
    """A form from an ended session. It may be sent again by one button, but only if this site's own page sent it."""
    message = Message(N_("This form was open too long, so it was not saved. Your text is below; send it again."))
    if not from_own_page():
        return answer(400, "stale-form", message)
    permit = access.present_permit()
    if permit and not permit.public and not current_user.is_authenticated:
        return ask_to_sign_in(SignInNeeded())
    return answer(400, "stale-form", message, resend=kept.posted())


def from_own_page() -> bool:
    """Whether a page of this site sent the present form, as far as the browser says; old ones say nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    return site == "same-origin" if site else origin is None or origin == request.host_url.rstrip("/")


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    retry, allow = getattr(error, "retry_after", None), getattr(error, "valid_methods", None)
    command = command_here() if status == 413 else None
    message = TooLargeForBrowser(command=command).message if command else Message(SENTENCES.get(status, SENTENCES[400]))
    return answer(status, f"http-{status}", message, retry, allow)


def command_here() -> str | None:
    """The command that brings in tables of any size, on the pages where tables are handed in."""
    if not request.path.endswith("/collect"):
        return None
    rooms = (room for room in house().rooms if any(one.name == request.blueprint for one in room.blueprints))
    return next((room.tables.command for room in rooms if room.tables), None)


def show_database_error(error: DBAPIError) -> ResponseReturnValue:
    ask_the_database_no_more()
    return show_refusal(Busy()) if is_busy(error) else show_incident(error)


def ask_the_database_no_more() -> None:
    """Let the page of a failure be made from what is known by now: who has not been looked up stays anonymous."""
    with contextlib.suppress(SQLAlchemyError):
        db.session.rollback()
    if "_login_user" not in g:
        g._login_user = Anonymous()


def show_incident(error: Exception) -> ResponseReturnValue:
    """An unexpected failure: logged whole under a number, told to the person by that number only."""
    if current_app.testing or current_app.config.get("PROPAGATE_INCIDENTS"):
        raise error
    number = secrets.token_hex(4)
    current_app.logger.error("incident %s at %s %s", number, request.method, request.path, exc_info=error)
    ask_the_database_no_more()
    message = Message(
        N_(
            "We could not do this right now, and nothing was saved. Try again in five minutes. Incident number: %(number)s"
        ),
        {"number": number},
    )
    try:
        return answer(500, "incident", message)
    except Exception:
        current_app.logger.exception("the page of incident %s could not be made", number)
        return LAST_PAGE.format(number=number), 500, {"Cache-Control": "no-store"}
