"""Residents' pages of a vote: what is asked, the booth, the ballot receipt."""

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from civic import clock, limits
from civic.messages import N_, Message
from civic.notices.receipts import Answer
from consultations.votes.casting import booth, files, forms, memory, padding, queries, receipts
from consultations.votes.casting.booth import Booth

pages = Blueprint("votes", __name__, template_folder="../templates")
STALE = N_("This page was open too long, or its session was over. Nothing was cast. Please choose again.")


@pages.after_request
def keep_nothing(response: Response) -> Response:
    """No copy anywhere of what the booth and the receipt show; the booth's answers all in whole blocks."""
    if request.endpoint != "votes.entry":
        response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "votes.cast":
        padding.pad(response)
    return response


@pages.before_request
def look_at_the_booth() -> None:
    """No page of a failure repeats a choice; and the operator hears where a ballot chosen at one worker would be
    unknown to another.
    """
    if request.endpoint != "votes.cast":
        return
    g.secret_form = True
    if not memory.is_shared(bool(request.environ.get("wsgi.multiprocess"))):
        current_app.logger.error("votes: start gunicorn with -c python:consultations.votes.casting.memory")


@pages.errorhandler(CSRFError)
def stale(error: CSRFError) -> Answer:
    """Nothing of what was posted is shown or carried on."""
    return render_template("votes/stale.html", slug=(request.view_args or {}).get("slug"), sentence=Message(STALE)), 400


@pages.get("/votes/<slug>")
def entry(slug: str) -> str:
    """What is asked, by whom, who may vote and why the ballot is secret."""
    page = queries.vote_page(slug, clock.now())
    return render_template("votes/entry.html", page=page, vote=page.vote, files=files.of(slug, programs=False))


@pages.route("/votes/<slug>/cast", methods=["GET", "POST"])
def cast(slug: str) -> ResponseReturnValue:
    """The booth: choose, look, cast or test."""
    page = queries.vote_page(slug, clock.now())
    if request.method == "GET" and not page.is_open:
        return redirect(url_for(".entry", slug=slug))
    voter = booth.known_voter(page.vote)
    if voter is None:
        return booth.ask_who(page.vote, ".cast")
    return booth.take(Booth(page, voter)) if request.method == "POST" else booth.begin(Booth(page, voter))


@pages.route("/votes/<slug>/receipt", methods=["GET", "POST"])
def receipt(slug: str) -> ResponseReturnValue:
    """The voter's own receipt, and for everybody: is this ballot on the board?"""
    page = queries.vote_page(slug, clock.now())
    if request.method == "GET":
        return receipts.show(page, forms.LookUpForm(), session.pop("looked_up_ballot", ""))
    form = forms.LookUpForm(request.form)
    if not form.validate():
        return receipts.show(page, form), 422
    attempt = limits.failures("ballot")
    number = forms.confirmation_from(form.number.data)
    if queries.look_up(page.board.id, number).verdict != "missing":
        attempt.succeeded()
    session["looked_up_ballot"] = number
    return redirect(url_for(".receipt", slug=slug), 303)


@pages.get("/votes/<slug>/receipt.json")
def receipt_file(slug: str) -> ResponseReturnValue:
    """The voter's receipt as the verifiers read it."""
    page = queries.vote_page(slug, clock.now())
    if booth.known_voter(page.vote) is None:
        return booth.ask_who(page.vote, ".receipt")
    return receipts.file(page)
