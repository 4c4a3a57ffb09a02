"""A report may cover a consultation: it is written, published and read like one about a survey."""

import pytest
from flask.testing import FlaskClient

from analysis.reports.models import Report
from analysis.reports.publishing import actions as reports
from civic.db import db
from civic.jobs.child import perform_due
from consultations.comments.models import Consultation
from consultations.comments.sources import ref_of
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens


@pytest.fixture
def answered(cast: Cast) -> Consultation:
    made = make.answered_consultation(cast, slug="plan")
    perform_due()
    db.session.rollback()
    return made


def published_report(cast: Cast, consultation: Consultation) -> None:
    analyst = actor(cast.analyst)
    first = make.comments_of(consultation)[0]
    report = reports.create_report(
        analyst,
        project_id=consultation.project_id,
        slug="about-buses",
        title=text("バスについての報告"),
        activity_ids=[consultation.id],
    )
    sources = [ref_of(consultation.slug, first.id)]
    sentence = text("最終バスの時刻についての意見がありました。")
    reports.add_sentence(report, 1, analyst, sentence=sentence, sources=sources, run_id=None, topic=None)
    reports.submit(report, revision(report), analyst)
    reports.publish(report, revision(report), actor(cast.approver))


def revision(report_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Report, report_id).revision


def test_council_and_residents_read_it_with_its_numbers(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    published_report(cast, answered)
    page = opens(client, "/reports/about-buses")
    assert "最終バスの時刻についての意見がありました。" in page.text
    assert "最終バスを遅くしてください。停留所に屋根もほしいです。" in page.text
    captions = [one.get_text() for one in page.html.select("figcaption")]
    assert "意見をどう扱ったか(意見の件数)" in captions
    assert "意見の受付経路" in captions
    assert "回答 4件" in page.text
    assert opens(cast.client(cast.council_member), "/council/reports/about-buses").status == 200
    assert "items_by_outcome" in client.get("/reports/about-buses/tables.csv").get_data(True)


def test_before_the_answer_it_says_that_no_figure_is_released(cast: Cast, client: FlaskClient) -> None:
    made = make.ended_with(cast, make.OPINIONS, slug="plan")
    make.confirm_all(made, cast)
    perform_due()
    published_report(cast, made)
    page = opens(client, "/reports/about-buses")
    assert "まだ公表した件数がありません" in page.text
    assert page.html.select("figcaption") == []
