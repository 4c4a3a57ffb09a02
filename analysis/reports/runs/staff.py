"""The analyst desk and the mask pages."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from analysis.reports.runs import actions, queries
from civic import characters
from civic.activities import reviews
from civic.features import SourceText
from civic.forms import TWICE, PageForm
from civic.identity import access
from civic.messages import N_, Message
from civic.web.requests import page_number

pages = Blueprint("analysis_runs", __name__, url_prefix="/staff/analysis", template_folder="../templates")


class RunForm(PageForm):
    """What may be chosen for a run."""

    language = SelectField(
        _l("Language of the texts"),
        choices=[SelectChoice("ja", _l("Japanese")), SelectChoice("en", _l("English"))],
        default="ja",
    )
    topics = IntegerField(
        _l("Number of topics"),
        [Optional(), NumberRange(2, 60, _l("Enter a number from 2 to 60, or leave it empty."))],
    )
    seed = IntegerField(
        _l("Seed of the random numbers"),
        [NumberRange(0, 4294967295, _l("Enter a whole number from 0."))],
        default=0,
    )


class TopicForm(PageForm):
    """A person's name for a topic."""

    label = StringField(
        _l("Name of the topic"),
        [DataRequired(_l("Write a name for the topic.")), Length(max=200, message=_l("This text is too long."))],
    )


@pages.get("")
def index() -> str:
    return render_template("reports/staff/runs.html", activities=queries.overview())


@pages.get("/<slug>/<question>")
def desk(slug: str, question: str) -> str:
    found = queries.desk(
        slug,
        question,
        topic=request.args.get("topic"),
        page=page_number(),
        search=request.args.get("search", "").strip(),
    )
    return render_desk(found, RunForm(formdata=None))


def render_desk(found: queries.Desk, form: RunForm, label_error: Message | None = None) -> str:
    return render_template(
        "reports/staff/desk.html",
        page=found,
        form=form,
        label_error=label_error,
        may_run=access.may("analysis.run", found.activity.department_id),
        may_review=access.may("text.review", found.activity.department_id),
    )


@pages.post("/<slug>/<question>/runs")
def start(slug: str, question: str) -> ResponseReturnValue:
    activity = queries.activity_for(slug, "analysis.run")
    found = queries.desk(slug, question, topic=None, page=1)
    form = RunForm()
    if not form.validate():
        return render_desk(found, form), 422
    actions.request_run(
        activity.id,
        question,
        current_user.actor,
        language=form.language.data,
        topics=form.topics.data,
        seed=form.seed.data or 0,
    )
    return redirect(url_for(".desk", slug=slug, question=question), 303)


@pages.post("/<slug>/<question>/runs/<int:number>/cancel")
def cancel(slug: str, question: str, number: int) -> ResponseReturnValue:
    run = queries.run_for(slug, question, number, "analysis.run")
    actions.cancel_run(run.id, current_user.actor)
    flash(_("The analysis was stopped."), "saved")
    return redirect(url_for(".desk", slug=slug, question=question), 303)


@pages.get("/<slug>/<question>/progress.json")
def progress(slug: str, question: str) -> Response:
    """How far the newest run is, in finished units, for the page that waits."""
    found = queries.desk(slug, question, topic=None, page=1)
    state = found.state.value if found.state else "none"
    job = found.job
    text = (
        _("%(done)s of %(total)s steps done", done=job.done_units, total=job.total_units)
        if job and job.total_units
        else _("Waiting to begin")
    )
    if state != "waiting":
        text = _("Finished. Open the page anew.")
    response = jsonify({"state": state, "text": text})
    response.add_etag()
    return response.make_conditional(request)


@pages.get("/<slug>/<question>/runs/<int:number>/output.json")
def output(slug: str, question: str, number: int) -> Response:
    """The run's output exactly as the command wrote it."""
    run = queries.run_for(slug, question, number, "analysis.read")
    response = Response(run.output or b"", mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="topics-{slug}-{question}-{number}.json"'
    return response


@pages.post("/<slug>/<question>/runs/<int:number>/topics/<topic>")
def name_topic(slug: str, question: str, number: int, topic: str) -> ResponseReturnValue:
    run = queries.run_for(slug, question, number, "analysis.edit")
    if request.form.get("act") == "undo":
        actions.undo_name(run.id, topic, current_user.actor)
        flash(_("The name before shows again."), "undone")
    else:
        form = TopicForm()
        if not form.validate():
            found = queries.desk(slug, question, topic=topic, page=1)
            return render_desk(found, RunForm(formdata=None), label_error=form.label.errors[0]), 422
        actions.name_topic(run.id, topic, form.label.data, current_user.actor)
        flash(_("The name was saved. It stays with the topic when the analysis is run again."), "saved")
    return redirect(url_for(".desk", slug=slug, question=question, topic=topic), 303)


@pages.get("/<slug>/<question>/masks")
def masks(slug: str, question: str) -> str:
    return render_template(
        "reports/staff/masks.html", page=queries.mask_page(slug, question, only=request.args.get("ref"))
    )


@pages.post("/<slug>/<question>/masks")
def confirm_masks(slug: str, question: str) -> ResponseReturnValue:
    """Store what the person decided about the texts on the page. A text that changed or went is asked about again."""
    activity = queries.activity_for(slug, "text.review")
    texts = {text.ref: text for text in queries.texts_of(activity) if text.question == question}
    verdicts: list[reviews.Verdict] = []
    errors: dict[str, Message] = {}
    undecided = 0
    for ref in request.form.getlist("ref"):
        text = texts.get(ref)
        if text is None or request.form.get(f"digest.{ref}") != reviews.digest(text.text):
            continue
        if found := faults_of_verdict(text):
            errors |= found
        elif verdict := read_verdict(ref, text.text):
            verdicts.append(verdict)
        elif request.form.get(f"choice.{ref}") != "later":
            undecided += 1
    if errors:
        page = queries.mask_page(slug, question)
        return render_template("reports/staff/masks.html", page=page, wrong=errors, typed=request.form), 422
    reviews.review_texts(activity.id, verdicts, current_user.actor)
    flash(_("Confirmed: %(count)s texts.", count=len(verdicts)), "saved")
    if undecided:
        flash(_("%(count)s texts with marked words still wait: choose what to do with each.", count=undecided), "warn")
    return redirect(url_for(".masks", slug=slug, question=question), 303)


def faults_of_verdict(source: SourceText) -> dict[str, Message]:
    """What is wrong in the fields typed for one text: the sentence by the field's name."""
    ref, text = source.ref, source.text
    wrong = {}
    for name in (f"phrase.{ref}", f"reason.{ref}"):
        values = request.form.getlist(name)
        if len(values) > 1:
            wrong[name] = Message(TWICE)
        elif not characters.is_readable("".join(values)):
            wrong[name] = Message(characters.UNREADABLE)
    if not wrong and any(phrase not in text for phrase in phrases(ref)):
        sentence = N_("Comment %(number)s: these words do not stand in the text. Copy them exactly.")
        wrong[f"phrase.{ref}"] = Message(sentence, {"number": source.shown_number})
    return wrong


def phrases(ref: str) -> list[str]:
    """The words to mask besides those the machine found, one per line."""
    return [line.strip() for line in request.form.get(f"phrase.{ref}", "").splitlines() if line.strip()]


def read_verdict(ref: str, text: str) -> reviews.Verdict | None:
    """The decision typed for one text, or None where none was made."""
    choice = request.form.get(f"choice.{ref}")
    if choice not in {"show", "hide"}:
        return None
    spans = [span for value in request.form.getlist(f"mask.{ref}") if (span := read_span(value, len(text)))]
    spans += [place for phrase in phrases(ref) for place in occurrences(text, phrase)]
    reason = request.form.get(f"reason.{ref}", "").strip() or _("Hidden at review")
    return reviews.Verdict(ref, text, tuple(spans), reason if choice == "hide" else None)


def read_span(value: str, length: int) -> tuple[int, int] | None:
    start, _dash, end = value.partition("-")
    if not (start.isdigit() and end.isdigit()) or not 0 <= int(start) < int(end) <= length:
        return None
    return int(start), int(end)


def occurrences(text: str, phrase: str) -> list[tuple[int, int]]:
    """Every place of `phrase` in `text`, as [start, end) code points."""
    found, at = [], text.find(phrase)
    while at >= 0:
        found.append((at, at + len(phrase)))
        at = text.find(phrase, at + len(phrase))
    return found
