"""What of all consultations waits for a staff member."""

from collections.abc import Sequence

from civic.features import Task
from civic.identity.accounts import Account
from consultations.comments.answering import tasks as answering
from consultations.comments.collecting import tasks as collecting
from consultations.comments.desk import tasks as desk

PARTS = (collecting, desk, answering)


def tasks(account: Account) -> Sequence[Task]:
    """The tasks of every part of this room."""
    return [task for part in PARTS for task in part.tasks(account)]
