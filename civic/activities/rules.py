"""What an activity's times mean, and what it needs before it may open. Pure: no session, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from civic.activities.states import RESIDENT_CHANNELS, Channel, ResultsShow, State
from civic.clock import day_in_japan
from civic.messages import N_, Message

LANGUAGES = ("ja", "ja-easy", "en")


class Times(Protocol):
    """The moments of an activity; `Activity` is one."""

    starts_at: datetime | None
    ends_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None
    answered_at: datetime | None
    withdrawn_at: datetime | None
    submitted_at: datetime | None
    approved_at: datetime | None


def state_of(activity: Times, at: datetime) -> State:
    """The state a page shows at `at` (UTC): from the latches first, from the clock only where no latch speaks."""
    if activity.withdrawn_at is not None:
        return State.WITHDRAWN
    if activity.answered_at is not None:
        return State.ANSWERED
    if activity.closed_at is not None:
        return State.CLOSED
    if activity.ended_at is not None:
        return State.ENDED
    if activity.opened_at is not None or (activity.approved_at is not None and _has_come(activity.starts_at, at)):
        return State.ENDED if _has_come(activity.ends_at, at) else State.OPEN
    if activity.approved_at is not None:
        return State.SCHEDULED
    return State.IN_APPROVAL if activity.submitted_at is not None else State.DRAFT


def _has_come(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at


@dataclass(frozen=True)
class DueLatches:
    """Which latches the clock says are due and not yet set."""

    open: bool
    end: bool

    def __bool__(self) -> bool:
        return self.open or self.end


def due_latches(activity: Times, at: datetime) -> DueLatches:
    """The latches the first writing transaction at `at` must set. A latch once set is never due again."""
    if activity.withdrawn_at is not None or activity.approved_at is None:
        return DueLatches(False, False)
    opens = activity.opened_at is None and _has_come(activity.starts_at, at)
    ends = activity.ended_at is None and (opens or activity.opened_at is not None) and _has_come(activity.ends_at, at)
    return DueLatches(opens, ends)


def accepts(activity: Times, channel: Channel) -> bool:
    """Whether a participation by `channel` counts now, by the latches alone (set the due ones first).

    Residents' own channels stop with `ended_at`; staff key what arrived in time until `closed_at`.
    """
    if activity.opened_at is None or activity.withdrawn_at is not None:
        return False
    return (activity.ended_at if channel in RESIDENT_CHANNELS else activity.closed_at) is None


def last_moment(activity: Times) -> datetime | None:
    """When residents' channels stop or stopped: the announced end, or an emergency stop before it."""
    moments = [moment for moment in (activity.ends_at, activity.ended_at) if moment is not None]
    return min(moments, default=None)


def last_day(end: datetime) -> date:
    """The last day (in Japan) of a period that ends at that moment; at 0:00 it ended with the day before (民法141条)."""
    return day_in_japan(end - timedelta(microseconds=1))


def arrived_in_time(activity: Times, arrived_on: date | None) -> bool:
    """Whether what a staff channel received on that day (in Japan) is within the period; unknown days are."""
    end = last_moment(activity)
    return arrived_on is None or end is None or arrived_on <= last_day(end)


class Showing(Times, Protocol):
    """An activity's times and when its results show; `Activity` is one."""

    results_show: ResultsShow


def shows_results(activity: Showing, at: datetime) -> bool:
    """Whether everybody may see released figures at `at`."""
    state = state_of(activity, at)
    if activity.results_show is ResultsShow.LIVE and state in (State.OPEN, State.ENDED):
        return True
    return activity.results_show is not ResultsShow.NEVER and state in (State.CLOSED, State.ANSWERED)


class Opening(Times, Protocol):
    """What must be told to people before anything is asked of them; `Activity` is one."""

    title: dict[str, str]
    summary: dict[str, str]
    background: dict[str, str]
    eligibility: dict[str, str]
    purpose: dict[str, str]
    use_of_result: dict[str, str]
    other_ways: dict[str, str]
    contact: dict[str, str]
    retention_until: date | None
    answer_due: date | None
    channels: list[str]


NEEDED_TEXTS: Mapping[str, str] = {
    "title": N_("The title is missing."),
    "summary": N_("The summary is missing."),
    "background": N_("Who asks and why is missing."),
    "eligibility": N_("Who may take part is missing."),
    "purpose": N_("The purpose of use of personal information is missing."),
    "use_of_result": N_("What will be done with the result is missing."),
    "contact": N_("The contact is missing."),
}
OPTIONAL_TEXTS = ("other_ways",)


def opening_problems(activity: Opening, at: datetime) -> Sequence[Message]:
    """What still stands between the activity and its approval, beside what its kind asks for.

    The purpose of use is shown before anything is asked (個人情報の保護に関する法律 62条).
    """
    problems = [
        sentence for name, sentence in NEEDED_TEXTS.items() if not getattr(activity, name).get("ja", "").strip()
    ]
    if activity.starts_at is None or activity.ends_at is None:
        problems.append(N_("The period is missing."))
    elif activity.ends_at <= at:
        problems.append(N_("The end of the period is past."))
    if activity.retention_until is None:
        problems.append(N_("The day on which the answers are erased is missing."))
    elif activity.ends_at is not None and activity.retention_until <= day_in_japan(activity.ends_at):
        problems.append(N_("The answers would be erased before the period ends."))
    if activity.answer_due is None:
        problems.append(N_("The day of the city's answer is missing."))
    elif activity.ends_at is not None and activity.answer_due <= day_in_japan(activity.ends_at):
        problems.append(N_("The day of the city's answer is before the end of the period."))
    if not activity.channels:
        problems.append(N_("No way to take part is chosen."))
    return [Message(sentence) for sentence in problems]


def ends_before_promises(activity: Opening, end: datetime) -> bool:
    """Whether a period that ends at `end` leaves both the city's answer and the erasure for a later day."""
    promised = (activity.answer_due, activity.retention_until)
    return all(day is None or day_in_japan(end) < day for day in promised)


def missing_texts(activity: Opening) -> list[tuple[str, str]]:
    """(field, language) of every text that stands in Japanese but not in that language."""
    return [
        (name, language)
        for name in (*NEEDED_TEXTS, *OPTIONAL_TEXTS)
        for language in LANGUAGES
        if getattr(activity, name).get("ja", "").strip() and not getattr(activity, name).get(language, "").strip()
    ]
