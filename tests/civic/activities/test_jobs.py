"""The job runner sets the latches no request came to set."""

from datetime import timedelta

import time_machine

from civic.activities.rules import state_of
from civic.activities.states import State
from civic.db import writing
from civic.jobs.child import perform_due
from civic.jobs.queue import enqueue
from tests.factories.gatherings import Desk, gathering


def test_it_opens_and_ends_by_itself_and_leaves_drafts_alone(desk: Desk) -> None:
    made, draft, waiting = desk.scheduled(), desk.draft(), desk.handed_in()
    for day, latches in ((0, (False, False)), (1, (True, False)), (8, (True, True))):
        with time_machine.travel(desk.at + timedelta(days=day, seconds=1), tick=False):
            with writing() as session:
                enqueue(session, "activities.latches", {})
            perform_due()
            now = gathering(made)
            assert (now.opened_at is not None, now.ended_at is not None) == latches
    assert state_of(gathering(draft), desk.after) is State.DRAFT
    assert state_of(gathering(waiting), desk.after) is State.IN_APPROVAL
