"""Who answers: the browser's cookie for this survey, and the person where the survey asks for one."""

from flask import request, url_for
from werkzeug.wrappers import Response

from civic.activities.refusals import IdentityNeeded
from civic.activities.states import Subject
from civic.identity.queries import present_subject
from civic.web.languages import cookie
from surveys.models import Survey
from surveys.responding import drafts
from surveys.responding.drafts import Holder


def cookie_name(survey: Survey) -> str:
    """One cookie for each survey, so that no cookie tells of two."""
    return cookie(f"answering-{survey.id}")


def holder_of(survey: Survey) -> Holder:
    """The present visitor as a resident who answers; raises `IdentityNeeded` where the survey asks who she is."""
    return Holder(survey.id, browser_cookie(survey), subject_of(survey))


def known(survey: Survey) -> Holder | None:
    """The visitor as far as she is known already; None while the survey would have to ask who she is."""
    try:
        return holder_of(survey)
    except IdentityNeeded:
        return None


def subject_of(survey: Survey) -> str | None:
    """Who answers, as the ledger knows persons; None where the survey asks for nobody. Raises `IdentityNeeded`."""
    subject = present_subject(survey)
    if subject is None and survey.subject is not Subject.NOBODY:
        raise IdentityNeeded
    return subject


def address_of_code_page(survey: Survey, next_address: str) -> str:
    """Where a person of the survey's register shows who she is."""
    return url_for("register_code.enter", slug=survey.slug, next=next_address)


def browser_cookie(survey: Survey) -> str:
    """The browser's cookie for this survey, a new one where it has none (see `remember`)."""
    sent = request.cookies.get(cookie_name(survey), "")
    return sent if drafts.COOKIE.fullmatch(sent) else drafts.new_cookie()


def remember(response: Response, survey: Survey, value: str) -> Response:
    """Leave the cookie in the browser for as long as drafts are kept."""
    secure = cookie_name(survey).startswith("__Host-")
    response.set_cookie(
        cookie_name(survey),
        value,
        max_age=int(drafts.KEPT_FOR.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    return response
