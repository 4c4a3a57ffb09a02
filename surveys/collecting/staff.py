"""Staff pages that bring in answers from paper and from files."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from civic import clock
from civic.activities.ledger import new_submission_key
from civic.identity import access
from civic.identity.registers.queries import entries_of
from civic.intake import pages as intake
from civic.messages import N_, Message
from civic.refusals import Refusal, StaleVersion
from surveys.collecting import actions
from surveys.collecting.forms import UploadForm
from surveys.collecting.keying import KeyingForm, channels_of
from surveys.columns import template_headers
from surveys.models import Survey
from surveys.questionnaire import Questionnaire
from surveys.results.queries import survey_with_questionnaire

pages = Blueprint("survey_collecting", __name__, url_prefix="/staff/surveys", template_folder="../templates")


def survey_at(slug: str) -> tuple[Survey, Questionnaire]:
    """The survey, if the signed-in account may collect for its department."""
    survey, questionnaire = survey_with_questionnaire(slug)
    access.require("survey.collect", survey.department_id)
    return survey, questionnaire


@pages.route("/<slug>/collect", methods=["GET", "POST"])
def overview(slug: str) -> ResponseReturnValue:
    survey, _questionnaire = survey_at(slug)
    by_paper = bool(channels_of(survey))
    return intake.overview(survey, UploadForm(), "surveys/collecting/staff/overview.html", by_paper=by_paper)


@pages.get("/<slug>/collect/template.csv")
def template(slug: str) -> Response:
    """An empty table whose first row names every field of the form."""
    _survey, questionnaire = survey_at(slug)
    return intake.csv_file(f"{slug}-template.csv", template_headers(questionnaire))


@pages.get("/<slug>/collect/progress.json")
def progress(slug: str) -> Response:
    return intake.progress(survey_at(slug)[0])


@pages.route("/<slug>/collect/imports/<int:number>", methods=["GET", "POST"])
def imported(slug: str, number: int) -> ResponseReturnValue:
    return intake.imported(survey_at(slug)[0], number, Message(N_("Paper and files")))


@pages.get("/<slug>/collect/imports/<int:number>/review.csv")
def review_file(slug: str, number: int) -> Response:
    return intake.review_file(survey_at(slug)[0], number)


@pages.route("/<slug>/collect/form", methods=["GET", "POST"])
def keying(slug: str) -> ResponseReturnValue:
    """One paper form on one page."""
    survey, questionnaire = survey_at(slug)
    if request.method == "GET":
        way = session.get("keyed", {}).get("channel")
        empty = KeyingForm.empty(survey, questionnaire, clock.today(), new_submission_key(), way)
        return render_form(survey, empty)
    form = KeyingForm.posted(survey, questionnaire, clock.today(), request.form)
    subject = None
    if form.person and survey.register_id is not None:
        entry = entries_of(survey.register_id, [form.person]).get(form.person)
        if entry is None:
            form = form.unknown_person()
        subject = f"entry:{entry}"
    if form.errors:
        return render_form(survey, form), 422
    keyed_form = actions.Keyed(form.channel, form.arrived_on, subject, form.version, form.answers, form.submission_key)
    try:
        recorded = actions.key_form(survey.id, questionnaire, keyed_form, current_user.actor, clock.now())
    except StaleVersion as refusal:
        return render_form(*again(slug, form), refusal.message), refusal.status, refusal.headers
    except Refusal as refusal:
        return render_form(survey, form, refusal.message), refusal.status, refusal.headers
    kept = recorded.participation
    session["keyed"] = {
        "slug": slug, "receipt": kept.receipt, "state": kept.state.value, "channel": form.channel.value,
    }  # fmt: skip
    return redirect(url_for(".keyed", slug=slug), 303)


def again(slug: str, form: KeyingForm) -> tuple[Survey, KeyingForm]:
    """The typed form under the questionnaire as it is now."""
    survey, questionnaire = survey_with_questionnaire(slug)
    return survey, replace(form, survey=survey, questionnaire=questionnaire, version=survey.current_version)


def render_form(survey: Survey, form: KeyingForm, notice: Message | None = None) -> str:
    return render_template(
        "surveys/collecting/staff/form.html", survey=survey, page=form, errors=form.errors, notice=notice
    )


@pages.get("/<slug>/collect/form/saved")
def keyed(slug: str) -> ResponseReturnValue:
    """The receipt number to write on the paper, and the way to the next form."""
    survey, _questionnaire = survey_at(slug)
    kept = session.get("keyed", {})
    if kept.get("slug") != slug:
        return redirect(url_for(".keying", slug=slug))
    return render_template("surveys/collecting/staff/keyed.html", survey=survey, kept=kept)
