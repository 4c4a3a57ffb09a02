"""Staff pages that make a vote ready: trustees and witnesses, roll, freeze, rehearsal."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.messages import N_, Message
from civic.refusals import NotFound
from consultations.votes.conducting import actions, queries
from consultations.votes.conducting.queries import Standing
from consultations.votes.conducting.running_forms import (
    FileForm,
    RegisterForm,
    RehearsalForm,
    WitnessesForm,
    rehearsal_form,
    values_of_witnesses,
)
from consultations.votes.conducting.staff import may_edit, seen_revision
from consultations.votes.conducting.uploads import value_of
from consultations.votes.enrolling import queries as enrolments
from consultations.votes.enrolling.forms import LettersForm
from consultations.votes.protocol.encoding import Json
from consultations.votes.refusals import (
    CeremonyUnsound,
    FileRefused,
    InspectionRuns,
    ManifestUnsound,
    NobodyOnTheRoll,
    RehearsalFailed,
)
from consultations.votes.wording import missing_texts

pages = Blueprint("votes_readying", __name__, url_prefix="/staff/votes", template_folder="../templates")

OTHERS_FILE = N_("This is the file of trustee %(number)s. Put it into the field of that trustee.")
TOO_FEW = N_("At least %(count)s trustees have to rehearse. Choose their files.")


@pages.get("/<slug>/trustees")
def trustees(slug: str) -> str:
    return render_trustees(queries.standing(slug, "vote.inspect"), FileForm(formdata=None))


@pages.post("/<slug>/trustees")
def take_ceremony(slug: str) -> ResponseReturnValue:
    """Take over the trustees' public keys from the file of their ceremony."""
    page = queries.standing(slug, "vote.edit")
    form = FileForm()
    if form.validate():
        try:
            ceremony = value_of(form.file.data)
            actions.accept_ceremony(page.vote.id, ceremony, seen_revision(), current_user.actor, clock.now())
        except (CeremonyUnsound, FileRefused) as refusal:
            form.file.errors = (refusal.message,)
        else:
            flash(_("The trustees' keys are taken over. Compare the fingerprints with the trustees."), "success")
            return redirect(url_for(".trustees", slug=slug), 303)
    return render_trustees(page, form), 422


def render_trustees(page: Standing, form: FileForm) -> str:
    return render_template(
        "votes/staff/trustees.html",
        page=page,
        vote=page.vote,
        form=form,
        comparison_number=queries.comparison(page.vote),
        may_edit=may_edit(page),
    )


@pages.route("/<slug>/witnesses", methods=["GET", "POST"])
def witnesses(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.edit")
    if not page.editable:
        return redirect(url_for(".trustees", slug=slug))
    form = WitnessesForm(data=values_of_witnesses(page.vote.witnesses))
    if form.validate_on_submit():
        actions.name_witnesses(page.vote.id, form.named, seen_revision(), current_user.actor, clock.now())
        flash(_("The witnesses are saved."), "success")
        return redirect(url_for(".trustees", slug=slug), 303)
    body = render_template("votes/staff/witnesses.html", page=page, vote=page.vote, form=form)
    return body, 422 if form.errors else 200


@pages.get("/<slug>/roll")
def roll(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    return render_roll(page, RegisterForm(formdata=None, data={"register": page.vote.register_id or 0}))


@pages.post("/<slug>/roll")
def choose_register(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.edit")
    form = RegisterForm()
    form.offer(queries.register_choices())
    if not form.validate():
        return render_roll(page, form), 422
    actions.choose_register(page.vote.id, form.register.data, seen_revision(), current_user.actor, clock.now())
    flash(_("The register is chosen. Look at how many may vote."), "success")
    return redirect(url_for(".roll", slug=slug), 303)


def render_roll_as_it_is(page: Standing, letters: LettersForm) -> str:
    """The page with a form of codes that came back."""
    return render_roll(page, RegisterForm(formdata=None, data={"register": page.vote.register_id or 0}), letters)


def render_roll(page: Standing, form: RegisterForm, letters: LettersForm | None = None) -> str:
    form.offer(queries.register_choices())
    return render_template(
        "votes/staff/roll.html",
        page=page,
        vote=page.vote,
        form=form,
        roll=queries.roll_preview(page.vote),
        may_edit=may_edit(page),
        handed_in=enrolments.handed_in(page.vote.id, current_user.id),
        letters=letters or LettersForm(formdata=None),
    )


@pages.post("/<slug>/unfreeze")
def unfreeze(slug: str) -> ResponseReturnValue:
    """Take the freeze back, so that the roll may change."""
    page = queries.standing(slug, "vote.edit")
    actions.unfreeze(page.vote.id, seen_revision(), current_user.actor, clock.now())
    flash(_("The freeze is undone. Change the roll, then freeze and rehearse again."), "success")
    return redirect(url_for(".roll", slug=slug), 303)


@pages.get("/<slug>/freeze")
def freezing(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    return render_freezing(page, rehearsal_form(page.trustees))


def render_freezing(page: Standing, form: RehearsalForm, problem: Message | None = None) -> str:
    return render_template(
        "votes/staff/freezing.html",
        page=page,
        vote=page.vote,
        form=form,
        problem=problem,
        roll=queries.roll_preview(page.vote),
        missing=missing_texts(page.vote) if page.editable else [],
        may_edit=may_edit(page),
    )


@pages.post("/<slug>/texts")
def confirm_missing(slug: str) -> ResponseReturnValue:
    """The editor confirms that some texts stay in Japanese only."""
    page = queries.standing(slug, "vote.edit")
    actions.confirm_missing_texts(page.vote.id, seen_revision(), current_user.actor, clock.now())
    flash(_("Noted: these texts stay in Japanese only."), "success")
    return redirect(url_for(".freezing", slug=slug), 303)


@pages.post("/<slug>/freeze")
def freeze(slug: str) -> ResponseReturnValue:
    """Fix everything in a manifest; a vote frozen before is frozen anew."""
    page = queries.standing(slug, "vote.edit")
    try:
        actions.freeze(page.vote.id, current_user.actor, clock.now(), seen_revision())
    except (InspectionRuns, ManifestUnsound, NobodyOnTheRoll) as refusal:
        return render_freezing(page, rehearsal_form(page.trustees), refusal.message), 422
    flash(_("The vote is frozen. Hand the manifest to the trustees for the rehearsal."), "success")
    return redirect(url_for(".freezing", slug=slug), 303)


@pages.get("/<slug>/manifest.json")
def manifest(slug: str) -> Response:
    """The frozen manifest, byte for byte, for trustees and witnesses."""
    page = queries.standing(slug, "vote.inspect")
    if page.board is None:
        raise NotFound
    disposition = {"Content-Disposition": f'attachment; filename="{slug}-manifest.json"'}
    return Response(page.board.manifest, mimetype="application/json", headers=disposition)


@pages.post("/<slug>/rehearsal")
def rehearse(slug: str) -> ResponseReturnValue:
    """Open the made-up box with the trustees' files."""
    page = queries.standing(slug, "vote.edit")
    form = rehearsal_form(page.trustees)
    if form.validate() and (shares := shares_of(page, form)) is not None:
        try:
            actions.record_rehearsal(page.vote.id, shares, current_user.actor, clock.now())
        except RehearsalFailed as refusal:
            blame(form, refusal)
        else:
            flash(_("The rehearsal succeeded. The vote can be handed in for approval."), "success")
            return redirect(url_for(".freezing", slug=slug), 303)
    return render_freezing(page, form), 422


def shares_of(page: Standing, form: RehearsalForm) -> list[Json] | None:
    """The uploaded shares; None, with the reason at its field, where one cannot be used or too few came."""
    found = []
    for number, field in form.uploads().items():
        try:
            value = value_of(field.data)
        except FileRefused as refusal:
            field.errors = (refusal.message,)
            continue
        named = value.get("trustee") if isinstance(value, dict) else None
        if isinstance(named, int) and named != number:
            field.errors = (Message(OTHERS_FILE, {"number": named}),)
        found.append(value)
    needed = page.manifest.threshold if page.manifest else 1
    if not form.errors and len(found) < needed:
        form.first_empty().errors = (Message(TOO_FEW, {"count": needed}),)
    return None if form.errors else found


def blame(form: RehearsalForm, refusal: RehearsalFailed) -> None:
    """Say the refusal at the trustee's field whose file it is about; at all of them where no single one is."""
    named = [field for number, field in form.uploads().items() if refusal.check.endswith(f"(trustee {number})")]
    for field in named or form.uploads().values():
        field.errors = (refusal.message,)
