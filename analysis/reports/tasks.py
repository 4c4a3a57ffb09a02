"""What of the reporting room waits for a staff member, and what it shows on other rooms' pages."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from analysis.reports.models import Report, ReportActivity, RunState
from analysis.reports.publishing import queries as publishing
from analysis.reports.runs import queries as runs
from civic.activities.models import Activity
from civic.db import db
from civic.features import Task, TextGroup
from civic.identity import access
from civic.messages import N_, Message

CONFIRM = N_("Confirm masks: %(count)s texts")
READ_RUN = N_("Read the analysis: %(question)s")
PUBLISH = N_("Publish the report")
GONE = N_("A published report rests on %(count)s texts that are not shown any more")


def tasks(account: Any) -> list[Task]:
    """Masks to confirm, analyses to read, reports to publish, reports that lost a source."""
    return [*text_tasks(), *report_tasks()]


def text_tasks() -> list[Task]:
    found: list[Task] = []
    if not (access.may("text.review") or access.may("analysis.run")):
        return found
    for one in runs.overview():
        for row in one.questions:
            asked = row.asked.get("ja", row.question)
            title = f"{one.activity.title['ja']} ・ {asked}"
            place: dict[str, Any] = {"slug": one.activity.slug, "question": row.question}
            if row.reviewed < row.count and access.may("text.review", one.activity.department_id):
                message = Message(CONFIRM, {"count": row.count - row.reviewed})
                found.append(
                    Task(message, title, url_for("analysis_runs.masks", **place), Message(N_("Confirm")), None)
                )
            unread = row.run is not None and row.run.state is RunState.DONE and not row.named
            if unread and access.may("analysis.edit", one.activity.department_id):
                message = Message(READ_RUN, {"question": asked})
                address = url_for("analysis_runs.desk", **place)
                found.append(Task(message, one.activity.title["ja"], address, Message(N_("Read it")), None))
    return found


def report_tasks() -> list[Task]:
    found: list[Task] = []
    if access.may("report.publish"):
        departments = access.departments("report.publish")
        statement = (
            sa.select(Report)
            .options(joinedload(Report.project))
            .where(Report.submitted_at.is_not(None))
            .order_by(Report.id)
        )
        for report in db.session.scalars(statement):
            if departments is None or report.project.department_id in departments:
                address = url_for("analysis_reports.publish", slug=report.slug)
                found.append(Task(Message(PUBLISH), report.title["ja"], address, Message(N_("Look and make public"))))
    if access.may("report.write"):
        for report, gone in publishing.no_longer_shown():
            if access.may("report.write", report.project.department_id):
                address = url_for("analysis_reports.draft", slug=report.slug)
                message = Message(GONE, {"count": gone})
                found.append(Task(message, report.title["ja"], address, Message(N_("Mend the report"))))
    return found


def reports_of(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Published reports about the `activity` of a page, for its results and its receipts; None when there is none."""
    found = publishing.published(residents=True, activity_id=context["activity"].id)
    return {"reports": found} if found else None


def work_on(context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where the staff page of an `activity` leads on to: the analysis of its texts and the reports about it."""
    activity = context["activity"]
    if activity.opened_at is None or not access.may("analysis.read", activity.department_id):
        return None
    statement = (
        sa.select(Report)
        .join(ReportActivity, ReportActivity.report_id == Report.id)
        .where(ReportActivity.activity_id == activity.id)
        .order_by(Report.id)
    )
    return {"activity": activity, "reports": db.session.scalars(statement).all()}


def groups(activity: Activity) -> Sequence[TextGroup]:
    """The topics of the newest finished analyses, offered to other rooms' desks."""
    found: list[TextGroup] = []
    for run in runs.latest_done(activity.id):
        view = runs.run_view(run)
        for topic in view.topics:
            if not topic.residual:
                refs = tuple(view.members(topic.id, place="core"))
                origin = "person" if topic.named else "machine"
                found.append(TextGroup(topic.label, refs, origin, run.parameters["language"]))
    return found
