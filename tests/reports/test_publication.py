"""What stands against publishing a report: each reason by itself, and the check that finds it."""

import pytest
import sqlalchemy as sa

from analysis.reports.models import Finding, Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing import checking
from analysis.reports.refusals import PublicationRefused
from analysis.reports.runs.queries import texts_of
from civic.activities import reviews
from civic.activities.models import Participation
from civic.activities.queries import activity_by_slug
from civic.activities.states import ParticipationState
from civic.db import db, writing
from civic.opendata.models import Release
from surveys.models import FreeText, Response
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.reports.test_runs_and_reports import confirm_all, draft_report, run_done, slug

__all__ = ["slug"]


@pytest.fixture
def report(cast: Cast, slug: str) -> Report:
    """A draft against which nothing stands."""
    run_done(cast, slug)
    confirm_all(cast, slug)
    made = draft_report(cast, slug)
    assert problems_of(cast, made) == set()
    return made


def problems_of(cast: Cast, report: Report) -> set[str]:
    """The sentences, untranslated, with which handing the draft in is refused; none when it is taken."""
    report_id = report.id
    db.session.rollback()
    try:
        publishing.submit(report_id, db.session.get_one(Report, report_id).revision, actor(cast.analyst))
    except PublicationRefused as refused:
        return {problem.msgid for problem in refused.problems}
    return set()


def quoted_ref(report: Report) -> str:
    quote = sa.select(Finding.sources).where(Finding.report_id == report.id, Finding.kind == "quote")
    return str(db.session.scalars(quote).first()[0])


def test_a_report_is_not_published_before_its_figures_are_released(cast: Cast, report: Report) -> None:
    """Else its edition would say for ever that too few people answered."""
    with writing() as session:
        session.execute(sa.delete(Release))
    assert problems_of(cast, report) == {checking.NOT_RELEASED}


def test_a_sentence_whose_text_is_gone_is_found(cast: Cast, report: Report) -> None:
    number = int(quoted_ref(report).rpartition(":")[2])
    with writing() as session:
        session.execute(sa.delete(FreeText).where(FreeText.id == number))
    assert checking.SOURCE_STATE["missing"] in problems_of(cast, report)


def test_a_sentence_whose_text_was_hidden_is_found(cast: Cast, report: Report) -> None:
    ref, slug = quoted_ref(report), "playgrounds"
    text = next(text for text in texts_of(activity_by_slug(slug)) if text.ref == ref)
    verdict = reviews.Verdict(ref, text.text, (), "個人が分かるため")
    reviews.review_texts(activity_by_slug(slug).id, [verdict], actor(cast.moderator))
    assert checking.SOURCE_STATE["hidden"] in problems_of(cast, report)


def test_a_sentence_whose_text_was_withdrawn_is_found(cast: Cast, report: Report) -> None:
    number = int(quoted_ref(report).rpartition(":")[2])
    with writing() as session:
        response = session.get_one(Response, session.get_one(FreeText, number).response_id)
        session.get_one(Participation, response.participation_id).state = ParticipationState.WITHDRAWN
    assert checking.SOURCE_STATE["withdrawn"] in problems_of(cast, report)


def test_a_quote_of_masked_words_is_found(cast: Cast, report: Report) -> None:
    ref, slug = quoted_ref(report), "playgrounds"
    text = next(text for text in texts_of(activity_by_slug(slug)) if text.ref == ref)
    reviews.review_texts(
        activity_by_slug(slug).id, [reviews.Verdict(ref, text.text, ((0, len(text.text)),))], actor(cast.moderator)
    )
    assert problems_of(cast, report) == {checking.NOT_TRUE}


def test_without_the_guard_masked_words_would_be_handed_in(
    cast: Cast, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard taken away: were it not for it, nothing else would find the quote."""
    test_a_quote_of_masked_words_is_found(cast, report)
    monkeypatch.setattr("analysis.evidence.checking.why_it_fails", lambda sentence, facts: None)
    assert problems_of(cast, report) == set()


def test_a_sentence_without_a_source_is_found(cast: Cast, report: Report) -> None:
    with writing() as session:
        session.scalars(sa.select(Finding)).first().sources = []
    assert problems_of(cast, report) == {checking.NO_SOURCE}


def test_an_empty_report_is_not_published(cast: Cast, report: Report) -> None:
    with writing() as session:
        session.execute(sa.update(Finding).values(left_out=True))
    assert problems_of(cast, report) == {checking.NOTHING}
