"""Staff pages that prepare a consultation: list, start, draft, notice, attachments."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.forms import texts
from civic.activities.refusals import SlugTaken
from civic.activities.states import Confidentiality
from civic.files.sending import as_download
from civic.identity import access
from civic.web.languages import plain
from consultations.comments.drafting import actions, attaching, forms, passages, queries
from consultations.comments.drafting.actions import NoticeSettings
from consultations.comments.drafting.queries import AttachmentsPage, DraftPage, NoticePage
from consultations.comments.drafting.refusals import FileTooLarge, NotAPdf, NothingToRead, TooManyPassages
from consultations.comments.drafting.room import consultation_links
from consultations.comments.queries import consultation_for
from consultations.comments.rules import Rule

pages = Blueprint("consultations_drafting", __name__, url_prefix="/staff/consultations", template_folder="../templates")
pages.add_app_template_global(consultation_links)


def seen_revision() -> int:
    """The revision the form was made from; 0, which no consultation has, where the field is missing."""
    return request.form.get("revision", 0, type=int)


@pages.get("")
def index() -> str:
    return render_template(
        "comments/staff/index.html",
        consultations=queries.consultations(),
        may_create=access.may("consultation.create"),
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    projects, city = queries.projects("consultation.create"), queries.city_rules()
    form = forms.NewConsultationForm()
    forms.offer_projects(form.project, projects)
    form.offer_rules(city)
    if form.validate_on_submit():
        rule = forms.chosen_rule(form.rule.data, city)
        try:
            actions.create_consultation(
                current_user.actor,
                project_id=form.project.data,
                slug=form.slug.data,
                settings=first_settings(form, rule),
                notice=NoticeSettings(rule, asks_name=rule.asks_name, asks_address=rule.asks_address),
                at=clock.now(),
            )
        except SlugTaken as refusal:
            form.slug.errors = (refusal.message,)
        else:
            return redirect(url_for(".draft", slug=form.slug.data), 303)
    return render_template("comments/staff/new.html", form=form, projects=projects), 422 if form.errors else 200


def first_settings(form: forms.NewConsultationForm, rule: Rule) -> ActivitySettings:
    """What is typed, and what follows from the rule: who may comment, and by which ways."""
    return ActivitySettings(
        title=texts(form, "title"),
        summary=texts(form, "summary"),
        eligibility=rule.eligibility,
        channels=rule.channels,
        confidentiality=Confidentiality.NAMED,
    )


@pages.get("/<slug>/draft")
def draft(slug: str) -> str:
    page = queries.draft_page(slug, "consultation.inspect")
    form = forms.DraftForm(data={"markdown": page.current.markdown if page.current else ""})
    return render_draft(page, form)


@pages.post("/<slug>/draft")
def save_draft(slug: str) -> ResponseReturnValue:
    """Keep the typed draft as a new version, or show it as passages (the button `preview`)."""
    page = queries.draft_page(slug, "consultation.edit")
    form = forms.DraftForm()
    if not form.validate():
        return render_draft(page, form), 422
    try:
        if request.form.get("act") == "preview":
            return render_draft(page, form, actions.read(form.markdown.data))
        number = actions.save_draft(
            page.consultation.id,
            form.markdown.data,
            form.note.data or "",
            seen_revision(),
            current_user.actor,
            clock.now(),
        )
    except (NothingToRead, TooManyPassages) as refusal:
        form.markdown.errors = (refusal.message,)
        return render_draft(page, form), 422
    flash(_("Version %(number)s is saved.", number=number), "success")
    return redirect(url_for(".draft", slug=slug), 303)


def render_draft(page: DraftPage, form: forms.DraftForm, preview: list[passages.Passage] | None = None) -> str:
    """The editor; with the passages of the typed draft where a preview was asked for."""
    return render_template(
        "comments/staff/draft.html",
        page=page,
        consultation=page.consultation,
        form=form,
        preview=preview,
        may_edit=page.editable and access.may("consultation.edit", page.consultation.department_id),
    )


@pages.get("/<slug>/draft/<int:number>")
def version(slug: str, number: int) -> str:
    page = queries.version_page(slug, number)
    one = page.consultation
    may_restore = page.editable and number != one.current_version and access.may("consultation.edit", one.department_id)
    return render_template("comments/staff/version.html", page=page, consultation=one, may_restore=may_restore)


@pages.route("/<slug>/draft/<int:number>/restore", methods=["GET", "POST"])
def restore(slug: str, number: int) -> ResponseReturnValue:
    """Take an earlier version again, as a new one, once the editor has seen what that changes."""
    page = queries.restore_page(slug, number)
    if request.method == "GET":
        return render_template("comments/staff/restore.html", page=page, consultation=page.consultation)
    note = plain(_("The words of version %(number)s again.", number=number))
    made = actions.restore_version(page.consultation.id, number, note, seen_revision(), current_user.actor, clock.now())
    flash(_("Version %(number)s is saved.", number=made), "success")
    return redirect(url_for(".draft", slug=slug), 303)


@pages.get("/<slug>/notice")
def notice(slug: str) -> str:
    page = queries.notice_page(slug, "consultation.inspect")
    return render_notice(page, notice_form(page))


@pages.post("/<slug>/notice")
def save_notice(slug: str) -> ResponseReturnValue:
    page = queries.notice_page(slug, "consultation.edit")
    form = notice_form(page)
    if not form.validate():
        return render_notice(page, form), 422
    rule = forms.chosen_rule(form.rule.data, queries.city_rules(), page.consultation)
    actions.save_notice(page.consultation.id, form.settings(rule), seen_revision(), current_user.actor, clock.now())
    flash(_("The notice is saved."), "success")
    return redirect(url_for(".notice", slug=slug), 303)


def notice_form(page: NoticePage) -> forms.NoticeForm:
    form = forms.NoticeForm(data=forms.values_of_notice(page.consultation))
    form.offer_rules(queries.city_rules(), page.rule)
    return form


def render_notice(page: NoticePage, form: forms.NoticeForm) -> str:
    return render_template(
        "comments/staff/notice.html",
        page=page,
        consultation=page.consultation,
        form=form,
        may_edit=page.editable and access.may("consultation.edit", page.consultation.department_id),
    )


@pages.post("/<slug>/notice/missing")
def confirm_missing(slug: str) -> ResponseReturnValue:
    """The editor confirms that some texts stay in Japanese only."""
    one = consultation_for(slug, "consultation.edit")
    actions.confirm_missing_texts(one.id, seen_revision(), current_user.actor, clock.now())
    flash(_("Noted: these texts stay in Japanese only."), "success")
    return redirect(url_for(".notice", slug=slug), 303)


@pages.get("/<slug>/attachments")
def attachments(slug: str) -> str:
    return render_attachments(queries.attachments_page(slug, "consultation.inspect"), forms.AttachmentForm())


@pages.post("/<slug>/attachments")
def add_attachment(slug: str) -> ResponseReturnValue:
    page = queries.attachments_page(slug, "consultation.edit")
    form = forms.AttachmentForm()
    if form.validate():
        try:
            received = attaching.receive_pdf(form.file.data.stream)
        except (NotAPdf, FileTooLarge) as refusal:
            form.file.errors = (refusal.message,)
        else:
            attaching.add_attachment(
                page.consultation.id,
                received,
                form.file.data.filename or "",
                texts(form, "title"),
                seen_revision(),
                current_user.actor,
                clock.now(),
            )
            flash(_("The file is added."), "success")
            return redirect(url_for(".attachments", slug=slug), 303)
    return render_attachments(page, form), 422


def render_attachments(page: AttachmentsPage, form: forms.AttachmentForm) -> str:
    return render_template(
        "comments/staff/attachments.html",
        page=page,
        consultation=page.consultation,
        form=form,
        may_edit=page.editable and access.may("consultation.edit", page.consultation.department_id),
    )


@pages.post("/<slug>/attachments/<int:number>")
def change_attachment(slug: str, number: int) -> ResponseReturnValue:
    """The pressed button's name is the act: up, down or remove."""
    one = consultation_for(slug, "consultation.edit")
    queries.attachment_of(one, number)
    if "remove" in request.form:
        attaching.remove_attachment(one.id, number, seen_revision(), current_user.actor, clock.now())
        flash(_("The file is removed."), "success")
    elif "up" in request.form or "down" in request.form:
        by = -1 if "up" in request.form else 1
        attaching.move_attachment(one.id, number, by, seen_revision(), current_user.actor, clock.now())
    return redirect(url_for(".attachments", slug=slug), 303)


@pages.get("/<slug>/files/<int:number>")
def look_at_attachment(slug: str, number: int) -> Response:
    """The file for staff, before the consultation opens too."""
    found = queries.attachment_of(consultation_for(slug, "consultation.inspect"), number)
    return as_download(found.file, found.file_name)
