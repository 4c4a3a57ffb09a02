"""A report that is published at the moment one of its texts is hidden, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from analysis.reports.models import Edition, Finding, Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing import checking
from analysis.reports.refusals import PublicationRefused
from civic.activities.models import TextReview
from civic.db import db, writing
from tests.cast import Cast
from tests.civic.jobs.test_kills import wait_for
from tests.factories.surveys import actor
from tests.postgres.test_analysis_runs import SOMEBODY_WAITS
from tests.reports.test_runs_and_reports import confirm_all, draft_report, run_done, slug

__all__ = ["slug"]


@pytest.fixture
def report(cast: Cast, slug: str) -> Report:
    """A report handed in, against which nothing stands."""
    run_done(cast, slug)
    confirm_all(cast, slug)
    made = draft_report(cast, slug)
    publishing.submit(made.id, made.revision, actor(cast.analyst))
    db.session.rollback()
    return db.session.get_one(Report, made.id)


def test_a_text_hidden_between_the_check_and_the_publication_is_found(app: Flask, cast: Cast, report: Report) -> None:
    report_id, revision = report.id, report.revision
    found: list[set[str]] = []

    def publish() -> None:
        with app.app_context():
            try:
                publishing.publish(report_id, revision, actor(cast.approver))
            except PublicationRefused as refused:
                found.append({problem.msgid for problem in refused.problems})
            finally:
                db.session.close()

    with ThreadPoolExecutor(1) as threads:
        with writing() as session:
            session.get(Report, report_id, with_for_update=True)  # the check is done, the publication waits here
            published = threads.submit(publish)
            wait_for(lambda: bool(session.scalar(SOMEBODY_WAITS)))
            ref = session.scalars(sa.select(Finding.sources).where(Finding.kind == "quote")).first()[0]
            review = session.scalars(sa.select(TextReview).where(TextReview.ref == ref)).one()
            review.hidden_reason = "個人が分かるため"
        published.result()
    assert checking.SOURCE_STATE["hidden"] in found[0]
    assert db.session.scalars(sa.select(Edition)).all() == []
