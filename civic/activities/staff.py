"""Staff pages over all kinds of activity: today's work, lists, one activity, projects."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectChoice

from civic import clock
from civic.activities import actions, desk, forms
from civic.activities.models import Activity
from civic.activities.refusals import SlugTaken
from civic.activities.states import State
from civic.features import Task, house
from civic.identity import access
from civic.messages import N_
from civic.web.formatters import days_left, number

work = Blueprint("work", __name__, url_prefix="/staff")
pages = Blueprint("desk", __name__, url_prefix="/staff")
project_pages = Blueprint("projects", __name__, url_prefix="/staff/projects")


@work.get("/")
def today() -> str:
    departments = access.departments("activity.read")
    return render_template(
        "activities/staff/today.html", page=desk.today(departments, clock.now()), tasks=task_rows(all_tasks())
    )


def all_tasks() -> list[Task]:
    """What waits for the signed-in person in every room, soonest first; what has no date as if due in a week."""
    found = [task for room in house().rooms if room.tasks for task in room.tasks(current_user)]
    return sorted(found, key=lambda task: 7 if task.due is None else days_left(task.due))


def task_rows(tasks: list[Task]) -> list[dict[str, Any]]:
    """Tasks as the macro `task_list` shows them."""
    return [
        {
            "title": task.title,
            "href": task.address,
            "detail": task.detail,
            "button": task.button,
            "days": None if task.due is None else days_left(task.due),
        }
        for task in tasks
    ]


@pages.get("/activities")
def activities() -> str:
    wish = request.args.get("state", "")
    chosen = State(wish) if wish in set(State) else None
    listed = desk.activities(access.departments("activity.read"), clock.now())
    return render_template("activities/staff/activities.html", listed=listed, chosen=chosen, states=list(State))


def of_department(slug: str, permission: str) -> Activity:
    """The activity at this address, if the signed-in account holds `permission` in its department."""
    activity = desk.activity(slug)
    access.require(permission, activity.department_id)
    return activity


@pages.get("/activities/<slug>")
def overview(slug: str) -> str:
    activity = of_department(slug, "activity.read")
    return render_template(
        "activities/staff/overview.html",
        page=desk.overview(activity, clock.now()),
        kind=house().kinds[activity.kind],
        problems=actions.opening_problems(activity, clock.now()),
    )


@pages.get("/activities/<slug>/count.json")
def count(slug: str) -> ResponseReturnValue:
    """How many take part now, for the page to follow; 304 while nothing changed."""
    activity = of_department(slug, "activity.read")
    counted = desk.counts_by_activity([activity.id]).get(activity.id, 0)
    response = jsonify(count=counted, text=number(counted))
    response.set_etag(f"{activity.id}-{counted}")
    return response.make_conditional(request)


@pages.route("/activities/<slug>/settings", methods=["GET", "POST"])
def settings(slug: str) -> ResponseReturnValue:
    """Times, texts and rules of an activity of any kind, before its opening."""
    activity = of_department(slug, "activity.edit")
    if activity.opened_at is not None:
        return redirect(url_for(".contact", slug=slug), 303)
    form = settings_form(activity)
    if request.method == "GET" or not form.validate():
        return form_page("activities/staff/settings.html", form, activity=activity, revision=seen(activity))
    actions.edit_settings(activity.id, form.settings(), seen(activity), current_user.actor, clock.now())
    return done(slug, N_("The settings are saved."))


def settings_form(activity: Activity) -> forms.WordsForm:
    """The form of what an editor decides here: all, or what the activity's kind leaves to her."""
    if house().kinds[activity.kind].own_admission:
        return forms.WordsForm(posted(), data=forms.values_of(activity))
    form = forms.ActivityForm(posted(), data=forms.values_of(activity))
    form.offer_registers(desk.registers())
    return form


@pages.route("/activities/<slug>/contact", methods=["GET", "POST"])
def contact(slug: str) -> ResponseReturnValue:
    """The little that may change after opening."""
    activity = of_department(slug, "activity.edit")
    form = forms.ContactForm(posted(), data=forms.values_of(activity))
    if request.method == "GET" or not form.validate():
        return form_page("activities/staff/contact.html", form, activity=activity, revision=seen(activity))
    actions.correct_opened(
        activity.id,
        forms.texts(form, "contact"),
        forms.texts(form, "other_ways"),
        form.answer_due.data,
        seen(activity),
        current_user.actor,
        clock.now(),
    )
    return done(slug, N_("The settings are saved."))


def posted() -> MultiDict[str, str] | None:
    """What was sent; None on a fresh page, where an unticked box means nothing."""
    return request.form if request.method == "POST" else None


def seen(activity: Activity) -> int:
    """The revision the posted form was made from; on a fresh page the present one."""
    return request.form.get("revision", activity.revision, type=int)


def form_page(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    """A page with a form: 422 when it came back with errors."""
    return render_template(template, form=form, **values), 422 if form.errors else 200


def done(slug: str, sentence: str) -> ResponseReturnValue:
    """Say what was done, on the activity's page."""
    say(sentence)
    return redirect(url_for("desk.overview", slug=slug), 303)


def say(sentence: str) -> None:
    """Tell the person on the next page what was just done."""
    flash(gettext(sentence), "success")


@project_pages.get("")
def index() -> str:
    return render_template(
        "activities/staff/projects.html", projects=desk.projects(access.departments("activity.read"))
    )


@project_pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = forms.NewProjectForm(posted())
    choices = desk.department_names(access.departments("project.edit"))
    form.department_id.choices = [SelectChoice(number_, name["ja"]) for number_, name in choices]
    if request.method == "GET" or not form.validate():
        return form_page("activities/staff/project.html", form, project=None)
    try:
        actions.create_project(
            form.slug.data,
            form.department_id.data,
            forms.texts(form, "title"),
            forms.texts(form, "summary"),
            current_user.actor,
        )
    except SlugTaken as refusal:
        form.slug.errors = (refusal.message,)
        return form_page("activities/staff/project.html", form, project=None)
    say(N_("The project is saved."))
    return redirect(url_for(".index"), 303)


@project_pages.route("/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    found = desk.project(slug)
    access.require("project.edit", found.department_id)
    form = forms.ProjectForm(posted(), data=forms.values_of_project(found))
    revision = request.form.get("revision", found.revision, type=int)
    if request.method == "GET" or not form.validate():
        return form_page("activities/staff/project.html", form, project=found, revision=revision)
    actions.edit_project(
        found.id, forms.texts(form, "title"), forms.texts(form, "summary"), revision, current_user.actor
    )
    say(N_("The project is saved."))
    return redirect(url_for(".index"), 303)
