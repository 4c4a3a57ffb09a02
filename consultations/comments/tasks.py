"""What of all consultations waits for a staff member."""

from collections.abc import Sequence

from civic.features import Task
from civic.identity.accounts import Account
from consultations.comments.answering import tasks as answering

PARTS = (answering,)


def tasks(account: Account) -> Sequence[Task]:
    """The tasks of every part of this room."""
    return [task for part in PARTS for task in part.tasks(account)]
