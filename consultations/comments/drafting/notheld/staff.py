"""Staff pages of notices that no procedure was held."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.activities.refusals import SlugTaken
from civic.identity import access
from consultations.comments.drafting.forms import offer_projects
from consultations.comments.drafting.notheld import actions, forms, queries
from consultations.comments.drafting.queries import city_rules, projects
from consultations.comments.models import NotHeldNotice

pages = Blueprint(
    "consultations_not_held", __name__, url_prefix="/staff/consultations/not-held", template_folder="../../templates"
)


def seen_revision() -> int:
    """The revision the form was made from; 0, which no notice has, where the field is missing."""
    return request.form.get("revision", 0, type=int)


@pages.get("")
def index() -> str:
    return render_template(
        "comments/staff/not_held.html", notices=queries.notices(), may_create=access.may("not_held.edit")
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    offered, city = projects("not_held.edit"), city_rules()
    form = forms.NewNotHeldForm()
    offer_projects(form.project, offered)
    form.offer_cases(city)
    if form.validate_on_submit():
        try:
            actions.create_notice(form.slug.data, form.project.data, form.content(city), current_user.actor)
        except SlugTaken as refusal:
            form.slug.errors = (refusal.message,)
        else:
            flash(_("The notice is saved."), "success")
            return redirect(url_for(".edit", slug=form.slug.data), 303)
    page = render_template("comments/staff/not_held_new.html", form=form, projects=offered, cases=form.case.choices)
    return page, 422 if form.errors else 200


@pages.get("/<slug>")
def edit(slug: str) -> str:
    notice = queries.notice_for(slug, "not_held.inspect")
    return render_notice(notice, notice_form(notice))


@pages.post("/<slug>")
def save(slug: str) -> ResponseReturnValue:
    notice = queries.notice_for(slug, "not_held.edit")
    form = notice_form(notice)
    if not form.validate():
        return render_notice(notice, form), 422
    actions.save_notice(notice.id, form.content(city_rules(), notice), seen_revision(), current_user.actor)
    flash(_("The notice is saved."), "success")
    return redirect(url_for(".edit", slug=slug), 303)


def notice_form(notice: NotHeldNotice) -> forms.NotHeldForm:
    form = forms.NotHeldForm(data=forms.values_of(notice))
    form.offer_cases(city_rules(), notice)
    return form


def render_notice(notice: NotHeldNotice, form: forms.NotHeldForm) -> str:
    rule, case = queries.case_of(notice)
    department = notice.project.department_id
    return render_template(
        "comments/staff/not_held_notice.html",
        notice=notice,
        rule=rule,
        case=case,
        form=form,
        may_edit=notice.published_at is None and access.may("not_held.edit", department),
        may_publish=notice.published_at is None and access.may("not_held.publish", department),
    )


@pages.route("/<slug>/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    notice = queries.notice_for(slug, "not_held.publish")
    if request.method == "POST":
        actions.publish_notice(notice.id, seen_revision(), current_user.actor, clock.now())
        flash(_("The notice is published."), "success")
        return redirect(url_for(".edit", slug=slug), 303)
    rule, case = queries.case_of(notice)
    return render_template("comments/staff/not_held_publish.html", notice=notice, rule=rule, case=case)
