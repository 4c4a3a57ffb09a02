"""Staff pages that write a questionnaire."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from civic.activities.editing import ActivitySettings
from civic.activities.refusals import SlugTaken
from civic.identity import access
from surveys import outline
from surveys.editing import actions, forms, queries
from surveys.editing.queries import EditorPage
from surveys.questionnaire import Comparison, Group, Op, Option, Question, Questionnaire, QuestionType, Row

pages = Blueprint("surveys_editing", __name__, url_prefix="/staff/surveys", template_folder="../templates")


def seen_revision() -> int:
    """The revision the form was made from; 0, which no survey has, where the field is missing."""
    return request.form.get("revision", 0, type=int)


@pages.get("")
def index() -> str:
    return render_template(
        "surveys/editing/index.html", surveys=queries.surveys(), may_create=access.may("survey.create")
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    projects = queries.projects()
    form = forms.NewSurveyForm()
    form.project.choices = [SelectChoice(project.id, project.title["ja"]) for project in projects]
    if form.validate_on_submit():
        chosen = next((project for project in projects if project.id == form.project.data), None)
        if chosen is None:
            form.project.errors = (_("Choose the project."),)
            return render_template("surveys/editing/new.html", form=form, projects=projects), 422
        access.require("survey.create", chosen.department_id)
        try:
            actions.create_survey(
                current_user.actor,
                project_id=chosen.id,
                slug=form.slug.data,
                settings=ActivitySettings(
                    title=forms.texts(form.title_ja, form.title_easy, form.title_en),
                    summary=forms.texts(form.summary_ja, form.summary_easy, form.summary_en),
                ),
            )
        except SlugTaken as refusal:
            form.slug.errors = (refusal.message,)
        else:
            return redirect(url_for(".questionnaire", slug=form.slug.data), 303)
    return render_template("surveys/editing/new.html", form=form, projects=projects), 422 if form.errors else 200


@pages.route("/<slug>/copy", methods=["GET", "POST"])
def copy(slug: str) -> ResponseReturnValue:
    source = queries.survey_for(slug, "survey.copy")
    form = forms.CopySurveyForm()
    if form.validate_on_submit():
        try:
            actions.copy_survey(
                current_user.actor,
                source.id,
                slug=form.slug.data,
                title=forms.texts(form.title_ja, form.title_easy, form.title_en),
            )
        except SlugTaken as refusal:
            form.slug.errors = (refusal.message,)
        else:
            return redirect(url_for(".questionnaire", slug=form.slug.data), 303)
    return render_template("surveys/editing/copy.html", form=form, survey=source), 422 if form.errors else 200


@pages.get("/<slug>/questionnaire")
def questionnaire(slug: str) -> str:
    page = queries.editor_page(
        slug, "survey.inspect", question=request.args.get("question"), section=request.args.get("section")
    )
    return render_editor(page)


def render_editor(
    page: EditorPage, form: forms.QuestionForm | None = None, section_form: forms.SectionForm | None = None
) -> str:
    """The editor; with the typed form where one was refused."""
    if page.question and form is None:
        form = forms.QuestionForm(formdata=None, data=forms.question_values(page.question))
    if page.section and section_form is None:
        section_form = forms.SectionForm(formdata=None, data=forms.words(page.section.title))
    if form is not None and page.question is not None:
        offer_questions(form, page, page.question)
    return render_template(
        "surveys/editing/questionnaire.html",
        page=page,
        form=form,
        section_form=section_form,
        kinds=forms.KINDS,
        nested=page.question is not None and forms.is_nested(page.question.show_if),
        may_edit=access.may("survey.edit", page.survey.department_id),
    )


def offer_questions(form: forms.QuestionForm, page: EditorPage, question: Question) -> None:
    """Only questions asked earlier can decide whether this one is shown."""
    earlier = page.earlier(question.code)
    choices = [SelectChoice(one.code, f"{page.number(one.code)} {one.text.get('ja', '')[:40]}") for one in earlier]
    for entry in form.conditions:
        entry.form.question.choices = [SelectChoice("", _("Choose a question")), *choices]


@pages.post("/<slug>/questionnaire")
def change_outline(slug: str) -> ResponseReturnValue:
    """Acts on the order: the pressed button's name is the act, its value the code."""
    page = queries.editor_page(slug, "survey.edit")
    changed, anchor = outline_act(page.questionnaire)
    save(page, changed)
    return redirect(url_for(".questionnaire", slug=slug, **anchor), 303)


def outline_act(before: Questionnaire) -> tuple[Questionnaire, dict[str, Any]]:
    """The questionnaire after the pressed button, and which part the page shows next."""
    form = request.form
    try:
        if code := form.get("up"):
            return outline.move_question(before, code, -1), {"question": code}
        if code := form.get("down"):
            return outline.move_question(before, code, +1), {"question": code}
        if code := form.get("section_up"):
            return outline.move_section(before, code, -1), {"section": code}
        if code := form.get("section_down"):
            return outline.move_section(before, code, +1), {"section": code}
        if "add_section" in form:
            changed, code = outline.add_section(before)
            return changed, {"section": code}
        if "add_question" in form:
            changed, code = outline.add_question(before, QuestionType.SINGLE, after=form.get("after"))
            return changed, {"question": code}
    except (KeyError, StopIteration):
        return before, {}
    return before, {}


def save(page: EditorPage, changed: Questionnaire, deleted: str | None = None) -> None:
    """Store the change and say so; `deleted` is the sentence of one that took something away."""
    if changed != page.questionnaire:
        actions.save_questionnaire(page.survey.id, seen_revision(), changed, current_user.actor)
        flash(deleted or _("Saved."), "undoable" if deleted else "saved")


@pages.post("/<slug>/questionnaire/questions/<code>")
def save_question(slug: str, code: str) -> ResponseReturnValue:
    page = queries.editor_page(slug, "survey.edit", question=code)
    assert page.question is not None
    form = forms.QuestionForm()
    act, _colon, place = request.form.get("act", "save").partition(":")
    arrange(form, act, place)
    if not acceptable(page, form):
        return render_editor(page, form), 422
    typed = form.question(page.question)
    if forms.is_nested(page.question.show_if):
        typed = with_condition_of(typed, page.question)
    if not page.editable:
        return keep_correction(page, outline.replace_question(page.questionnaire, code, typed), form.note.data)
    changed = outline.replace_question(page.questionnaire, code, enlarge(typed, act, page))
    changed, shown = question_act(changed, act, code)
    deleted = _("Question %(number)s was deleted.", number=page.number(code)) if act == "delete" else None
    save(page, changed, deleted)
    return redirect(url_for(".questionnaire", slug=slug, **shown), 303)


def with_condition_of(question: Question, before: Question) -> Question:
    return Question(**{**vars(question), "show_if": before.show_if})


def arrange(form: forms.QuestionForm, act: str, place: str) -> None:
    """Move or drop a typed option, line or comparison before anything is saved, so that nothing typed is lost."""
    lists = {"option": form.options, "row": form.rows, "condition": form.conditions}
    name, _dash, what = act.partition("_")
    if name not in lists or not place.isdigit() or int(place) >= len(lists[name].entries):
        return
    entries = lists[name].entries
    if what == "remove":
        del entries[int(place)]
    elif what in {"up", "down"}:
        entries[:] = outline.moved(entries, int(place), -1 if what == "up" else 1)


def enlarge(question: Question, act: str, page: EditorPage) -> Question:
    """The question with an empty option, line or comparison more, where one was asked for."""
    parts: dict[str, Any] = vars(question).copy()
    if act == "add_option":
        code = outline.fresh_code("o", (option.code for option in question.options))
        parts["options"] = (*question.options, Option(code, {"ja": ""}))
    elif act == "add_row":
        code = outline.fresh_code("r", (row.code for row in question.rows))
        parts["rows"] = (*question.rows, Row(code, {"ja": ""}))
    elif act == "add_condition" and (earlier := page.earlier(question.code)):
        members, join = forms.comparisons_of(question.show_if)
        parts["show_if"] = Group(join, (*members, Comparison(earlier[-1].code, Op.ANSWERED)))
    else:
        return question
    return Question(**{name: parts[name] for name in Question.__dataclass_fields__})


def question_act(changed: Questionnaire, act: str, code: str) -> tuple[Questionnaire, dict[str, Any]]:
    """What a button under the question does beside saving, and which part the page shows next."""
    if act == "copy":
        changed, new = outline.copy_question(changed, code)
        return changed, {"question": new}
    if act == "delete":
        return outline.remove_question(changed, code), {}
    if act == "join":
        return outline.join_previous(changed, outline.section_of(changed, code).code), {"question": code}
    if act == "split":
        return outline.split_section(changed, code), {"question": code}
    return changed, {"question": code}


@pages.post("/<slug>/questionnaire/sections/<code>")
def save_section(slug: str, code: str) -> ResponseReturnValue:
    page = queries.editor_page(slug, "survey.edit", section=code)
    form = forms.SectionForm()
    if not acceptable(page, form):
        return render_editor(page, section_form=form), 422
    changed = outline.replace_section(page.questionnaire, code, forms.texts(form.ja, form.easy, form.en))
    if not page.editable:
        return keep_correction(page, changed, form.note.data)
    shown: dict[str, Any] = {"section": code}
    act = request.form.get("act", "save")
    if act == "copy":
        changed, new = outline.copy_section(changed, code)
        shown = {"section": new}
    elif act == "delete":
        changed, shown = outline.remove_section(changed, code), {}
    elif act == "add_question":
        changed, new = outline.add_question(changed, QuestionType.SINGLE, after=last_question(changed, code))
        shown = {"question": new}
    save(page, changed, _("The section was deleted.") if act == "delete" else None)
    return redirect(url_for(".questionnaire", slug=slug, **shown), 303)


def last_question(questionnaire: Questionnaire, section: str) -> str | None:
    questions = outline.section(questionnaire, section).questions
    return questions[-1].code if questions else None


def keep_correction(page: EditorPage, changed: Questionnaire, note: str) -> ResponseReturnValue:
    """After the opening: words only, as a new version with a note."""
    actions.correct_words(page.survey.id, page.survey.current_version, changed, note.strip(), current_user.actor)
    flash(_("The corrected words are shown from now on. Earlier answers keep their version."), "saved")
    return redirect(url_for(".versions", slug=page.survey.slug), 303)


def acceptable(page: EditorPage, form: forms.QuestionForm | forms.SectionForm) -> bool:
    """Whether the typed form can be stored; after the opening it needs a note as well."""
    valid: bool = form.validate()
    if not page.editable and not (form.note.data or "").strip():
        form.note.errors = (_("Write what was corrected. The versions page shows it."),)
        return False
    return valid


@pages.post("/<slug>/questionnaire/undo")
def undo(slug: str) -> ResponseReturnValue:
    survey = queries.survey_for(slug, "survey.edit")
    actions.undo(survey.id, seen_revision(), current_user.actor)
    flash(_("The last change was undone."), "undone")
    return redirect(url_for(".questionnaire", slug=slug), 303)


@pages.get("/<slug>/check")
def check(slug: str) -> str:
    page = queries.check_page(slug)
    return render_template(
        "surveys/editing/check.html", page=page, may_edit=access.may("survey.edit", page.survey.department_id)
    )


@pages.post("/<slug>/check")
def confirm_missing(slug: str) -> ResponseReturnValue:
    survey = queries.survey_for(slug, "survey.edit")
    actions.confirm_missing_texts(survey.id, seen_revision(), current_user.actor)
    flash(_("Noted: these texts stay in Japanese only."), "saved")
    return redirect(url_for(".check", slug=slug), 303)


@pages.get("/<slug>/versions")
def versions(slug: str) -> str:
    survey, found = queries.versions(slug)
    return render_template("surveys/editing/versions.html", survey=survey, versions=found)
