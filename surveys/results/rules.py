"""When residents see results (結果の公表): fixed at opening as never, after the close, or live. Pure."""

from datetime import datetime
from typing import Protocol

from civic.activities.rules import Times, state_of
from civic.activities.states import ResultsShow, State


class Shown(Times, Protocol):
    """What the rule asks of an activity; `Survey` is one."""

    results_show: ResultsShow


def results_may_show(activity: Shown, at: datetime) -> bool:
    """Whether residents may see what was released of this survey at `at`. A withdrawn survey shows none."""
    state = state_of(activity, at)
    if activity.results_show is ResultsShow.LIVE:
        return state in (State.OPEN, State.ENDED, State.CLOSED, State.ANSWERED)
    return activity.results_show is ResultsShow.AFTER_CLOSE and state in (State.CLOSED, State.ANSWERED)
