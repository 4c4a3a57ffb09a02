"""The desk, the masks, the draft and the publish page, as the staff who work there see them."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from analysis.reports.models import Finding, Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.runs import actions as runs
from analysis.reports.runs.queries import texts_of
from civic.activities.models import TextReview
from civic.activities.queries import activity_by_slug
from civic.db import db, writing
from civic.jobs.child import perform_due
from tests.cast import Cast
from tests.factories.surveys import actor, fill, make_survey
from tests.pages import opens
from tests.reports.test_runs_and_reports import confirm_all, draft_report, english, run_done, slug

__all__ = ["slug"]
PERSONAL = "担当の佐藤さんに電話 0776-00-1234 で聞きました。"


@pytest.fixture
def draft(cast: Cast, slug: str) -> Report:
    run_done(cast, slug)
    confirm_all(cast, slug)
    return draft_report(cast, slug)


def test_where_the_machine_marked_words_a_person_decides(cast: Cast) -> None:
    survey = make_survey(cast, slug="marked")
    fill(survey, [{"message": {"text": PERSONAL}}, {"message": {"text": "日かげがほしいです。"}}])
    runs.request_run(survey.id, "message", actor(cast.analyst))
    perform_due()
    address = "/staff/analysis/marked/message/masks"
    page = opens(english(cast.client(cast.moderator)), address)
    ref = next(text.ref for text in texts_of(activity_by_slug("marked")) if text.text == PERSONAL)
    choices = page.html.find_all("input", {"name": f"choice.{ref}"})
    assert not any(choice.has_attr("checked") for choice in choices)
    assert "survey:marked" not in page.html.find("main").get_text()
    after = page.press("Confirm these 2 texts")
    assert "Confirmed: 1 texts." in after.text
    assert "1 texts with marked words still wait" in after.text
    assert db.session.scalar(sa.select(sa.func.count()).where(TextReview.ref == ref)) == 0
    decided = opens(english(cast.client(cast.moderator)), address).press(
        "Confirm this 1 text", **{f"choice.{ref}": "show"}
    )
    assert "All texts are confirmed" in decided.text
    spans = db.session.scalars(sa.select(TextReview.spans).where(TextReview.ref == ref)).one()
    assert [PERSONAL[start:end] for start, end in spans] == ["佐藤", "0776-00-1234"]


def test_the_masks_page_asks_as_often_for_many_texts_as_for_few(cast: Cast) -> None:
    survey = make_survey(cast, slug="many")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cur, text, *more: statements.append(text))
    client = english(cast.client(cast.moderator))
    counted = []
    for more in (3, 500):
        fill(survey, [{"message": {"text": f"{more}件のうちの意見{one}"}} for one in range(more)])
        opens(client, "/staff/analysis/many/message/masks")
        statements.clear()
        opens(client, "/staff/analysis/many/message/masks")
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_a_sentence_is_added_by_the_numbers_the_desk_shows(cast: Cast, slug: str, draft: Report) -> None:
    client = cast.client(cast.analyst)
    client.set_cookie("language", "ja")
    desk = opens(client, f"/staff/analysis/{slug}/message")
    assert f"survey:{slug}" not in desk.html.find("main").get_text()
    text = texts_of(activity_by_slug(slug))[0]
    assert f"意見{text.shown_number} ・ ウェブ" in desk.text.replace("意見 ", "意見")
    page = opens(client, "/staff/reports/report")
    saved = page.press("文を足す", sentence_ja="日かげを求めています。", sources=f"意見{text.shown_number}\n{text.ref}")
    assert saved.status == 200
    own = db.session.scalars(sa.select(Finding).where(Finding.kind == "person")).one()
    assert own.sources == [text.ref, text.ref]
    wrong = opens(client, "/staff/reports/report").press("文を足す", sentence_ja="文", sources="意見99999")
    assert wrong.status == 422


def test_the_draft_stands_by_topics(cast: Cast, slug: str, draft: Report) -> None:
    page = opens(english(cast.client(cast.analyst)), "/staff/reports/report")
    headings = [" ".join(heading.get_text(" ").split()) for heading in page.html.select("h3[id^=topic]")]
    assert len(headings) > 1
    assert len(set(headings)) == len(headings)


def test_the_second_person_sees_what_stands_against_it_reads_it_and_gives_it_back(
    cast: Cast, slug: str, draft: Report
) -> None:
    publishing.submit(draft.id, draft.revision, actor(cast.analyst))
    client = english(cast.client(cast.approver))
    page = opens(client, "/staff/reports/report/publish")
    assert "Every sentence follows from confirmed comments" in page.text
    assert page.follow("See it as readers will").status == 200
    assert page.follow("Open the draft with its sources").status == 200
    with writing() as session:
        session.execute(sa.delete(TextReview))
    assert "stand against it" in opens(client, "/staff/reports/report/publish").text
    assert "Given back to its author." in page.press("Give it back").text
    db.session.rollback()
    assert db.session.get_one(Report, draft.id).submitted_at is None


def test_tasks_and_the_page_of_the_activity_lead_here_in_the_words_of_the_question(
    cast: Cast, slug: str, draft: Report
) -> None:
    client = cast.client(cast.analyst)
    client.set_cookie("language", "ja")
    asked = "遊び場について、市に伝えたいことを書いてください"
    assert f"分析を読む: {asked}" in opens(client, "/staff/").text
    page = opens(client, f"/staff/activities/{slug}")
    assert page.follow("報告書: 報告書").status == 200
    assert page.follow("分析と伏せ字の確認").html.find(id=f"about-{slug}") is not None
