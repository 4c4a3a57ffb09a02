"""Staff pages that prepare what a vote asks: list, start, steps, rules and arguments, ballot paper."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.forms import texts
from civic.activities.refusals import SlugTaken
from civic.activities.states import Channel, Confidentiality
from civic.identity import access
from civic.refusals import NotFound
from consultations.votes.conducting import actions, asking, forms, queries
from consultations.votes.conducting.actions import VoteSettings
from consultations.votes.conducting.queries import Standing
from consultations.votes.conducting.room import vote_links
from consultations.votes.conducting.steps import steps_of
from consultations.votes.refusals import ArgumentsFrozen

pages = Blueprint("votes_conducting", __name__, url_prefix="/staff/votes", template_folder="../templates")
pages.add_app_template_global(vote_links)
pages.add_app_template_global(queries.election_words, "vote_election_words")


def seen_revision() -> int:
    """The revision the form was made from; 0, which no vote has, where the field is missing."""
    return request.form.get("revision", 0, type=int)


def may_edit(standing: Standing) -> bool:
    return standing.editable and access.may("vote.edit", standing.vote.department_id)


@pages.get("")
def index() -> str:
    return render_template("votes/staff/index.html", votes=queries.votes(), may_create=access.may("vote.create"))


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    projects = queries.projects()
    form = forms.NewVoteForm()
    form.offer_projects(projects)
    if form.validate_on_submit():
        try:
            actions.create_vote(
                current_user.actor,
                project_id=form.project.data,
                slug=form.slug.data,
                settings=first_settings(form),
                facts=VoteSettings(),
                at=clock.now(),
            )
        except SlugTaken as refusal:
            form.slug.errors = (refusal.message,)
        else:
            return redirect(url_for(".conduct", slug=form.slug.data), 303)
    return render_template("votes/staff/new.html", form=form, projects=projects), 422 if form.errors else 200


def first_settings(form: forms.NewVoteForm) -> ActivitySettings:
    """What is typed, and what every vote has: online and on paper, in secret."""
    return ActivitySettings(
        title=texts(form, "title"),
        summary=texts(form, "summary"),
        channels=(Channel.WEB, Channel.PAPER),
        confidentiality=Confidentiality.SECRET,
    )


@pages.get("/<slug>")
def conduct(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    return render_template("votes/staff/conduct.html", page=page, vote=page.vote, steps=steps_of(page))


@pages.get("/<slug>/facts")
def facts(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    return render_facts(page, forms.FactsForm(data=forms.values_of_facts(page.vote)))


@pages.post("/<slug>/facts")
def save_facts(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.edit")
    form = forms.FactsForm()
    if not form.validate():
        return render_facts(page, form), 422
    typed = form.facts(actions.settings_of(page.vote))
    try:
        actions.edit_vote(page.vote.id, typed, seen_revision(), current_user.actor, clock.now())
    except ArgumentsFrozen as refusal:
        form.for_ja.errors = (refusal.message,)
        return render_facts(queries.standing(slug, "vote.edit"), form), refusal.status, refusal.headers
    flash(_("Rules and arguments are saved."), "success")
    return redirect(url_for(".facts", slug=slug), 303)


def render_facts(page: Standing, form: forms.FactsForm) -> str:
    return render_template("votes/staff/facts_form.html", page=page, vote=page.vote, form=form, may_edit=may_edit(page))


@pages.get("/<slug>/questions")
def questions(slug: str) -> str:
    page = queries.standing(slug, "vote.inspect")
    return render_template("votes/staff/questions.html", page=page, vote=page.vote, may_edit=may_edit(page))


@pages.post("/<slug>/questions")
def arrange_questions(slug: str) -> ResponseReturnValue:
    """The pressed button's name is the act, its value the question's code."""
    page = queries.standing(slug, "vote.edit")
    for act in ("up", "down", "remove"):
        if code := request.form.get(act):
            save_questions(page, asking.arranged(page.vote.questions, code, act))
    return redirect(url_for(".questions", slug=slug), 303)


@pages.route("/<slug>/questions/new", methods=["GET", "POST"])
def new_question(slug: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.edit")
    code = asking.fresh_code(page.vote.questions)
    return edit_question(page, code, forms.QuestionForm(data=forms.NEW_QUESTION))


@pages.route("/<slug>/questions/<code>", methods=["GET", "POST"])
def question(slug: str, code: str) -> ResponseReturnValue:
    page = queries.standing(slug, "vote.edit")
    stored = queries.question_of(page.vote, code)
    if stored is None:
        raise NotFound
    return edit_question(page, code, forms.QuestionForm(data=forms.values_of_question(stored)))


def edit_question(page: Standing, code: str, form: forms.QuestionForm) -> ResponseReturnValue:
    """Save the typed question; the buttons of its options arrange them first and keep the page open."""
    vote = page.vote
    if not page.editable:
        return redirect(url_for(".questions", slug=vote.slug))
    act, _colon, place = request.form.get("act", "save").partition(":")
    if request.method == "POST":
        asking.arrange(form.options.entries, act, place)
        if form.validate():
            save_questions(page, asking.replaced(vote.questions, form.question(code)))
            if act == "save":
                flash(_("The question is saved."), "success")
                return redirect(url_for(".questions", slug=vote.slug), 303)
            return redirect(url_for(".question", slug=vote.slug, code=code), 303)
    stored = queries.question_of(vote, code) is not None
    body = render_template("votes/staff/question.html", page=page, vote=vote, form=form, code=code, stored=stored)
    return body, 422 if form.errors else 200


def save_questions(page: Standing, changed: list[dict[str, object]]) -> None:
    if changed != page.vote.questions:
        facts = asking.with_questions(actions.settings_of(page.vote), changed)
        actions.edit_vote(page.vote.id, facts, seen_revision(), current_user.actor, clock.now())
