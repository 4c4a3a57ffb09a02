"""Publish a report on a question's free texts in the installation that the environment names.

`python -m benchmarks.reporting SURVEY QUESTION SLUG`: closes the survey, analyses, confirms every mask, publishes. Prints
the texts, topics and sentences of the report.
"""

import json
import sys

import sqlalchemy as sa

from analysis.reports.models import Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing.document import findings_of
from analysis.reports.runs import actions as runs
from analysis.reports.runs.queries import latest_done, run_view, texts_of
from civic import clock
from civic.activities import actions as activities
from civic.activities import queries, reviews
from civic.activities.models import Activity
from civic.activities.reviews import Verdict
from civic.app import create_app
from civic.db import db
from civic.identity.models import StaffMember
from civic.jobs.child import perform_due
from tests.cast import Cast, Person
from tests.factories.surveys import actor
from wsgi import FEATURES


def publish(cast: Cast, survey: str, question: str, slug: str) -> dict[str, int]:
    analyst, moderator, approver = actor(cast.analyst), actor(cast.moderator), actor(cast.approver)
    activity = queries.activity_by_slug(survey)
    activities.close(activity.id, actor(cast.editor), clock.now())
    runs.request_run(activity.id, question, analyst)
    perform_due()
    activity = fresh(survey)
    view = run_view(latest_done(activity.id, question)[0])
    texts = [text for text in texts_of(activity) if text.question == question]
    masks = {text.ref: tuple((one[0], one[1]) for one in view.proposed_masks.get(text.ref, ())) for text in texts}
    reviews.review_texts(activity.id, [Verdict(text.ref, text.text, masks[text.ref]) for text in texts], moderator)
    report_id = publishing.create_report(
        analyst, project_id=activity.project_id, slug=slug, title={"ja": "不便さ"}, activity_ids=[activity.id]
    )
    publishing.edit_texts(
        report_id, revision(report_id), analyst, title={"ja": "不便さ"}, lead={"ja": "要点"}, limits={"ja": "限界"}
    )
    publishing.submit(report_id, revision(report_id), analyst)
    publishing.publish(report_id, revision(report_id), approver)
    sentences = findings_of(db.session.get_one(Report, report_id))
    return {"texts": len(texts), "topics": len(view.topics), "sentences": len(sentences)}


def at_work() -> dict[str, Person]:
    """Those of the cast whom the installation has already."""
    return {
        login: Person(login, number)
        for login, number in db.session.execute(sa.select(StaffMember.login, StaffMember.id))
    }


def fresh(survey: str) -> Activity:
    db.session.rollback()
    return queries.activity_by_slug(survey)


def revision(report_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Report, report_id).revision


if __name__ == "__main__":
    app = create_app(features=FEATURES)
    with app.app_context():
        print(json.dumps(publish(Cast(app, at_work()), *sys.argv[1:4])))
