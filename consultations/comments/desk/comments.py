"""Staff pages of single comments: the list, one comment with its parts, splitting and joining, a look at the author."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic import clock
from civic.activities.staff import say
from civic.activities.states import Channel, ParticipationState
from civic.identity import access
from civic.messages import N_
from civic.refusals import Refusal
from civic.web.requests import number_in, page_number
from consultations.comments.desk import forms, identifying, listing, parts, queries, reading, splitting
from consultations.comments.desk.listing import Filters
from consultations.comments.desk.reading import CommentPage
from consultations.comments.desk.staff import SORT, search_words
from consultations.comments.desk.staff import pages as pages  # the feature reaches them through here
from consultations.comments.desk.words import ACTS
from consultations.comments.refusals import SpansDoNotFit
from consultations.comments.rules import Span, SpansClash

STATES = (
    ParticipationState.COUNTED,
    ParticipationState.CONFLICT,
    ParticipationState.LATE,
    ParticipationState.SUPERSEDED,
    ParticipationState.WITHDRAWN,
)


@pages.get("/<slug>/comments")
def comments(slug: str) -> str:
    page = listing.comments(slug, filters(), page_number())
    return render_template("comments/staff/comments.html", page=page, states=STATES, channels=list(Channel))


def filters() -> Filters:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.args
    state, channel = asked.get("state", ""), asked.get("channel", "")
    return Filters(
        state=ParticipationState(state) if state in set(STATES) else ParticipationState.COUNTED,
        passage=asked.get("passage", "")[:16],
        channel=Channel(channel) if channel in set(Channel) else None,
        unsorted="unsorted" in asked,
        same=number_in(asked, "same") or None,
        search=search_words(),
    )


@pages.get("/<slug>/comments/<int:number>")
def comment(slug: str, number: int) -> ResponseReturnValue:
    page = reading.comment(slug, number)
    wished = parts.spans_of(request.args.get("spans", ""))
    return render_comment(page, wished=wished if page.is_open else None)


def render_comment(
    page: CommentPage,
    status: int = 200,
    wished: Sequence[Span] | None = None,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """The page of a comment; with the parts it would have where `wished` names them."""
    body = page.comment.body
    try:
        spans = parts.checked(wished, len(body)) if wished else None
    except SpansClash:
        spans = None
    preview = parts.placed(page.comment.id, spans, reading.items_of(page)) if spans else None
    shown = render_template(
        "comments/staff/comment.html",
        page=page,
        preview=preview,
        spans=parts.text_of(spans or [Span(one.pile.start, one.pile.stop) for one in page.parts]),
        titles={one.pile.group: one.title for one in page.parts},
        acts=ACTS,
        last=queries.last_division(page.consultation.id, page.comment.id),
        sorts=access.may(SORT, page.consultation.department_id),
        identifies=access.may("identity.read", page.consultation.department_id),
        **{"cut": forms.CutForm(), "keep": forms.PartsForm(), **values},
    )
    return shown, status, headers or {}


@pages.post("/<slug>/comments/<int:number>/cut")
def cut(slug: str, number: int) -> ResponseReturnValue:
    """Find a part by its words and show what would become of the comment; nothing is stored yet."""
    page = reading.comment(slug, number, SORT)
    present = [Span(one.pile.start, one.pile.stop) for one in page.parts]
    wished = parts.spans_of(request.form.get("spans", "")) or present
    form = forms.CutForm(request.form)
    form.body = page.comment.body
    if not form.validate() or (span := form.span) is None:
        return render_comment(page, 422, wished, cut=form)
    try:
        found = parts.cut_out(page.comment.body, parts.checked(wished, len(page.comment.body)), span)
        spans = parts.text_of(parts.checked(found, len(page.comment.body)))
    except SpansClash:
        return render_comment(page, 422, cut=form, refusal=SpansDoNotFit())
    return redirect(url_for(".comment", slug=slug, number=number, spans=spans, _anchor="parts"), 303)


@pages.post("/<slug>/comments/<int:number>/parts")
def keep(slug: str, number: int) -> ResponseReturnValue:
    """Make the parts that were kept the items of the comment."""
    page = reading.comment(slug, number, SORT)
    form = forms.PartsForm(request.form)
    wished = parts.spans_of(request.form.get("spans", ""))
    if not form.validate():
        return render_comment(page, 422, wished, keep=form)
    kept = [span for one in form.part.data for span in parts.spans_of(one) or [Span(0, 0)]]
    try:
        splitting.split_comment(page.comment.id, kept, form.piles, current_user.actor, clock.now())
    except Refusal as refusal:
        page = reading.comment(slug, number, SORT)
        return render_comment(page, refusal.status, wished, refusal.headers, keep=form, refusal=refusal)
    say(N_("The comment was split."))
    return redirect(url_for(".comment", slug=slug, number=number), 303)


@pages.post("/<slug>/comments/<int:number>/join")
def join(slug: str, number: int) -> ResponseReturnValue:
    """Join a part with the next one, or all of them."""
    page = reading.comment(slug, number, SORT)
    form = forms.PartsForm(request.form)
    first, last = 0, len(page.parts) - 1
    if "next" in request.form:
        first = number_in(request.form, "next") - 1
        last = first + 1
    try:
        splitting.join_items(page.comment.id, first, last, form.piles, current_user.actor, clock.now())
    except Refusal as refusal:
        page = reading.comment(slug, number, SORT)
        return render_comment(page, refusal.status, None, refusal.headers, refusal=refusal)
    say(N_("The parts were joined."))
    return redirect(url_for(".comment", slug=slug, number=number), 303)


@pages.route("/<slug>/comments/<int:number>/author", methods=["GET", "POST"])
def author(slug: str, number: int) -> ResponseReturnValue:
    """Name and address of who wrote a comment, for two minutes after a reason was recorded."""
    page = reading.comment(slug, number, "identity.read")
    form = forms.ReasonForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        look = identifying.look_at_author(page.comment.id, form.reason.data, current_user.actor)
        return redirect(url_for(".author", slug=slug, number=number, look=look), 303)
    look = number_in(request.args, "look")
    found = reading.author_looked_at(page, look, current_user.actor.label)
    body = render_template("comments/staff/desk_author.html", page=page, form=form, author=found)
    return body, 422 if form.errors else 200, {"Cache-Control": "no-store"}
