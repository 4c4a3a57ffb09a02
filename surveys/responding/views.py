"""Residents' pages of a survey: entry, answering, saved for later, receipt."""

from functools import partial

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for

from civic import clock, limits
from civic.activities import queries as activities
from civic.activities import visitor
from civic.activities.refusals import IdentityNeeded
from civic.activities.states import State
from civic.identity import kept
from civic.identity.contacts import TypedAddress
from civic.notices import receipts
from civic.notices.receipts import Answer
from civic.refusals import NotFound
from surveys.responding import actions, mails, queries
from surveys.responding import pages as steps
from surveys.responding.drafts import Holder
from surveys.responding.pages import Answering
from surveys.responding.queries import Asked
from surveys.responding.refusals import UnknownResumeCode
from surveys.responding.visitor import holder_of, known_holder

pages = Blueprint("surveys", __name__, template_folder="../templates")


@pages.get("/surveys/<slug>")
def entry(slug: str) -> str:
    asked = queries.survey_for_residents(slug)
    return render_template(
        "surveys/entry.html", page=queries.entry_page(asked, known_holder(asked.survey), clock.now())
    )


@pages.route("/surveys/<slug>/answer", methods=["GET", "POST"])
def answer(slug: str) -> Answer:
    asked = queries.survey_for_residents(slug)
    try:
        answering = present(asked)
    except IdentityNeeded:
        return make_response(visitor.ask_who(asked.survey, partial(steps.typed_rows, asked)))
    if request.method == "POST":
        answered = post(answering)
    elif answering.asked.state(clock.now()) is not State.OPEN:
        return redirect(url_for(".entry", slug=slug))
    elif known := activities.final_participation(answering.asked.survey, answering.holder.subject):
        return render_template("surveys/known.html", survey=answering.asked.survey, known=known)
    else:
        answered = steps.show(answering)
    return visitor.remember(make_response(answered), answering.asked.survey, answering.holder.cookie)


def present(asked: Asked) -> Answering:
    """The present visitor on her way through the survey."""
    holder = holder_of(asked.survey)
    return Answering(asked, holder, queries.draft_of(holder), "surveys.answer")


def post(answering: Answering) -> Answer:
    if form := kept.brought_back():
        return steps.show(answering, form.sent)
    section = steps.wanted_section(answering.walk)
    return steps.take_check(answering) if section == steps.CHECK else steps.take_section(answering, int(section))


@pages.get("/surveys/<slug>/saved")
def saved(slug: str) -> str:
    """The code to come back with, shown to the browser that asked for it."""
    made = session.get("resume_code", {})
    if made.get("slug") != slug:
        raise NotFound
    survey = queries.survey_for_residents(slug).survey
    arrived = session.pop("arrived", None)
    return render_template(
        "surveys/saved.html", survey=survey, code=made["code"], until=clock.now() + visitor.KEPT_FOR, arrived=arrived
    )


@pages.route("/surveys/<slug>/resume", methods=["GET", "POST"])
def resume(slug: str) -> Answer:
    """Enter the code of a draft that was begun elsewhere."""
    survey = queries.survey_for_residents(slug).survey
    if request.method == "GET":
        return render_template("surveys/resume.html", survey=survey, errors=[])
    typed = request.form.get("resume_code", "").strip()
    attempt = limits.failures("resume", account=f"survey:{survey.id}:{typed.upper()}"[:200])
    holder = Holder(survey.id, visitor.new_cookie(), visitor.subject_of(survey))
    try:
        actions.resume(holder, typed, clock.now())
    except UnknownResumeCode as refusal:
        errors = [("resume_code", refusal.message)]
        return render_template("surveys/resume.html", survey=survey, typed=typed, errors=errors), 422
    attempt.succeeded()
    return visitor.remember(redirect(url_for(".answer", slug=slug), 303), survey, holder.cookie)


@pages.route("/surveys/<slug>/done", methods=["GET", "POST"])
def done(slug: str) -> Answer:
    """The receipt."""
    survey = queries.survey_for_residents(slug).survey
    known = receipts.kept(survey)
    if known is None:
        return redirect(url_for(".entry", slug=slug))

    def page(address: TypedAddress) -> str:
        return render_template(
            "surveys/done.html",
            survey=survey,
            participation=known,
            address=address,
            errors=[("email", address.problem)] if address.problem else [],
            arrived=session.pop("arrived", None),
        )

    return receipts.show(known, partial(mails.receipt, survey), page)
