"""今日の仕事: rows of imports that wait for somebody's look."""

from collections.abc import Sequence

from civic.features import Task
from civic.identity.accounts import Account
from civic.intake.tasks import waiting_rows


def tasks(account: Account) -> Sequence[Task]:
    """Surveys with waiting rows, for those who may collect for their department."""
    return waiting_rows("survey", "survey.collect", "survey_collecting.imported")
