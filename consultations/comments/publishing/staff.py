"""Staff pages of the result: writing it, reading it as everybody will, correcting it once it is published."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic import clock
from civic.activities.staff import form_page, posted, say, seen
from civic.identity import access
from civic.messages import N_, Message
from civic.refusals import Refusal, StaleVersion
from civic.web.requests import number_in
from consultations.comments.publishing import actions, desk, forms, views
from consultations.comments.publishing.desk import CorrectionPage, ResultPage
from consultations.comments.queries import consultation_for
from consultations.comments.refusals import NothingCorrected
from consultations.comments.sources import QUESTION

pages = Blueprint(
    "consultations_publishing", __name__, url_prefix="/staff/consultations", template_folder="../templates"
)
ASKED = ("analysis_runs.masks",)
"""Pages whose address names the question too."""

pages.context_processor(views.give_templates_words)


@pages.get("/<slug>/result")
def result(slug: str) -> ResponseReturnValue:
    page = desk.result_page(slug, "result.read")
    return render_result(page, forms.ResultForm(data=forms.values_of(page.consultation, page.final)))


def render_result(
    page: ResultPage, form: forms.ResultForm, notice: Message | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page; with the sentence that came between, where somebody else saved first."""
    one = page.consultation
    body = render_template(
        "comments/staff/result.html",
        form=form,
        notice=notice,
        page=page,
        one=one,
        todo=[(problem, address_of(endpoint, one.slug)) for problem, endpoint in page.problems],
        may_write=access.may("result.write", one.department_id) and page.state == "closed",
        may_correct=access.may("result.correct", one.department_id),
        may_approve=access.may("result.approve", one.department_id),
        may_publish=access.may("activity.approve", one.department_id) and page.state == "closed",
    )
    return body, 422 if form.errors else status


def address_of(endpoint: str | None, slug: str) -> str | None:
    """Where a problem is solved, in whatever room that is; None on this page."""
    if endpoint is None or endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, slug=slug, question=QUESTION) if endpoint in ASKED else url_for(endpoint, slug=slug)


@pages.post("/<slug>/result")
def save(slug: str) -> ResponseReturnValue:
    page = desk.result_page(slug, "result.write")
    form = forms.ResultForm(request.form, consulted=page.consulted)
    if not form.validate():
        return render_result(page, form)
    try:
        actions.save_result(
            page.consultation.id, form.result(), seen(page.consultation), current_user.actor, clock.now()
        )
    except StaleVersion as refusal:
        return render_result(desk.result_page(slug, "result.write"), form, refusal.message, 409)
    say(N_("The result is saved. A second person publishes it."))
    return redirect(url_for(".result", slug=slug), 303)


@pages.get("/<slug>/result/preview")
def preview(slug: str) -> str:
    return views.show(desk.preview(consultation_for(slug, "result.read")), preview=True)


@pages.route("/<slug>/result/correct", methods=["GET", "POST"])
def correct_whole(slug: str) -> ResponseReturnValue:
    """Propose to correct words of the result as a whole."""
    return propose(desk.correction_page(slug, None))


@pages.route("/<slug>/result/correct/<int:number>", methods=["GET", "POST"])
def correct(slug: str, number: int) -> ResponseReturnValue:
    """Propose to correct words of one published answer."""
    return propose(desk.correction_page(slug, number))


def propose(page: CorrectionPage) -> ResponseReturnValue:
    """The form of published words; whose words somebody corrected meanwhile sees them and keeps what was typed."""
    one = page.result.consultation
    form = forms.correction_form(page)(posted(), data=forms.published_words(page))
    if request.method == "GET" or not form.validate():
        return render_correction(page, form)
    number = page.group["number"] if page.group else None
    correction = form.correction(number_in(request.form, "edition"))
    try:
        actions.propose_erratum(one.id, number, correction, current_user.actor, clock.now())
    except (StaleVersion, NothingCorrected) as refusal:
        return render_correction(page, form, refusal)
    say(N_("The correction waits for a second person."))
    return redirect(url_for(".result", slug=one.slug), 303)


def render_correction(
    page: CorrectionPage, form: forms.CorrectionForm, refusal: Refusal | None = None
) -> ResponseReturnValue:
    body = render_template(
        "comments/staff/result_correct.html", form=form, page=page, notice=refusal and refusal.message
    )
    if refusal:
        return body, refusal.status, refusal.headers
    return body, 422 if form.errors else 200


@pages.route("/<slug>/result/corrections/<int:erratum_id>", methods=["GET", "POST"])
def decide(slug: str, erratum_id: int) -> ResponseReturnValue:
    """A second person publishes a correction or declines it."""
    page = desk.decision_page(slug, erratum_id)
    form = forms.DecideForm(posted())
    if request.method == "GET" or not form.validate():
        return form_page("comments/staff/result_decide.html", form, page=page)
    approved = form.approved.data == "yes"
    actions.decide_erratum(erratum_id, approved, current_user.actor, clock.now())
    say(N_("The correction is published.") if approved else N_("The correction is declined."))
    return redirect(url_for(".result", slug=slug), 303)
