"""The report editor at the staff desk."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from analysis.reports.publishing import actions, document, forms, queries
from analysis.reports.refusals import PublicationRefused
from civic.activities.refusals import SlugTaken
from civic.clock import TOKYO
from civic.identity import access
from civic.messages import Message

NUMBER = re.compile(r"^\D+(?=\d+$)")
"""What may stand before a comment's number, as the desk prints it: 意見45."""

pages = Blueprint("analysis_reports", __name__, url_prefix="/staff/reports", template_folder="../templates")


def texts(form: Any, name: str) -> dict[str, str]:
    """A text per language from the form's three fields, empty ones left out."""
    found = {"ja": form[f"{name}_ja"], "ja-easy": form[f"{name}_easy"], "en": form[f"{name}_en"]}
    return {language: field.data.strip() for language, field in found.items() if (field.data or "").strip()}


def values(name: str, text: Mapping[str, str]) -> dict[str, str]:
    return {
        f"{name}_{short}": text.get(language, "")
        for short, language in (("ja", "ja"), ("easy", "ja-easy"), ("en", "en"))
    }


def seen_revision() -> int:
    return request.form.get("revision", 0, type=int)


@pages.get("")
def index() -> str:
    return render_template(
        "reports/staff/reports.html", reports=queries.reports(), may_write=access.may("report.write")
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    choices = queries.choices()
    form = forms.NewReportForm()
    form.activities.choices = [
        SelectChoice(activity.id, f"{choice.project.title['ja']}: {activity.title['ja']}")
        for choice in choices
        for activity in choice.activities
    ]
    if form.validate_on_submit():
        projects = {
            choice.project
            for choice in choices
            for activity in choice.activities
            if activity.id in form.activities.data
        }
        if len(projects) != 1:
            form.activities.errors = (_("Choose activities of one project."),)
        else:
            project = projects.pop()
            access.require("report.write", project.department_id)
            try:
                actions.create_report(
                    current_user.actor,
                    project_id=project.id,
                    slug=form.slug.data,
                    title=texts(form, "title"),
                    activity_ids=form.activities.data,
                )
            except SlugTaken as refusal:
                form.slug.errors = (refusal.message,)
            else:
                return redirect(url_for(".draft", slug=form.slug.data), 303)
    return render_template("reports/staff/new.html", form=form, choices=choices), 422 if form.errors else 200


@pages.get("/<slug>")
def draft(slug: str) -> str:
    return render_draft(slug)


def render_draft(
    slug: str,
    texts_form: forms.TextsForm | None = None,
    sentence_form: forms.SentenceForm | None = None,
    refused: tuple[Message, ...] = (),
) -> str:
    page = queries.draft_page(slug)
    report = page.report
    given = {**values("title", report.title), **values("lead", report.lead), **values("limits", report.limits)}
    return render_template(
        "reports/staff/draft.html",
        page=page,
        refused=refused,
        texts_form=texts_form or forms.TextsForm(formdata=None, data=given),
        sentence_form=sentence_form or forms.SentenceForm(formdata=None),
        may_write=access.may("report.write", report.project.department_id),
        may_publish=access.may("report.publish", report.project.department_id),
    )


@pages.post("/<slug>/texts")
def edit_texts(slug: str) -> ResponseReturnValue:
    report = queries.report_for(slug, "report.write")
    form = forms.TextsForm()
    if not form.validate():
        return render_draft(slug, texts_form=form), 422
    actions.edit_texts(
        report.id,
        seen_revision(),
        current_user.actor,
        title=texts(form, "title"),
        lead=texts(form, "lead"),
        limits=texts(form, "limits"),
    )
    flash(_("Saved."), "saved")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.post("/<slug>/sentences")
def add_sentence(slug: str) -> ResponseReturnValue:
    report = queries.report_for(slug, "report.write")
    form = forms.SentenceForm()
    if not form.validate():
        return render_draft(slug, sentence_form=form), 422
    numbers = document.refs_by_number(report)
    typed = [line.strip() for line in form.sources.data.splitlines() if line.strip()]
    refs = [numbers.get(NUMBER.sub("", line), line) for line in typed]
    found = document.resolve(refs)
    unknown = [ref for ref in refs if ref not in found or found[ref].state == "missing"]
    if unknown:
        form.sources.errors = (_("No comment has this number: %(ref)s", ref=unknown[0]),)
        return render_draft(slug, sentence_form=form), 422
    actions.add_sentence(
        report.id,
        seen_revision(),
        current_user.actor,
        sentence=texts(form, "sentence"),
        sources=refs,
        run_id=None,
        topic=None,
    )
    flash(_("The sentence was added."), "saved")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.post("/<slug>/sentences/<int:number>")
def leave_out(slug: str, number: int) -> ResponseReturnValue:
    report = queries.report_for(slug, "report.write")
    out = request.form.get("act") != "put_back"
    actions.leave_out(report.id, seen_revision(), number, out, current_user.actor)
    flash(_("The sentence was left out. It can be put back below.") if out else _("The sentence is back."), "saved")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.post("/<slug>/newest")
def take_newest(slug: str) -> ResponseReturnValue:
    report = queries.report_for(slug, "report.write")
    actions.take_newest_runs(report.id, seen_revision(), current_user.actor)
    flash(_("The sentences of the newest analyses were taken over."), "saved")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.post("/<slug>/submit")
def submit(slug: str) -> ResponseReturnValue:
    report = queries.report_for(slug, "report.write")
    try:
        actions.submit(report.id, seen_revision(), current_user.actor)
    except PublicationRefused as refusal:
        return render_draft(slug, refused=refusal.problems), 422
    flash(_("Handed in. A second person can publish it now."), "saved")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.post("/<slug>/send-back")
def send_back(slug: str) -> ResponseReturnValue:
    report = queries.report_for(slug, "report.publish")
    actions.send_back(report.id, seen_revision(), current_user.actor)
    flash(_("Given back to its author."), "saved")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.route("/<slug>/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    """A page that says what will happen and what stands against it, then the act."""
    report = queries.report_for(slug, "report.publish")
    form = forms.PublishForm()
    if form.validate_on_submit():
        embargo = form.embargo_until.data.replace(tzinfo=TOKYO) if form.embargo_until.data else None
        try:
            actions.publish(report.id, seen_revision(), current_user.actor, embargo)
        except PublicationRefused as refusal:
            return render_draft(slug, refused=refusal.problems), 422
        flash(_("Published. The council can read it now."), "saved")
        return redirect(url_for(".draft", slug=slug), 303)
    problems = document.problems(report)
    page = render_template("reports/staff/publish.html", form=form, report=report, problems=problems)
    return page, 422 if form.errors else 200


@pages.get("/<slug>/preview")
def preview(slug: str) -> str:
    """The draft as readers will see it."""
    report = queries.report_for(slug, "report.read")
    return render_template("reports/report.html", page=queries.preview(report), room="staff")
