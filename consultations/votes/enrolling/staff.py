"""Staff pages of a register that is handed in: the file, what is wrong with it, the import, the codes."""

from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from analysis.tabular import TableRefused
from civic import clock
from civic.identity.registers import keeping, looking
from civic.identity.registers.keeping import Kept
from civic.identity.registers.queries import entries_of
from civic.identity.registers.refusals import RegisterFileRefused
from civic.identity.registers.rules import Fault
from civic.intake.uploads import refusal as table_refusal
from civic.messages import Message
from civic.web.languages import plain
from consultations.votes.conducting import queries as standings
from consultations.votes.conducting.queries import Standing
from consultations.votes.conducting.readying import render_roll_as_it_is
from consultations.votes.conducting.running import UNKNOWN_NUMBER
from consultations.votes.enrolling import actions, queries
from consultations.votes.enrolling.forms import REASONS, CorrectionForm, EnrolForm, LettersForm, RegisterFileForm
from consultations.votes.refusals import NothingCorrected

pages = Blueprint("votes_enrolling", __name__, url_prefix="/staff/votes", template_folder="../templates")

PERMISSION = "vote.enrol"
COMMAND = "flask --app wsgi votes import-register"


def kept_of(page: Standing, name: str) -> Kept:
    return keeping.own(name, page.vote.id, current_user.id)


@pages.route("/<slug>/roll/file", methods=["GET", "POST"])
def hand_in(slug: str) -> ResponseReturnValue:
    """Keep a register file and look at it. Nothing is imported yet."""
    page = standings.standing(slug, PERMISSION)
    actions.require_open_roll(page.vote)
    form = RegisterFileForm()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            kept = keeping.keep(form.file.data, page.vote.id, current_user.id, page.vote.entitlement.more_columns)
        except RegisterFileRefused as refused:
            faults = refused.faults
            form.file.errors = (refused.message,)
        except TableRefused as refused:
            form.file.errors = (table_refusal(refused, COMMAND).message,)
        else:
            forget_earlier(page, kept)
            return redirect(url_for(".preview", slug=slug, name=kept.name), 303)
    body = render_template("votes/staff/register_file.html", page=page, vote=page.vote, form=form, faults=faults)
    return body, 422 if form.errors else 200


def forget_earlier(page: Standing, kept: Kept) -> None:
    """Files that were looked at and not imported go when the next one comes."""
    for one in queries.handed_in(page.vote.id, current_user.id):
        if one.job is None and one.kept.name != kept.name:
            keeping.erase(one.kept.name)


@pages.route("/<slug>/roll/file/<name>", methods=["GET", "POST"])
def preview(slug: str, name: str) -> ResponseReturnValue:
    """What the file holds and what is wrong with it; then its good rows are imported."""
    page = standings.standing(slug, PERMISSION)
    kept = kept_of(page, name)
    if not kept.waits:
        return redirect(url_for("votes_readying.roll", slug=slug))
    actions.require_open_roll(page.vote)
    form, own = EnrolForm(), queries.own_register(page.vote)
    form.offer(own, kept.look.bad)
    if kept.look.good and form.validate_on_submit():
        anew = own is None or form.into.data == "new"
        register = queries.new_register(page.vote) if anew or own is None else own
        actions.request_import(page.vote.id, kept, register, current_user.actor, clock.now())
        flash(_("The import has begun. This page says when the codes are ready."), "success")
        return redirect(url_for("votes_readying.roll", slug=slug), 303)
    body = render_template("votes/staff/register_preview.html", page=page, vote=page.vote, form=form, kept=kept)
    return body, 422 if form.errors else 200


@pages.get("/<slug>/roll/file/<name>/rows.csv")
def bad_rows(slug: str, name: str) -> Response:
    """The rows that cannot be taken, with the reason in a last column."""
    page = standings.standing(slug, PERMISSION)
    kept = kept_of(page, name)
    actions.require_same_rules(page.vote, kept)
    rows = looking.bad_rows(kept.source, said, page.vote.entitlement.more_columns) if kept.waits else iter(())
    return saved(stream_with_context(rows), f"{slug}-register-rows.csv")


def said(fault: Fault) -> str:
    return f"{fault.column}: {plain(fault.message)}"


def saved(content: Iterator[bytes], name: str) -> Response:
    """A table to be saved, and to be kept by nobody on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype="text/csv", headers=headers)


@pages.post("/<slug>/roll/letters/<name>")
def take_letters(slug: str, name: str) -> Response:
    """The codes for the letters, as often as it takes until they are safe; each time is recorded."""
    page = standings.standing(slug, PERMISSION)
    kept = kept_of(page, name)
    actions.record_taken(page.vote.id, kept, current_user.actor, clock.now())
    return saved(stream_with_context(keeping.letters_of(kept)), f"{slug}-letters.csv")


@pages.post("/<slug>/roll/letters/<name>/erase")
def erase_letters(slug: str, name: str) -> ResponseReturnValue:
    page = standings.standing(slug, PERMISSION)
    kept = kept_of(page, name)
    form = LettersForm()
    if not form.validate():
        return render_roll_as_it_is(page, form), 422
    actions.erase_letters(page.vote.id, kept, current_user.actor, clock.now())
    flash(_("The codes are erased here."), "success")
    return redirect(url_for("votes_readying.roll", slug=slug), 303)


@pages.route("/<slug>/corrections", methods=["GET", "POST"])
def corrections(slug: str) -> ResponseReturnValue:
    """The outcomes of objections against the roll, before it is frozen."""
    page = standings.standing(slug, PERMISSION)
    form = CorrectionForm()
    if form.validate_on_submit() and correct(page, form):
        flash(_("The roll is corrected. It is in the audit, with the reason."), "success")
        return redirect(url_for(".corrections", slug=slug), 303)
    body = render_template(
        "votes/staff/corrections.html",
        page=page,
        vote=page.vote,
        form=form,
        corrections=queries.corrections(page.vote.id),
        reasons=REASONS,
    )
    return body, 422 if form.errors else 200


def correct(page: Standing, form: CorrectionForm) -> bool:
    """Whether the correction was made; what speaks against it stands at its field."""
    typed, vote = form.number.data, page.vote
    entry = entries_of(vote.register_id or 0, [typed]).get(typed)
    if entry is None:
        form.number.errors = (Message(UNKNOWN_NUMBER),)
        return False
    try:
        actions.correct_roll(vote.id, entry, form.kind.data, form.reason.data, current_user.actor, clock.now())
    except NothingCorrected as refusal:
        form.number.errors = (refusal.message,)
        return False
    return True
