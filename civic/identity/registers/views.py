"""Entering the posted code of a register, for one activity."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic import eras, limits
from civic.activities.models import Activity
from civic.activities.queries import activity_by_slug
from civic.activities.states import Subject
from civic.identity import actions, codes, kept, sessions
from civic.identity.forms import RegisterCodeForm, fault
from civic.identity.refusals import EntryLinkedElsewhere, EntryNotFound
from civic.identity.registers import queries
from civic.identity.sessions import Entered
from civic.limits import TooManyTries
from civic.messages import N_, Message
from civic.refusals import NotFound

pages = Blueprint("register_code", __name__)
PARTS = ("year", "month", "day")


@pages.route("/code/<slug>", methods=["GET", "POST"])
def enter(slug: str) -> ResponseReturnValue:
    """Code, and date of birth where the register has one; then on to `next`, or back to the form that is carried."""
    activity = activity_by_slug(slug)
    if activity.subject is not Subject.REGISTER or activity.register_id is None or activity.approved_at is None:
        raise NotFound
    form = RegisterCodeForm(request.form)
    wants_birth_date = queries.asks_birth_date(activity.register_id)
    born = eras.day(*typed_date().values())
    if request.method == "GET":
        return page(activity, form, wants_birth_date)
    complete = form.validate()
    if wants_birth_date and born is None:
        sentence = Message(N_("Enter your date of birth, for example 1980 4 1."))
        return page(activity, form, wants_birth_date, sentence), 422
    if not complete:
        return page(activity, form, wants_birth_date), 422
    try:
        entry = entry_with(activity.register_id, form.code.data, born)
    except (EntryNotFound, TooManyTries) as refusal:
        fault(form.code, refusal.message)
        return page(activity, form, wants_birth_date), refusal.status, refusal.headers
    if form.link.data and current_user.is_authenticated and current_user.kind == "resident":
        try:
            actions.link_entry(current_user, entry.entry_id)
        except EntryLinkedElsewhere as refusal:
            fault(form.link, refusal.message)
            return page(activity, form, wants_birth_date), 422
    sessions.enter_register(activity.register_id, entry)
    carried = kept.opened(request.form.get("kept"))
    if carried is not None and carried.entry in (None, entry.entry_id):
        return redirect(carried.address, 307)  # the browser takes along what it carries (see kept.brought_back)
    return redirect(kept.own_address(request.args.get("next")) or "/", 303)


def enter_again(activity: Activity, rows: Sequence[Mapping[str, object]]) -> ResponseReturnValue:
    """The answer to a form whose code is asked for again: with the code it comes back as it was typed.

    `rows` show what was typed, as the macro `summary_list` takes them.
    """
    assert activity.register_id is not None
    carried = kept.sealed(kept.posted(sessions.last_entry(activity.register_id)))
    here = url_for("register_code.enter", slug=activity.slug, next=kept.page_before() or kept.here())
    shown = render_template(
        "identity/register_code.html",
        activity=activity,
        form=RegisterCodeForm(),
        wants_birth_date=queries.asks_birth_date(activity.register_id),
        typed=dict.fromkeys(PARTS, ""),
        kept=carried,
        rows=rows,
        here=here,
    )
    return shown, 401, {"Cache-Control": "no-store"}


def entry_with(register_id: int, code: str, born: date | None) -> Entered:
    """The entry of a code that was typed; raises EntryNotFound and TooManyTries."""
    attempt = limits.failures("code", codes.code_from(code))
    entry = queries.entry_by_code(register_id, code, born)
    if entry is None:
        raise EntryNotFound
    attempt.succeeded()
    return entry


def page(activity: Activity, form: RegisterCodeForm, wants_birth_date: bool, wrong_date: Message | None = None) -> str:
    """The form with all that was typed; `wrong_date` is the sentence beside the date of birth."""
    return render_template(
        "identity/register_code.html",
        activity=activity,
        form=form,
        wants_birth_date=wants_birth_date,
        wrong_date=wrong_date,
        typed=typed_date(),
        kept=request.form.get("kept"),
    )


def typed_date() -> dict[str, str]:
    """The parts of the date of birth as they were sent; a part that came twice shows both, and is no number."""
    return {part: " / ".join(request.form.getlist(f"birth_date.{part}")) for part in PARTS}
