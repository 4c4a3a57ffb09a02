"""Acts on an activity that ask first: each a page that says what will happen, then one act and one way back.

The page's address carries the revision the person looks at (`?revision=`), so that nobody approves what changed since.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import AnyOf

from civic import clock
from civic.activities import actions, conflicts, desk, forms, queries
from civic.activities.ledger import CROCKFORD, receipt_from
from civic.activities.models import Activity
from civic.activities.refusals import EndNotLater, EndPastPromise, NotReadyToOpen, TooLateToExtend, UnknownReceipt
from civic.activities.rules import state_of
from civic.activities.staff import done, form_page, of_department, pages, posted, say
from civic.activities.states import State
from civic.features import house
from civic.forms import Form
from civic.identity.accounts import Actor
from civic.keys import keys
from civic.messages import N_, Message


@dataclass(frozen=True)
class Confirmed:
    """An act of one button: what its page says, who may do it, and the action. `typed`: it sets a latch for good."""

    name: str
    permission: str
    heading: str
    points: tuple[str, ...]
    button: str
    said: str
    do: Callable[[int, int, Actor, datetime], object]
    danger: bool = False
    typed: bool = False


CONFIRMED: Final = (
    Confirmed(
        "submit",
        "activity.edit",
        N_("Hand in for approval"),
        (
            N_("A second person looks at it and approves it or sends it back."),
            N_("You can still change it; it then comes back to you."),
        ),
        N_("Hand in for approval"),
        N_("It is handed in. A second person approves it."),
        actions.submit,
    ),
    Confirmed(
        "approve",
        "activity.approve",
        N_("Approve"),
        (
            N_("It opens by itself at the start of its period."),
            N_("Once it has opened, what it asks and its rules no longer change."),
        ),
        N_("Approve"),
        N_("It is approved and opens by itself."),
        actions.approve,
    ),
    Confirmed(
        "close",
        "activity.edit",
        N_("Close for good"),
        (
            N_("Paper, counter and other answers can no longer be entered as counted."),
            N_("The counts become final and the result tables are released."),
            N_("This cannot be undone."),
        ),
        N_("Close for good"),
        N_("It is closed. The result tables follow in a few minutes."),
        lambda activity_id, _revision, actor, at: actions.close(activity_id, actor, at),
        danger=True,
        typed=True,
    ),
    Confirmed(
        "publish",
        "activity.approve",
        N_("Publish the city's answer"),
        (
            N_("Everyone reads it on the page, and everyone who left an address gets a mail."),
            N_("The addresses are erased after that."),
            N_("This cannot be undone."),
        ),
        N_("Publish the city's answer"),
        N_("The city's answer is published."),
        actions.publish_answer,
        typed=True,
    ),
    Confirmed(
        "delete",
        "activity.edit",
        N_("Delete this draft"),
        (
            N_("The draft and its questions are deleted."),
            N_("Its address cannot be used again."),
            N_("This cannot be undone."),
        ),
        N_("Delete this draft"),
        N_("The draft is deleted."),
        actions.delete_draft,
        danger=True,
    ),
)


class TypedForm(Form):
    """The four characters of an act that cannot be undone."""

    typed = StringField(_l("The four characters"), filters=[lambda value: receipt_from(value or "")])


def four_characters(act: str, slug: str) -> str:
    """What a person types before `act` on this activity; the page shows it."""
    return "".join(CROCKFORD[byte & 31] for byte in keys().mac("confirm.1", act, slug)[:4])


def confirm(act: Confirmed, slug: str) -> ResponseReturnValue:
    activity = of_department(slug, act.permission)
    endpoint = house().kinds[activity.kind].close_endpoint
    if act.name == "close" and endpoint != actions.COMMON_CLOSE:
        return redirect(url_for(endpoint, slug=slug))
    revision = request.args.get("revision", type=int)
    if revision is None:
        return redirect(url_for(f"desk.{act.name}", slug=slug, revision=activity.revision))
    form = TypedForm(posted())
    characters = four_characters(act.name, slug) if act.typed else None
    if characters:
        form.typed.flags.required = True
        form.typed.validators = [AnyOf([characters], Message(N_("Type the four characters shown above.")))]
    problems: tuple[Message, ...] = ()
    if request.method == "POST" and form.validate():
        try:
            act.do(activity.id, revision, current_user.actor, clock.now())
        except NotReadyToOpen as refusal:
            problems = refusal.problems
        else:
            return redirect_after(act, slug)
    page = render_template(
        "activities/staff/confirm.html",
        act=act,
        activity=activity,
        form=form,
        characters=characters,
        problems=problems,
        page=desk.overview(activity, clock.now()),
    )
    return page, 422 if form.errors or problems else 200


def redirect_after(act: Confirmed, slug: str) -> ResponseReturnValue:
    if act.do is not actions.delete_draft:
        return done(slug, act.said)
    say(act.said)
    return redirect(url_for("desk.activities"), 303)


def add_page(name: str, show: Callable[[str], ResponseReturnValue]) -> None:
    """Give the act `name` its address."""
    pages.add_url_rule(f"/activities/<slug>/{name}", name.replace("-", "_"), show, methods=["GET", "POST"])


def confirm_page_of(act: Confirmed) -> Callable[[str], ResponseReturnValue]:
    def page(slug: str) -> ResponseReturnValue:
        return confirm(act, slug)

    return page


for confirmed in CONFIRMED:
    add_page(confirmed.name, confirm_page_of(confirmed))


@dataclass(frozen=True)
class Asking:
    """An act that asks for words first: its form and how its page reads."""

    name: str
    permission: str
    heading: str
    points: tuple[str, ...]
    button: str
    said: str
    form: type[Form]
    do: Callable[[Activity, Any], object]
    values: Callable[[Activity], Mapping[str, Any]] = lambda activity: {}
    danger: bool = False


def _send_back(activity: Activity, form: Any) -> None:
    actions.send_back(activity.id, form.note.data, _revision(activity), current_user.actor, clock.now())


def _extend(activity: Activity, form: Any) -> None:
    reason = forms.texts(form, "reason")
    actions.propose_period_change(activity.id, "extend", form.new_end.data, reason, current_user.actor, clock.now())


def _stop(activity: Activity, form: Any) -> None:
    reason = forms.texts(form, "reason")
    actions.propose_period_change(activity.id, "stop", None, reason, current_user.actor, clock.now())


def _withdraw(activity: Activity, form: Any) -> None:
    actions.withdraw(activity.id, forms.texts(form, "reason"), current_user.actor, clock.now())


def _write_answer(activity: Activity, form: Any) -> None:
    words = forms.texts(form, "answer")
    actions.write_answer(activity.id, words, _revision(activity), current_user.actor, clock.now())


def _take_back(activity: Activity, form: Any) -> None:
    found = queries.participation(activity.id, receipt_from(form.number.data))
    if found is None:
        raise UnknownReceipt
    conflicts.take_back(found.id, form.reason.data, current_user.actor, clock.now())


def _revision(activity: Activity) -> int:
    return request.form.get("revision", activity.revision, type=int)


ASKING: Final = (
    Asking(
        "send-back",
        "activity.approve",
        N_("Send back with a note"),
        (N_("It becomes a draft again. Its editors see your note."),),
        N_("Send back"),
        N_("It is sent back to its editors."),
        forms.NoteForm,
        _send_back,
    ),
    Asking(
        "extend",
        "activity.edit",
        N_("Propose a longer period"),
        (N_("A second person decides. Then the page shows the new end and your reason."),),
        N_("Propose"),
        N_("The proposal waits for a second person."),
        forms.ExtendForm,
        _extend,
    ),
    Asking(
        "stop",
        "activity.edit",
        N_("Propose to stop now"),
        (
            N_("A second person decides. Then nobody can take part any more, and the page shows your reason."),
            N_("A stop cannot be undone."),
        ),
        N_("Propose"),
        N_("The proposal waits for a second person."),
        forms.ReasonForm,
        _stop,
        danger=True,
    ),
    Asking(
        "withdraw",
        "activity.approve",
        N_("Withdraw"),
        (
            N_("Nobody can take part any more. The page stays, with your reason."),
            N_("Nothing is deleted. This cannot be undone."),
        ),
        N_("Withdraw"),
        N_("It is withdrawn."),
        forms.ReasonForm,
        _withdraw,
        danger=True,
    ),
    Asking(
        "take-back",
        "activity.edit",
        N_("Take one participation back"),
        (
            N_("It no longer counts. The person may take part again."),
            N_("Do this only when the person asks for it. Your reason is recorded."),
        ),
        N_("Take it back"),
        N_("The participation is taken back."),
        forms.TakeBackForm,
        _take_back,
        danger=True,
    ),
    Asking(
        "answer",
        "activity.edit",
        N_("Write the city's answer"),
        (N_("Somebody else publishes it."),),
        N_("Save"),
        N_("The answer is saved. Somebody else publishes it."),
        forms.AnswerForm,
        _write_answer,
        lambda activity: forms.spread("answer", activity.answer),
    ),
)


OF_THE_PERIOD = ("extend", "stop")
OVER = (State.ENDED, State.CLOSED, State.ANSWERED)


def ask(act: Asking, slug: str) -> ResponseReturnValue:
    activity = of_department(slug, act.permission)
    if act.name in OF_THE_PERIOD and request.method == "GET" and state_of(activity, clock.now()) in OVER:
        raise TooLateToExtend
    if act.name == "extend":
        actions.require_movable_end(activity)
    form = act.form(posted(), data=act.values(activity))
    if request.method == "POST" and form.validate():
        try:
            act.do(activity, form)
        except (EndNotLater, EndPastPromise) as refusal:
            form["new_end"].errors = (refusal.message,)
        except UnknownReceipt as refusal:
            form["number"].errors = (refusal.message,)
        else:
            return done(slug, act.said)
    return form_page("activities/staff/ask.html", form, act=act, activity=activity, revision=_revision(activity))


def ask_page_of(act: Asking) -> Callable[[str], ResponseReturnValue]:
    def page(slug: str) -> ResponseReturnValue:
        return ask(act, slug)

    return page


for asking in ASKING:
    add_page(asking.name, ask_page_of(asking))


@pages.route("/activities/<slug>/period/<int:change_id>", methods=["GET", "POST"])
def decide_period(slug: str, change_id: int) -> ResponseReturnValue:
    """A second person decides a proposed change of the period."""
    activity = of_department(slug, "activity.approve")
    change = desk.period_change(activity.id, change_id)
    if request.method == "POST":
        approved = request.form.get("decision") == "yes"
        actions.decide_period_change(change.id, approved, current_user.actor, clock.now())
        return done(slug, N_("The proposal is approved.") if approved else N_("The proposal is declined."))
    people = desk.names(change.proposed_by_id)
    return render_template("activities/staff/period.html", activity=activity, change=change, people=people)


@pages.get("/activities/<slug>/conflicts")
def conflicts_page(slug: str) -> str:
    activity = of_department(slug, "activity.read")
    rows = desk.conflicts(activity.id)
    return render_template("activities/staff/conflicts.html", activity=activity, rows=rows)


@pages.route("/activities/<slug>/conflicts/<receipt>", methods=["GET", "POST"])
def propose_conflict(slug: str, receipt: str) -> ResponseReturnValue:
    """An editor says which of two participations of one person counts, and why."""
    activity = of_department(slug, "activity.edit")
    row = desk.conflict(activity.id, receipt)
    form = forms.ConflictForm(posted())
    if request.method == "GET" or not form.validate():
        return form_page("activities/staff/conflict.html", form, activity=activity, row=row)
    conflicts.propose(row.new.id, form.count_new.data == "yes", form.reason.data, current_user.actor, clock.now())
    return done(slug, N_("The proposal waits for a second person."))


@pages.route("/activities/<slug>/conflicts/<receipt>/decide", methods=["GET", "POST"])
def decide_conflict(slug: str, receipt: str) -> ResponseReturnValue:
    """A second person approves or declines what was proposed."""
    activity = of_department(slug, "activity.approve")
    row = desk.conflict(activity.id, receipt)
    if request.method == "POST":
        approved = request.form.get("decision") == "yes"
        conflicts.decide(row.new.id, approved, current_user.actor, clock.now())
        return done(slug, N_("The proposal is approved.") if approved else N_("The proposal is declined."))
    return render_template("activities/staff/decide_conflict.html", activity=activity, row=row)
