"""The form of a comment on its way: filled in, looked at before sending, sent, or shown again with what stood against it."""

from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField

from civic import clock
from civic.activities import ledger, visitor
from civic.activities import queries as activities
from civic.activities.refusals import AlreadyTookPart, IdentityNeeded, SubmissionKeyUsed
from civic.identity import kept
from civic.messages import Message
from civic.notices import receipts
from civic.notices.receipts import Answer
from civic.refusals import NotFound, Refusal
from civic.web import languages
from consultations.comments.commenting import actions, forms, queries
from consultations.comments.commenting.forms import Choices, CommentForm
from consultations.comments.models import Consultation, Passage


@dataclass(frozen=True)
class Writing:
    """One visitor who writes a comment on one consultation; `subject` is None where nobody is asked who she is."""

    consultation: Consultation
    cookie: str
    subject: str | None


def writer(consultation: Consultation) -> Writing:
    """The present visitor; raises IdentityNeeded where the consultation asks who she is."""
    return Writing(consultation, visitor.browser_cookie(consultation), visitor.subject_of(consultation))


def known_writer(consultation: Consultation) -> Writing | None:
    """The visitor as far as she is known already; None while the consultation would have to ask who she is."""
    try:
        return writer(consultation)
    except IdentityNeeded:
        return None


@dataclass(frozen=True)
class Points:
    """The digest of a plan, one point a line; `missing` where it stands in Japanese only."""

    lines: tuple[str, ...]
    missing: bool


def points(consultation: Consultation) -> Points:
    found = languages.localised(consultation.digest)
    return Points(tuple(line for line in found.text.splitlines() if line.strip()), found.missing)


def kept_name(writing: Writing, passage: str | None) -> str:
    """The name under which the browser keeps what is typed until the server has it."""
    page = f"comment-{writing.consultation.slug}-{passage or 'whole'}"
    return visitor.kept_name(page, writing.consultation, writing.subject)


def remembered(answer: Answer, writing: Writing) -> Response:
    return visitor.remember(make_response(answer), writing.consultation, writing.cookie)


def show(
    writing: Writing,
    form: CommentForm,
    passage: Passage | None,
    notice: Message | None = None,
    **more: object,
) -> str:
    """The form of a comment as a page of its own."""
    consultation = writing.consultation
    return render_template(
        "comments/comment.html",
        consultation=consultation,
        open=queries.takes_comments(consultation, clock.now()),
        form=form,
        passage=passage,
        notice=notice,
        keep=kept_name(writing, form.passage.data),
        **more,
    )


def begin(writing: Writing, anchor: str | None) -> Answer:
    """The empty form, or what is known of a person who took part already and may not do so again."""
    passage = queries.passage_at(writing.consultation, anchor)
    if known := activities.final_participation(writing.consultation, writing.subject):
        return render_template("comments/known.html", consultation=writing.consultation, known=known)
    form = forms.blank(writing.consultation, anchor, ledger.new_submission_key())
    return show(writing, form, passage)


def take(writing: Writing) -> Answer:
    """Send what was posted, show it for checking, or show the form again with what stands against it."""
    consultation = writing.consultation
    if back := kept.brought_back():
        form = forms.posted(consultation, back.sent)
        return show(writing, form, passage_of(consultation, form))
    form = forms.posted(consultation, request.form)
    passage = passage_of(consultation, form)
    if not form.validate() or form.errors:
        if not ledger.is_submission_key(form.submission_key.data or ""):
            form.submission_key.data = ledger.new_submission_key()
        return show(writing, form, passage), 422
    if "back" in request.form:
        return show(writing, form, passage)
    if "check" in request.form:
        return render_template(
            "comments/check.html", consultation=consultation, form=form, passage=passage, rows=summary(form)
        )
    try:
        receipt = actions.send(consultation.id, sending(writing, form), clock.now())
    except Refusal as refusal:
        return refused(writing, form, passage, refusal)
    return arrived(writing, form, receipt)


def summary(form: CommentForm) -> list[dict[str, object]]:
    """Every field with what was given, as the macros show it."""
    return [
        {"label": field.label.text, "values": spoken(field), "typed": not isinstance(field, Choices)}
        for field in form
        if not isinstance(field, HiddenField) and (field is not form.stance or form.passage.data)
    ]


def spoken(field: Field) -> list[object]:
    """A choice in its words, typed words as they are."""
    if isinstance(field, Choices):
        return [choice.label for choice in field.choices if choice.value == field.data]
    return [field.data] if field.data else []


def passage_of(consultation: Consultation, form: CommentForm) -> Passage | None:
    """The passage of a posted form. One that the draft does not have leaves a comment on the whole, and is said."""
    try:
        return queries.passage_at(consultation, form.passage.data)
    except NotFound:
        form.form_errors.append(Message(forms.NO_PASSAGE))
        form.passage.data = ""
        return None


def sending(writing: Writing, form: CommentForm) -> actions.Sending:
    content = form.content()
    return actions.Sending(
        written=form.comment(writing.consultation.current_version, languages.html_lang()),
        submission=actions.submission_of(form.submission_key.data, content, writing.cookie),
        subject=writing.subject,
        address=content["email"],
        language=languages.language(),
    )


def refused(writing: Writing, form: CommentForm, passage: Passage | None, refusal: Refusal) -> Answer:
    """The form with all that was typed, and why it was not taken. A used key is replaced: sending again is a new comment."""
    more: dict[str, object] = {}
    if isinstance(refusal, SubmissionKeyUsed):
        form.submission_key.data = ledger.new_submission_key()
        more["again"] = True
        more["received"] = receipts.has_kept(writing.consultation)
    if isinstance(refusal, AlreadyTookPart):
        more["first"] = refusal.receipt
    return show(writing, form, passage, refusal.message, **more), refusal.status, refusal.headers


def arrived(writing: Writing, form: CommentForm, receipt: str) -> Response:
    """To the receipt."""
    receipts.keep(writing.consultation, receipt)
    session["arrived"] = kept_name(writing, form.passage.data)
    return redirect(url_for("consultations.done", slug=writing.consultation.slug), 303)


def typed_rows(consultation: Consultation) -> list[dict[str, object]]:
    """What a comment says that was posted by nobody we know any more."""
    return [row for row in summary(forms.posted(consultation, request.form)) if row["values"]]
