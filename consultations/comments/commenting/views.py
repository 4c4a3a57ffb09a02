"""Residents' pages of a consultation: the notice with the draft, the comment, its receipt, taking it back."""

from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext

from civic import clock, limits
from civic.activities import ledger, visitor
from civic.activities import queries as activities
from civic.activities.refusals import IdentityNeeded
from civic.identity.contacts import TypedAddress
from civic.identity.forms import fault
from civic.notices import receipts
from civic.notices.receipts import Answer
from civic.web.requests import page_number
from consultations.comments.commenting import actions, forms, mails, queries, reading, voices
from consultations.comments.commenting import pages as steps
from consultations.comments.refusals import ResultPublished, WrongContact

pages = Blueprint("consultations", __name__, template_folder="../templates")
pages.add_app_template_global(reading.says_its_number)


@pages.get("/consultations/<slug>")
def entry(slug: str) -> Answer:
    """The notice and a page of the draft; `?passage=` opens the form beneath one passage."""
    consultation = queries.consultation_for_residents(slug)
    anchor = request.args.get("passage") or None
    counts = voices.shown_counts(consultation)
    page = queries.notice_page(consultation, request.args.get("chapter", type=int), anchor, counts, clock.now())
    points = steps.points(consultation)
    if anchor is None or not page.takes_comments:
        return render_template("comments/entry.html", page=page, points=points, form=None)
    writing = steps.known_writer(consultation)
    if writing is None or activities.final_participation(consultation, writing.subject):
        return redirect(url_for(".comment", slug=slug, passage=anchor))
    form = forms.blank(consultation, anchor, ledger.new_submission_key())
    keep = steps.kept_name(writing, anchor)
    shown = render_template("comments/entry.html", page=page, points=points, form=form, keep=keep)
    return steps.remembered(shown, writing)


@pages.route("/consultations/<slug>/comment", methods=["GET", "POST"])
def comment(slug: str) -> Answer:
    """A comment on the whole draft or, with `?passage=`, on one passage."""
    consultation = queries.consultation_for_residents(slug)
    if request.method == "GET" and not queries.takes_comments(consultation, clock.now()):
        return redirect(url_for(".entry", slug=slug))
    try:
        writing = steps.writer(consultation)
    except IdentityNeeded:
        return make_response(visitor.ask_who(consultation, partial(steps.typed_rows, consultation)))
    if request.method == "POST":
        return steps.remembered(steps.take(writing), writing)
    return steps.remembered(steps.begin(writing, request.args.get("passage")), writing)


@pages.route("/consultations/<slug>/done", methods=["GET", "POST"])
def done(slug: str) -> Answer:
    """The receipt."""
    consultation = queries.consultation_for_residents(slug)
    known = receipts.kept(consultation)
    if known is None:
        return redirect(url_for(".entry", slug=slug))

    def page(address: TypedAddress) -> str:
        return render_template(
            "comments/done.html",
            consultation=consultation,
            participation=known,
            address=address,
            errors=[("email", address.problem)] if address.problem else [],
            arrived=session.pop("arrived", None),
        )

    return receipts.show(known, partial(mails.receipt, consultation), page)


@pages.route("/consultations/<slug>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Answer:
    """Take a comment back with its number and the contact left with it. Every mistake gets the same answer."""
    consultation = queries.consultation_for_residents(slug)
    form = forms.WithdrawalForm(request.form)
    if request.method == "GET":
        return render_template("comments/withdraw.html", consultation=consultation, form=form)
    if not form.validate():
        return render_template("comments/withdraw.html", consultation=consultation, form=form), 422
    attempt = limits.failures("withdrawal", f"{consultation.id}:{ledger.receipt_from(form.number.data)}")
    try:
        actions.withdraw(consultation.id, form.number.data, form.contact.data, clock.now())
    except (WrongContact, ResultPublished) as refusal:
        for field in (form.number, form.contact):
            fault(field, refusal.message)
        page = render_template("comments/withdraw.html", consultation=consultation, form=form)
        return page, refusal.status, refusal.headers
    attempt.succeeded()
    flash(gettext("Your comment was taken back. It does not count any more."), "success")
    return redirect(url_for(".withdraw", slug=slug), 303)


@pages.get("/consultations/<slug>/comments")
def comments(slug: str) -> str:
    """Comments of others during the period, where the city decided so before the opening."""
    return render_template(
        "comments/comments.html", page=voices.comments_page(slug, request.args.get("passage"), page_number())
    )
