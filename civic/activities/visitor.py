"""Who takes part: the browser's cookie for one activity, and the person where the activity asks for one."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from civic.activities.models import Activity
from civic.activities.refusals import IdentityNeeded
from civic.activities.states import Subject
from civic.identity import kept
from civic.identity.access import SignInNeeded
from civic.identity.queries import present_subject
from civic.identity.registers.views import enter_again
from civic.keys import keys
from civic.web.languages import cookie

KEPT_FOR = timedelta(days=30)
COOKIE = re.compile(r"[A-Za-z0-9_-]{32}")


def new_cookie() -> str:
    return secrets.token_urlsafe(24)


def cookie_name(activity: Activity) -> str:
    """One cookie for each activity, so that no cookie tells of two."""
    return cookie(f"answering-{activity.id}")


def subject_of(activity: Activity) -> str | None:
    """Who takes part, as the ledger knows persons; None where the activity asks for nobody. Raises `IdentityNeeded`."""
    subject = present_subject(activity)
    if subject is None and activity.subject is not Subject.NOBODY:
        raise IdentityNeeded
    return subject


def ask_who(activity: Activity, typed: Callable[[], Sequence[Mapping[str, object]]]) -> ResponseReturnValue:
    """To sign-in or to the page for the posted code, each of which carries a posted form (see civic.identity.kept).

    `typed` gives the rows that show what was typed. Raises SignInNeeded.
    """
    if activity.subject is Subject.RESIDENT:
        raise SignInNeeded
    if request.method == "POST":
        return enter_again(activity, typed())
    return redirect(url_for("register_code.enter", slug=activity.slug, next=kept.here()))


def kept_name(page: str, activity: Activity, subject: str | None) -> str:
    """The name under which a tab keeps what is typed on `page` until the server has it; for a person it is her own."""
    return page if subject is None else f"{page}-{keys().mac('tab.1', activity.id, subject).hex()[:16]}"


def browser_cookie(activity: Activity) -> str:
    """The browser's cookie for this activity, a new one where it has none (see `remember`)."""
    sent = request.cookies.get(cookie_name(activity), "")
    return sent if COOKIE.fullmatch(sent) else new_cookie()


def form_session(cookie_value: str, submission_key: str) -> str:
    """What the ledger knows the browser by: bound to one form, so that one browser's rows cannot be joined."""
    return f"{cookie_value}|{submission_key}"


def remember(response: Response, activity: Activity, value: str) -> Response:
    """Leave the cookie in the browser for as long as drafts are kept."""
    secure = cookie_name(activity).startswith("__Host-")
    response.set_cookie(
        cookie_name(activity),
        value,
        max_age=int(KEPT_FOR.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    return response
