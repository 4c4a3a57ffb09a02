"""今日の仕事: what in this room waits for the signed-in member of staff, by what she may do where."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import url_for

from civic import clock
from civic.activities import desk, rules
from civic.activities.desk import Listed
from civic.activities.models import Activity
from civic.activities.states import State
from civic.features import Task, house
from civic.identity import access
from civic.identity.accounts import Account
from civic.messages import N_, Message


def tasks(account: Account) -> Sequence[Task]:
    """Approvals, period changes, conflicts, closings and answers that wait for `account`."""
    at = clock.now()
    listed = desk.activities(access.departments("activity.read"), at)
    return [
        *(task for one in listed for task in _for_editor(one) if _may("activity.edit", one.activity)),
        *(task for one in listed for task in _for_approver(one, account) if _may("activity.approve", one.activity)),
        *_period_changes(account),
        *_conflicts([one for one in listed if one.state in (State.OPEN, State.ENDED)], account),
    ]


def _may(permission: str, activity: Activity) -> bool:
    return access.may(permission, activity.department_id)


def _task(
    sentence: str, activity: Activity, endpoint: str, button: str, due: date | None = None, **values: Any
) -> Task:
    return Task(
        title=Message(sentence, {"title": activity.title}),
        detail=activity.department.name["ja"],
        address=url_for(endpoint, slug=activity.slug, **values),
        button=Message(button),
        due=due,
        department_id=activity.department_id,
    )


def _due(one: Listed) -> date | None:
    """By when what stands in the way of the count should be done: the end of the period, after it the city's answer."""
    ends = one.activity.ends_at
    return rules.last_day(ends) if one.state is State.OPEN and ends else one.activity.answer_due


def _for_editor(one: Listed) -> Iterator[Task]:
    activity = one.activity
    if one.state is State.DRAFT and activity.returned_note:
        yield _task(N_("Returned: %(title)s"), activity, "desk.overview", N_("Read the note"))
    if one.state is State.ENDED:
        closing = house().kinds[activity.kind].close_endpoint
        yield _task(N_("Close: %(title)s"), activity, closing, N_("Look and close"), _due(one))
    if one.state is State.CLOSED and not activity.answer:
        yield _task(
            N_("Write the city's answer: %(title)s"), activity, "desk.answer", N_("Write it"), activity.answer_due
        )


def _for_approver(one: Listed, account: Account) -> Iterator[Task]:
    activity = one.activity
    opens = activity.starts_at and clock.day_in_japan(activity.starts_at)
    if one.state is State.IN_APPROVAL and account.id not in (activity.author_id, activity.last_editor_id):
        yield _task(N_("Approve: %(title)s"), activity, "desk.approve", N_("Look and approve"), opens)
    if one.state is State.CLOSED and activity.answer and account.id != activity.last_editor_id:
        yield _task(
            N_("Publish the city's answer: %(title)s"),
            activity,
            "desk.publish",
            N_("Look and publish"),
            activity.answer_due,
        )


def _period_changes(account: Account) -> Iterator[Task]:
    for change in desk.pending_changes(access.departments("activity.approve")):
        if change.proposed_by_id != account.id:
            ends = change.activity.ends_at
            yield _task(
                _CHANGES[change.act],
                change.activity,
                "desk.decide_period",
                N_("Look and decide"),
                rules.last_day(ends) if ends else None,
                change_id=change.id,
            )


_CHANGES = {
    "extend": N_("A longer period is proposed: %(title)s"),
    "stop": N_("An early stop is proposed: %(title)s"),
}


def _conflicts(running: Sequence[Listed], account: Account) -> Iterator[Task]:
    """Double participations for who can do the next step: an editor proposes, another person decides."""
    waiting = desk.conflicts_by_activity(one.activity.id for one in running)
    proposers = desk.proposers_by_activity(waiting)
    for one in running:
        proposed = proposers.get(one.activity.id, [])
        to_propose = waiting.get(one.activity.id, 0) > len(proposed) and _may("activity.edit", one.activity)
        to_decide = any(by != account.id for by in proposed) and _may("activity.approve", one.activity)
        if to_propose or to_decide:
            sentence = N_("Double participations: %(title)s")
            yield _task(sentence, one.activity, "desk.conflicts_page", N_("Look at them"), _due(one))
