"""Staff pages of the grouping desk: groups, what lies in them, moving it, topics, taking steps back."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic import characters, clock
from civic.activities.staff import say
from civic.identity import access
from civic.messages import N_
from civic.refusals import NotFound, Refusal
from civic.web.requests import number_in, page_number
from consultations.comments import sources
from consultations.comments.desk import actions, forms, queries, undoing
from consultations.comments.desk.queries import DeskPage
from consultations.comments.desk.words import ACTS
from consultations.comments.queries import consultation_for

pages = Blueprint("consultations_desk", __name__, url_prefix="/staff/consultations", template_folder="../templates")
SORT = "opinion.sort"


@pages.get("/<slug>/groups")
def groups(slug: str) -> ResponseReturnValue:
    group = number_in(request.args, "group") or None
    tree = number_in(request.args, "tree") or None
    return render_desk(queries.desk(slug, group, page_number(), search_words(), tree=tree))


def search_words() -> str:
    """What is looked for; nothing where it cannot be shown."""
    words = request.values.get("search", "").strip()
    return words[:200] if characters.is_readable(words) else ""


def render_desk(
    page: DeskPage, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> ResponseReturnValue:
    """The desk, with the forms of a refused act where there was one."""
    number = page.chosen.group.number if page.chosen else None
    offered: dict[str, Any] = {"sort": forms.SortForm(), "into": forms.IntoForm()}
    offered |= values
    offered["sort"].offer(page.groups, number)
    offered["into"].offer(page.groups, number or 0)
    if number is not None:
        offered.setdefault("title", forms.TitleForm(data={"title": page.chosen.group.title if page.chosen else ""}))
    body = render_template(
        "comments/staff/groups.html",
        page=page,
        search=search_words(),
        acts=ACTS,
        sorts=access.may(SORT, page.consultation.department_id),
        **offered,
    )
    return body, status, headers or {}


def desk_as_sent(slug: str) -> DeskPage:
    """The desk a form was sent from; the ungrouped opinions where its group is gone."""
    group = number_in(request.form, "group") or None
    try:
        return queries.desk(slug, group, page_number(request.form), search_words(), SORT)
    except NotFound:
        return queries.desk(slug, None, 1, "", SORT)


def back(slug: str, number: int | None, **values: Any) -> ResponseReturnValue:
    """To the desk with this group open."""
    return redirect(url_for(".groups", slug=slug, group=number or None, **values), 303)


@pages.post("/<slug>/groups")
def sort(slug: str) -> ResponseReturnValue:
    """Move what was ticked, or make a new group of it. A second clerk sees where it lies by now, and loses nothing."""
    page = desk_as_sent(slug)
    here = number_in(request.form, "group") or None
    form = forms.SortForm(request.form)
    form.act = "new" if request.form.get("act") == "new" else "move"
    form.offer(page.groups, page.chosen.group.number if page.chosen else None)
    if not form.validate():
        return render_desk(page, 422, sort=form)
    try:
        if form.act == "move":
            actions.move_items(page.consultation.id, form.piles, form.target, current_user.actor, clock.now())
        else:
            make_group(page.consultation.id, here, form)
    except Refusal as refusal:
        moved = queries.moved_meanwhile(form.piles)
        page = desk_as_sent(slug)
        return render_desk(page, refusal.status, refusal.headers, sort=form, refusal=refusal, moved=moved)
    say(N_("The opinions were moved.") if form.act == "move" else N_("The group was made."))
    return back(slug, here, page=page.page if page.page > 1 else None, search=search_words() or None)


def make_group(consultation_id: int, here: int | None, form: forms.SortForm) -> int:
    """A new group: split off where what was ticked lies in a group, else of ungrouped opinions or of none yet."""
    piles, title, actor = form.piles, form.title.data, current_user.actor
    if here is not None and piles:
        return actions.split_group(consultation_id, here, title, piles, actor, clock.now())
    return actions.create_group(consultation_id, title, piles, actor, clock.now())


def desk_of(slug: str, number: int) -> DeskPage:
    """The desk with the group in the address open, for whoever may sort. NotFound, NotAllowed."""
    return queries.desk(slug, number, 1, "", SORT)


@pages.post("/<slug>/groups/<int:number>/title")
def rename(slug: str, number: int) -> ResponseReturnValue:
    page = desk_of(slug, number)
    form = forms.TitleForm(request.form)
    if not form.validate():
        return render_desk(page, 422, title=form)
    actions.rename_group(page.consultation.id, number, form.title.data, current_user.actor, clock.now())
    say(N_("The group has its new name."))
    return back(slug, number)


@pages.post("/<slug>/groups/<int:number>/merge")
def merge(slug: str, number: int) -> ResponseReturnValue:
    page = desk_of(slug, number)
    form = forms.IntoForm(request.form)
    form.offer(page.groups, number)
    if not form.validate():
        return render_desk(page, 422, into=form)
    into = int(form.into.data)
    actions.merge_groups(page.consultation.id, number, into, current_user.actor, clock.now())
    say(N_("The groups are one now."))
    return back(slug, into)


@pages.post("/<slug>/groups/<int:number>/delete")
def delete(slug: str, number: int) -> ResponseReturnValue:
    page = desk_of(slug, number)
    actions.delete_group(page.consultation.id, number, current_user.actor, clock.now())
    say(N_("The group was deleted."))
    return back(slug, None)


@pages.post("/<slug>/groups/order")
def reorder(slug: str) -> ResponseReturnValue:
    consultation = consultation_for(slug, SORT)
    up = "up" in request.form
    group = number_in(request.form, "up" if up else "down")
    actions.reorder_group(consultation.id, group, up, current_user.actor, clock.now())
    return back(slug, number_in(request.form, "group"))


@pages.post("/<slug>/groups/undo")
def undo(slug: str) -> ResponseReturnValue:
    """Take one step back; a page of comments names itself to be come back to."""
    consultation = consultation_for(slug, SORT)
    undoing.undo(consultation.id, number_in(request.form, "step"), current_user.actor, clock.now())
    say(N_("The step was taken back. Everything lies as it did before it."))
    if comment := number_in(request.form, "comment"):
        return redirect(url_for(".comment", slug=slug, number=comment), 303)
    return back(slug, None)


@pages.route("/<slug>/groups/topics", methods=["GET", "POST"])
def topics(slug: str) -> ResponseReturnValue:
    """The topics another room proposes; those chosen become groups, each a step of its own."""
    consultation = consultation_for(slug, SORT)
    found = queries.proposed(consultation)
    form = forms.TopicsForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        page = render_template(
            "comments/staff/desk_topics.html",
            consultation=consultation,
            proposed=found,
            form=form,
            question=sources.QUESTION,
        )
        return page, 422 if form.errors else 200
    chosen = [one.topic for one in found if one.key in form.topic.data]
    made = actions.groups_from_topics(consultation.id, chosen, current_user.actor, clock.now())
    say(N_("The topics are groups now.") if made else N_("There was nothing left to take from these topics."))
    return back(slug, made[0] if made else None)
