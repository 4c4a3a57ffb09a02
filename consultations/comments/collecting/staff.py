"""Staff pages that bring in comments from paper and from files."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from civic import clock
from civic.activities.ledger import new_submission_key
from civic.activities.refusals import SubmissionKeyUsed
from civic.identity.registers.queries import entries_of
from civic.intake import pages as intake
from civic.messages import N_, Message
from civic.refusals import Refusal, StaleVersion
from consultations.comments.collecting import actions, forms, queries
from consultations.comments.collecting.forms import KeyingForm, UploadForm
from consultations.comments.models import Consultation

pages = Blueprint(
    "consultations_collecting", __name__, url_prefix="/staff/consultations", template_folder="../templates"
)
TEMPLATE = ("number", "comment", "passage", "arrived")
UNKNOWN_CODE = N_("The register has no such code or number. Check it on the letter.")
KEPT = "keyed_comment"


@pages.route("/<slug>/collect", methods=["GET", "POST"])
def overview(slug: str) -> ResponseReturnValue:
    consultation = queries.consultation_to_collect_for(slug)
    by_paper = bool(forms.channels_of(consultation))
    return intake.overview(consultation, UploadForm(), "comments/staff/collecting.html", by_paper=by_paper)


@pages.get("/<slug>/collect/template.csv")
def template(slug: str) -> Response:
    """An empty table with the columns most letters have; any others do as well."""
    queries.consultation_to_collect_for(slug)
    return intake.csv_file(f"{slug}-template.csv", TEMPLATE)


@pages.get("/<slug>/collect/progress.json")
def progress(slug: str) -> Response:
    return intake.progress(queries.consultation_to_collect_for(slug))


@pages.route("/<slug>/collect/imports/<int:number>", methods=["GET", "POST"])
def imported(slug: str, number: int) -> ResponseReturnValue:
    return intake.imported(queries.consultation_to_collect_for(slug), number, Message(N_("Enter comments")))


@pages.get("/<slug>/collect/imports/<int:number>/review.csv")
def review_file(slug: str, number: int) -> Response:
    return intake.review_file(queries.consultation_to_collect_for(slug), number)


@pages.route("/<slug>/collect/form", methods=["GET", "POST"])
def keying(slug: str) -> ResponseReturnValue:
    """One comment on one screen, whichever way it came."""
    consultation = queries.consultation_to_collect_for(slug)
    made = forms.form_for(consultation, queries.places_of(consultation), clock.today())
    if request.method == "GET":
        return show(consultation, made(data=begun(consultation)))
    form = made(request.form)
    valid = form.validate()
    subject = whose(consultation, form)
    if not valid or form.errors:
        if "submission_key" not in request.form:
            form.submission_key.data = new_submission_key()
        return show(consultation, form), 422
    try:
        recorded = actions.key_comment(consultation.id, form.keyed(subject), current_user.actor, clock.now())
    except Refusal as refusal:
        return refused(slug, form, refusal)
    kept = recorded.participation
    session[KEPT] = {
        "slug": slug, "receipt": kept.receipt, "state": kept.state.value, "channel": form.channel.data,
    }  # fmt: skip
    return redirect(url_for(".keyed", slug=slug), 303)


def begun(consultation: Consultation) -> dict[str, object]:
    """A form that came today, by the same way as the one before."""
    offered = [channel.value for channel in forms.channels_of(consultation)]
    before = session.get(KEPT, {}).get("channel")
    return {
        "channel": before if before in offered else next(iter(offered), None),
        "arrived": clock.today(),
        "version": consultation.current_version or "",
        "submission_key": new_submission_key(),
    }


def whose(consultation: Consultation, form: KeyingForm) -> str | None:
    """Whose comment it is, looked up in the register; a code there is not becomes an error of its field."""
    typed = form["person"].data if "person" in form else ""
    if not typed or consultation.register_id is None:
        return None
    entry = entries_of(consultation.register_id, [typed]).get(typed)
    if entry is None:
        form["person"].errors = [*form["person"].errors, Message(UNKNOWN_CODE)]
    return f"entry:{entry}"


def refused(slug: str, form: KeyingForm, refusal: Refusal) -> ResponseReturnValue:
    """The form with all that was typed, and why it was not taken; saving it again is a new attempt."""
    consultation = queries.consultation_to_collect_for(slug)
    if isinstance(refusal, StaleVersion):
        form.version.data = consultation.current_version or ""
    if isinstance(refusal, SubmissionKeyUsed):
        form.submission_key.data = new_submission_key()
    return show(consultation, form, refusal.message), refusal.status, refusal.headers


def show(consultation: Consultation, form: KeyingForm, notice: Message | None = None) -> str:
    return render_template(
        "comments/staff/collecting_form.html",
        consultation=consultation,
        form=form,
        notice=notice,
        by_paper=bool(forms.channels_of(consultation)),
    )


@pages.get("/<slug>/collect/form/saved")
def keyed(slug: str) -> ResponseReturnValue:
    """The receipt number to write on the paper, and the way to the next one."""
    consultation = queries.consultation_to_collect_for(slug)
    kept = session.get(KEPT, {})
    if kept.get("slug") != slug:
        return redirect(url_for(".keying", slug=slug))
    return render_template("comments/staff/collecting_keyed.html", consultation=consultation, kept=kept)
