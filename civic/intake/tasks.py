"""今日の仕事: rows of imports that wait for somebody's look."""

from collections.abc import Sequence

from flask import url_for

from civic.features import Task
from civic.identity import access
from civic.intake import queries
from civic.messages import N_, Message


def waiting_rows(kind: str, permission: str, endpoint: str) -> Sequence[Task]:
    """Activities of a kind with waiting rows, for those who hold `permission`; `endpoint` shows one import."""
    return [
        Task(
            title=Message(N_("Rows to look at: %(title)s (%(count)s)"), {"title": activity.title, "count": count}),
            detail=activity.department.name["ja"],
            address=url_for(endpoint, slug=activity.slug, number=run),
            button=Message(N_("Look at them")),
            department_id=activity.department_id,
        )
        for activity, run, count in queries.waiting_by_activity(kind, access.departments(permission))
    ]
