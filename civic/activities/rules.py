"""What an activity's times mean. Pure: no session, no clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from civic.activities.states import RESIDENT_CHANNELS, Channel, State


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
