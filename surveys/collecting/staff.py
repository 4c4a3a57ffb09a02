"""Staff pages that bring in answers from paper and from files."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.tabular import write_csv
from civic import clock
from civic.activities.ledger import new_submission_key
from civic.activities.rules import state_of
from civic.activities.states import Channel
from civic.identity import access
from civic.identity.registers.queries import entries_of
from civic.messages import Message
from civic.refusals import Refusal, StaleVersion
from civic.web.languages import plain
from surveys.collecting import actions, queries, uploads
from surveys.collecting.forms import UploadForm
from surveys.collecting.keying import KeyingForm, channels_of
from surveys.collecting.reading import REASON, Intake
from surveys.collecting.refusals import FileDoesNotFit
from surveys.columns import template_headers
from surveys.models import Survey
from surveys.questionnaire import Questionnaire
from surveys.results.queries import survey_with_questionnaire

pages = Blueprint("survey_collecting", __name__, url_prefix="/staff/surveys", template_folder="../templates")


def survey_at(slug: str) -> tuple[Survey, Questionnaire]:
    """The survey, if the signed-in account may collect for its department."""
    survey, questionnaire = survey_with_questionnaire(slug)
    access.require("survey.collect", survey.department_id)
    return survey, questionnaire


@pages.route("/<slug>/collect", methods=["GET", "POST"])
def overview(slug: str) -> ResponseReturnValue:
    survey, questionnaire = survey_at(slug)
    form = UploadForm()
    form.offer(survey)
    if not form.validate_on_submit():
        return render_overview(survey, form), 422 if form.errors else 200
    path = uploads.keep(form.file.data)
    intake = Intake(
        path,
        form.file.data.filename or path.name,
        Channel(form.channel.data),
        form.document,
        form.keys,
        (form.person.data or "").strip() or None,
        max_cells=uploads.MOST_CELLS,
    )
    try:
        uploads.look_at(survey, questionnaire, intake)
        actions.request_import(survey.id, intake, current_user.actor, clock.now())
    except FileDoesNotFit as refusal:
        uploads.remove(path)
        return render_overview(survey, form, refusal.problems), 422
    except Refusal as refusal:
        uploads.remove(path)
        return render_overview(survey, form, [refusal.message]), refusal.status
    flash(_("The file arrived. Its rows are being stored."), "saved")
    return redirect(url_for(".overview", slug=slug), 303)


def render_overview(survey: Survey, form: UploadForm, problems: Sequence[Message] = ()) -> str:
    return render_template(
        "surveys/collecting/staff/overview.html",
        survey=survey,
        state=state_of(survey, clock.now()),
        form=form,
        errors=[("file", problem) for problem in problems],
        by_paper=bool(channels_of(survey)),
        jobs=queries.imports_under_way(survey.id),
        runs=queries.imports(survey.id),
    )


@pages.get("/<slug>/collect/template.csv")
def template(slug: str) -> Response:
    """An empty table whose first row names every field of the form."""
    _survey, questionnaire = survey_at(slug)
    return csv_file(f"{slug}-template.csv", b"".join(write_csv(template_headers(questionnaire), [])))


def csv_file(name: str, content: bytes) -> Response:
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.get("/<slug>/collect/progress.json")
def progress(slug: str) -> Response:
    """How far the imports are, for the page that waits."""
    survey, _questionnaire = survey_at(slug)
    jobs = queries.imports_under_way(survey.id)
    done, total = sum(job.done_units for job in jobs), sum(job.total_units or 0 for job in jobs)
    text = _("%(done)s of %(total)s rows stored", done=done, total=total) if jobs else _("All imports are done")
    return jsonify(text=plain(text))


@pages.route("/<slug>/collect/imports/<int:number>", methods=["GET", "POST"])
def imported(slug: str, number: int) -> ResponseReturnValue:
    """One import: its counts, and the rows it could not store."""
    survey, _questionnaire = survey_at(slug)
    run = queries.import_run(survey.id, number)
    if request.method == "POST":
        rows = [int(row) for row in request.form.getlist("row") if row.isascii() and row.isdigit() and len(row) < 10]
        if request.form.get("act") == "take_back":
            actions.take_back(run.id, rows, current_user.actor)
            flash(_("These rows wait again."), "undone")
        else:
            actions.set_aside(run.id, rows, current_user.actor, clock.now())
            flash(_("These rows are set aside. They can be taken back below."), "saved")
        return redirect(url_for(".imported", slug=slug, number=number), 303)
    return render_template(
        "surveys/collecting/staff/import.html",
        survey=survey,
        run=run,
        rows=list(queries.review_rows(run.id, queries.SHOWN_ROWS)),
        waiting=queries.waiting_rows(run.id),
    )


@pages.get("/<slug>/collect/imports/<int:number>/review.csv")
def review_file(slug: str, number: int) -> Response:
    """The rows that still wait, with the reason in a last column; corrected, the file can be handed in as it is."""
    survey, _questionnaire = survey_at(slug)
    run = queries.import_run(survey.id, number)
    rows = ([*row.cells, plain_reasons(row)] for row in queries.review_rows(run.id) if row.state == queries.WAITING)
    return csv_file(f"{slug}-review-{number}.csv", b"".join(write_csv([*run.headers, REASON], rows)))


def plain_reasons(row: queries.Reviewed) -> str:
    return " / ".join(f"{one.column}: {plain(one.message)}" for one in row.reasons)


@pages.route("/<slug>/collect/form", methods=["GET", "POST"])
def keying(slug: str) -> ResponseReturnValue:
    """One paper form on one page."""
    survey, questionnaire = survey_at(slug)
    if request.method == "GET":
        way = session.get("keyed", {}).get("channel")
        empty = KeyingForm.empty(survey, questionnaire, clock.today(), new_submission_key(), way)
        return render_form(survey, empty)
    form = KeyingForm.posted(survey, questionnaire, clock.today(), request.form)
    subject = None
    if form.person and survey.register_id is not None:
        entry = entries_of(survey.register_id, [form.person]).get(form.person)
        if entry is None:
            form = form.unknown_person()
        subject = f"entry:{entry}"
    if form.errors:
        return render_form(survey, form), 422
    keyed_form = actions.Keyed(form.channel, form.arrived_on, subject, form.version, form.answers, form.submission_key)
    try:
        recorded = actions.key_form(survey.id, questionnaire, keyed_form, current_user.actor, clock.now())
    except StaleVersion as refusal:
        return render_form(*again(slug, form), refusal.message), refusal.status
    except Refusal as refusal:
        return render_form(survey, form, refusal.message), refusal.status, refusal.headers
    kept = recorded.participation
    session["keyed"] = {
        "slug": slug, "receipt": kept.receipt, "state": kept.state.value, "channel": form.channel.value,
    }  # fmt: skip
    return redirect(url_for(".keyed", slug=slug), 303)


def again(slug: str, form: KeyingForm) -> tuple[Survey, KeyingForm]:
    """The typed form under the questionnaire as it is now."""
    survey, questionnaire = survey_with_questionnaire(slug)
    return survey, replace(form, survey=survey, questionnaire=questionnaire, version=survey.current_version)


def render_form(survey: Survey, form: KeyingForm, notice: Message | None = None) -> str:
    return render_template(
        "surveys/collecting/staff/form.html", survey=survey, page=form, errors=form.errors, notice=notice
    )


@pages.get("/<slug>/collect/form/saved")
def keyed(slug: str) -> ResponseReturnValue:
    """The receipt number to write on the paper, and the way to the next form."""
    survey, _questionnaire = survey_at(slug)
    kept = session.get("keyed", {})
    if kept.get("slug") != slug:
        return redirect(url_for(".keying", slug=slug))
    return render_template("surveys/collecting/staff/keyed.html", survey=survey, kept=kept)
