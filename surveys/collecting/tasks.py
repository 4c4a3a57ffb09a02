"""今日の仕事: rows of imports that wait for somebody's look."""

from collections.abc import Sequence

from flask import url_for

from civic.features import Task
from civic.identity import access
from civic.identity.accounts import Account
from civic.messages import N_, Message
from surveys.collecting import queries


def tasks(account: Account) -> Sequence[Task]:
    """Surveys with waiting rows, for those who may collect for their department."""
    return [
        Task(
            title=Message(N_("Rows to look at: %(title)s (%(count)s)"), {"title": survey.title, "count": count}),
            detail=survey.department.name["ja"],
            address=url_for("survey_collecting.imported", slug=survey.slug, number=run),
            button=Message(N_("Look at them")),
            department_id=survey.department_id,
        )
        for survey, run, count in queries.waiting_by_survey(access.departments("survey.collect"))
    ]
