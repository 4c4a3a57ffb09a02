"""今日の仕事: rows of tables of comments that wait for somebody's look."""

from collections.abc import Sequence

from civic.features import Task
from civic.identity.accounts import Account
from civic.intake.tasks import waiting_rows


def tasks(account: Account) -> Sequence[Task]:
    """Consultations with waiting rows, for those who may collect for their department."""
    return waiting_rows("consultation", "consultation.collect", "consultations_collecting.imported")
