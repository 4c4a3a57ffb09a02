"""Staff pages while a vote runs and after its end: votes on paper, signed heads, close, shares, count."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.validators import AnyOf

from civic import clock
from civic.activities.confirming import TypedForm, four_characters
from civic.identity import access
from civic.identity.registers.queries import entries_of
from civic.messages import N_, Message
from civic.refusals import NotFound
from consultations.votes.conducting import actions, closing, queries
from consultations.votes.conducting.queries import Standing
from consultations.votes.conducting.running_forms import FileForm, PaperForm
from consultations.votes.conducting.uploads import value_of
from consultations.votes.posting import actions as posting
from consultations.votes.posting import files
from consultations.votes.refusals import AlreadyVoid, FileRefused, NotEveryWitness, NotOnTheRoll

pages = Blueprint("votes_running", __name__, url_prefix="/staff/votes", template_folder="../templates")

UNKNOWN_NUMBER = N_("No entry of the register has this number or code. Check it against the list.")
NOT_ON_THE_ROLL = N_("This person is not on the roll of this vote.")
TYPE_THEM = N_("Type the four characters shown above.")


def may_conduct(page: Standing) -> bool:
    return access.may("vote.conduct", page.vote.department_id)


@pages.get("/<slug>/paper")
def paper(slug: str) -> str:
    return render_paper(queries.standing(slug, "vote.inspect"), PaperForm(formdata=None))


def render_paper(page: Standing, form: PaperForm) -> str:
    return render_template(
        "votes/staff/paper.html",
        page=page,
        vote=page.vote,
        form=form,
        turnout=queries.turnout(page.board) if page.board else None,
        may_conduct=may_conduct(page),
    )


@pages.post("/<slug>/paper")
def record_paper(slug: str) -> ResponseReturnValue:
    """Enter a vote on paper, or that somebody was struck off the roll. It cannot be undone."""
    page = queries.standing(slug, "vote.conduct")
    form = PaperForm()
    if form.validate():
        entry = entries_of(page.vote.register_id or 0, [form.number.data]).get(form.number.data)
        if entry is None:
            form.number.errors = (Message(UNKNOWN_NUMBER),)
        else:
            return keep_paper(page, form, entry)
    return render_paper(page, form), 422


def keep_paper(page: Standing, form: PaperForm, entry: int) -> ResponseReturnValue:
    try:
        actions.record_paper(page.vote.id, entry, form.reason.data, current_user.actor, clock.now())
    except NotOnTheRoll:
        form.number.errors = (Message(NOT_ON_THE_ROLL),)
    except AlreadyVoid as refusal:
        form.number.errors = (refusal.message,)
    else:
        flash(_("It is entered on the board. A ballot of this person online counts no more."), "success")
        return redirect(url_for(".paper", slug=page.vote.slug), 303)
    return render_paper(page, form), 422


@pages.get("/<slug>/heads")
def heads(slug: str) -> str:
    return render_heads(queries.standing(slug, "vote.inspect"), FileForm(formdata=None))


def render_heads(page: Standing, form: FileForm) -> str:
    return render_template(
        "votes/staff/heads.html",
        page=page,
        vote=page.vote,
        form=form,
        heads=queries.heads(page.board) if page.board else [],
        may_conduct=may_conduct(page),
    )


@pages.post("/<slug>/heads/sign")
def sign_head(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.conduct")
    signed = posting.sign_head(page.vote.id, clock.now())
    flash(_("The head is signed.") if signed else _("Nothing is new since the last signed head."), "success")
    return redirect(url_for(".heads", slug=slug), 303)


@pages.post("/<slug>/heads")
def take_cosignature(slug: str) -> ResponseReturnValue:
    """Keep a witness's signature under a head of ours."""
    page = queries.standing(slug, "vote.conduct")
    form = FileForm()
    if page.board is not None and form.validate():
        try:
            new = posting.add_cosignature(page.vote.id, value_of(form.file.data), current_user.actor, clock.now())
        except FileRefused as refusal:
            form.file.errors = (refusal.message,)
        else:
            flash(_("Kept: %(names)s", names=", ".join(new)) if new else _("This was there already."), "success")
            return redirect(url_for(".heads", slug=slug), 303)
    return render_heads(page, form), 422


@pages.get("/<slug>/board.json")
def board_file(slug: str) -> Response:
    """The whole board as trustees, witnesses and verifiers read it."""
    page = queries.standing(slug, "vote.inspect")
    if page.board is None:
        raise NotFound
    disposition = {"Content-Disposition": f'attachment; filename="{slug}-board.json"'}
    return Response(stream_with_context(files.pieces(page.board.id)), mimetype="application/json", headers=disposition)


Confirm = Callable[[], ResponseReturnValue]


def confirmed(page: Standing, act: str, template: str, do: Confirm) -> ResponseReturnValue:
    """A page before a latch: four characters are typed, then the act is done."""
    slug = page.vote.slug
    characters = four_characters(act, slug)
    form = TypedForm(request.form if request.method == "POST" else None)
    form.typed.flags.required = True
    form.typed.validators = [AnyOf([characters], Message(TYPE_THEM))]
    if request.method == "POST" and form.validate():
        return do()
    turnout = queries.turnout(page.board) if page.board else None
    body = render_template(
        template,
        page=page,
        vote=page.vote,
        form=form,
        characters=characters,
        turnout=turnout,
        job=queries.closing_job(page.vote.id),
    )
    return body, 422 if form.errors else 200


@pages.route("/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.conduct")
    if page.closing is not None:
        return redirect(url_for(".shares", slug=slug))

    def do() -> ResponseReturnValue:
        if closing.close(page.vote.id, current_user.actor, clock.now()):
            flash(_("The vote is closed. The ballots are still sealed."), "success")
            return redirect(url_for(".shares", slug=slug), 303)
        flash(_("The ballots are being added up. This page says when it is done."), "success")
        return redirect(url_for(".close", slug=slug), 303)

    return confirmed(page, "close", "votes/staff/close.html", do)


@pages.get("/<slug>/shares")
def shares(slug: str) -> str:
    return render_shares(queries.standing(slug, "vote.inspect"), FileForm(formdata=None))


def render_shares(page: Standing, form: FileForm) -> str:
    return render_template(
        "votes/staff/shares.html",
        page=page,
        vote=page.vote,
        form=form,
        turnout=queries.turnout(page.board) if page.board else None,
        may_conduct=may_conduct(page),
    )


@pages.post("/<slug>/shares")
def take_share(slug: str) -> ResponseReturnValue:
    """Post a trustee's share of the count."""
    page = queries.standing(slug, "vote.conduct")
    form = FileForm()
    if form.validate():
        try:
            number = posting.record_share(page.vote.id, value_of(form.file.data), current_user.actor, clock.now())
        except (FileRefused, NotEveryWitness) as refusal:
            form.file.errors = (refusal.message,)
        else:
            flash(_("The share of trustee %(number)s stands on the board.", number=number), "success")
            return redirect(url_for(".shares", slug=slug), 303)
    return render_shares(page, form), 422


@pages.route("/<slug>/count", methods=["GET", "POST"])
def count(slug: str) -> ResponseReturnValue:
    """Open the sum with the shares and post the totals."""
    page = queries.standing(slug, "vote.conduct")
    if page.closing is None or not page.closing.may_be_counted:
        return redirect(url_for(".shares", slug=slug))

    def do() -> ResponseReturnValue:
        posting.record_result(page.vote.id, current_user.actor, clock.now())
        flash(_("The ballots are counted. Write the city's answer; a second person publishes it."), "success")
        return redirect(url_for(".shares", slug=slug), 303)

    return confirmed(page, "count", "votes/staff/count.html", do)
