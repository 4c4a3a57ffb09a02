"""Staff pages of answering: the board, one group, an inquiry, the approval."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic import clock
from civic.activities.forms import NoteForm
from civic.activities.staff import form_page, posted, say
from civic.messages import N_
from civic.refusals import Refusal
from civic.web.requests import page_number
from consultations.comments.answering import actions, forms, queries
from consultations.comments.answering.queries import GroupPage
from consultations.comments.stages import Stage

pages = Blueprint(
    "consultations_answering", __name__, url_prefix="/staff/consultations", template_folder="../templates"
)


@pages.get("/<slug>/answers")
def board(slug: str) -> str:
    wish = request.args.get("stage", "")
    stage = Stage(wish) if wish in set(Stage) else None
    page = queries.board(slug, stage, page_number())
    return render_template("comments/staff/board.html", page=page, chosen=stage, stages=STAGES, today=clock.today())


STAGES = {
    Stage.COLLECTING: N_("Not begun"),
    Stage.ASKED: N_("Asked, waiting for the draft"),
    Stage.DRAFTED: N_("Drafted"),
    Stage.IN_APPROVAL: N_("Waiting for approval"),
    Stage.LOCKED: N_("Approved"),
}


@pages.route("/<slug>/groups/<int:number>", methods=["GET", "POST"])
def group(slug: str, number: int) -> ResponseReturnValue:
    if request.method == "POST":
        return save(slug, number)
    page = queries.group_page(slug, number, "response.read", page_number())
    return render_group(page, forms.AnswerForm(data=forms.values_of(page.group)))


def render_group(page: GroupPage, form: forms.AnswerForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page of a group; with the sentence that came between, where an act was refused."""
    body = render_template(
        "comments/staff/group.html",
        page=page,
        form=form,
        stages=STAGES,
        outcomes=forms.OUTCOME_WORDS,
        notice=refusal and refusal.message,
        today=clock.today(),
    )
    if refusal is not None:
        return body, refusal.status, refusal.headers
    return body, 422 if form.errors else 200


def save(slug: str, number: int) -> ResponseReturnValue:
    """Keep the draft, and hand it in where that button was pressed. A second clerk sees what changed, loses nothing."""
    page = queries.group_page(slug, number, "response.draft")
    form = forms.AnswerForm(request.form)
    if not form.validate():
        return render_group(page, form)
    try:
        revision = actions.save_answer(page.group.id, form.answer(), seen(), current_user.actor, clock.now())
        if "hand_in" in request.form:
            actions.hand_in(page.group.id, revision, current_user.actor)
    except Refusal as refusal:
        return render_group(queries.group_page(slug, number, "response.draft"), form, refusal)
    say(N_("The answer waits for approval.") if "hand_in" in request.form else N_("The draft is saved."))
    return redirect(url_for(".group", slug=slug, number=number), 303)


def seen() -> int:
    """The revision the form was made from; 0, which no group has, where the field is missing."""
    return request.form.get("revision", 0, type=int)


@pages.route("/<slug>/groups/<int:number>/inquiry", methods=["GET", "POST"])
def inquire(slug: str, number: int) -> ResponseReturnValue:
    """Ask a department for its draft, or take the question back."""
    page = queries.group_page(slug, number, "response.ask")
    form = forms.InquiryForm(posted())
    form.offer(queries.departments_to_ask())
    if request.method == "POST" and "take_back" in request.form:
        actions.take_back_inquiry(page.group.id, seen(), current_user.actor, clock.now())
        say(N_("The inquiry is taken back."))
        return redirect(url_for(".group", slug=slug, number=number), 303)
    if request.method == "GET" or not form.validate():
        return form_page("comments/staff/inquiry.html", form, page=page)
    actions.ask(
        page.group.id,
        form.department_id.data,
        form.question.data,
        form.due_on.data,
        seen(),
        current_user.actor,
        clock.now(),
    )
    say(N_("The department is asked."))
    return redirect(url_for(".group", slug=slug, number=number), 303)


@pages.route("/<slug>/groups/<int:number>/approval", methods=["GET", "POST"])
def decide(slug: str, number: int) -> ResponseReturnValue:
    """A second person approves the answer or sends it back with a note."""
    page = queries.group_page(slug, number, "response.approve", page_number())
    form = NoteForm(posted() if "send_back" in request.form else None)
    sends_back = request.method == "POST" and "send_back" in request.form
    if request.method == "GET" or (sends_back and not form.validate()):
        return form_page("comments/staff/approval.html", form, page=page, outcomes=forms.OUTCOME_WORDS, stages=STAGES)
    if sends_back:
        actions.send_back(page.group.id, form.note.data, seen(), current_user.actor)
        say(N_("The answer is sent back with your note."))
    else:
        actions.approve(page.group.id, seen(), current_user.actor, clock.now())
        say(N_("The answer is approved and does not change any more."))
    return redirect(url_for(".board", slug=slug), 303)
