"""A published report as it is read: what was taken back, in whose language, under which topic, before and after the embargo."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from analysis.reports.models import Edition, Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing.queries import ReadableReport
from analysis.reports.runs.queries import texts_of
from civic import clock
from civic.activities import reviews
from civic.activities.queries import activity_by_slug
from civic.db import db, writing
from civic.features import Source
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.pages import opens
from tests.reports.test_runs_and_reports import confirm_all, draft_report, english, publish, run_done, slug

__all__ = ["slug"]
OWN = "二人が日かげを求めています。"


@pytest.fixture
def refs(cast: Cast, slug: str) -> list[str]:
    """A published report in which a person's own sentence rests on these two texts; one of them is quoted too."""
    run_done(cast, slug)
    confirm_all(cast, slug)
    report = draft_report(cast, slug)
    refs = [text.ref for text in texts_of(activity_by_slug(slug))][:2]
    publishing.add_sentence(
        report.id, report.revision, actor(cast.analyst), sentence={"ja": OWN}, sources=refs, run_id=None, topic=None
    )
    db.session.rollback()
    publish(cast, db.session.get_one(Report, report.id))
    return refs


def hide(cast: Cast, slug: str, ref: str) -> None:
    text = next(text for text in texts_of(activity_by_slug(slug)) if text.ref == ref)
    verdict = reviews.Verdict(ref, text.text, (), "個人が分かるため")
    reviews.review_texts(activity_by_slug(slug).id, [verdict], actor(cast.moderator))


def test_a_persons_sentence_is_taken_back_with_any_of_its_comments_and_says_when(
    cast: Cast, slug: str, refs: list[str]
) -> None:
    assert OWN in opens(cast.client(), "/reports/report").text
    hide(cast, slug, refs[1])
    page = opens(cast.client(), "/reports/report").text
    today = clock.today()
    assert OWN not in page
    assert f"この文は、{today.month}月{today.day}日" in page.replace(" ", "")
    assert "取り下げられました" in page


def test_a_figure_stays_and_says_that_it_counts_comments_taken_back(cast: Cast, slug: str, refs: list[str]) -> None:
    before = opens(english(cast.client()), "/reports/report").text
    assert "Some of these comments were taken back" not in before
    hide(cast, slug, refs[0])
    assert "(Some of these comments were taken back later.)" in opens(english(cast.client()), "/reports/report").text


def test_the_file_of_a_report_holds_no_sentence_that_was_taken_back(cast: Cast, slug: str, refs: list[str]) -> None:
    whole = cast.client().get("/reports/report/report.json").get_json()
    assert "taken_back" not in whole
    hide(cast, slug, refs[1])
    now = cast.client().get("/reports/report/report.json").get_json()
    assert OWN not in json.dumps(now, ensure_ascii=False)
    assert 1 in now["taken_back"]
    kept = db.session.scalars(sa.select(Edition.document)).one()
    assert OWN in json.dumps(kept, ensure_ascii=False)  # what was published stays what it was


@pytest.mark.parametrize(("language", "total", "hidden"), [("ja", "合計", "秘匿"), ("en", "Total", "Suppressed")])
def test_the_table_file_speaks_the_readers_language(
    cast: Cast, refs: list[str], language: str, total: str, hidden: str
) -> None:
    client = cast.client(cast.council_member)
    client.set_cookie("language", language)
    text = client.get("/council/reports/report/tables.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert total in {row["category"] for row in rows}
    assert {row["note"] for row in rows} <= {"", hidden}


def test_residents_words_carry_their_language_in_an_english_report(cast: Cast, refs: list[str]) -> None:
    page = opens(english(cast.client()), "/reports/report")
    assert "Comments are shown as written, in Japanese." in page.text
    assert page.html.select(".voice, .points [lang=ja]")
    assert all(voice["lang"] == "ja" for voice in page.html.select(".voice"))
    for heading in page.html.select("section[aria-labelledby^=t1-] > h3"):
        assert heading.select_one("[lang=ja]")


def test_the_appendix_has_a_heading_on_paper_for_every_source(cast: Cast, refs: list[str]) -> None:
    page = opens(english(cast.client()), "/reports/report")
    for place in page.html.select("[id^=src-]"):
        heading = place.select_one("h3.print-only")
        assert heading is not None
        assert f"Source {place['id'].removeprefix('src-')} " in heading.get_text(" ")


def test_the_appendix_has_every_comment_a_sentence_rests_on(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    report = draft_report(cast, slug)
    refs = [text.ref for text in texts_of(activity_by_slug(slug))]
    assert len(refs) > 20
    publishing.add_sentence(
        report.id, report.revision, actor(cast.analyst), sentence={"ja": OWN}, sources=refs, run_id=None, topic=None
    )
    db.session.rollback()
    publish(cast, db.session.get_one(Report, report.id))
    assert len(opens(cast.client(), "/reports/report").html.select("#src-1 li")) == len(refs)


def test_before_the_embargo_ends_nothing_says_that_the_report_is_public(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    report = draft_report(cast, slug)
    publishing.submit(report.id, report.revision, actor(cast.analyst))
    db.session.rollback()
    publishing.publish(report.id, report.revision, actor(cast.approver), clock.now() + timedelta(days=3))
    for person, address in (
        (cast.council_member, "/council/"),
        (cast.council_member, "/council/reports/report"),
        (cast.analyst, "/staff/reports"),
        (cast.analyst, "/staff/reports/report"),
    ):
        client = cast.client(person)
        client.set_cookie("language", "ja")
        page = opens(client, address).html.find("main").get_text(" ")
        assert "公表前" in page or "議会に公開中" in page, address
        assert "公表済み" not in page, address
        assert "に公表 ・" not in page, address


def readable(topics: list[Mapping[str, Any]]) -> ReadableReport:
    run = {"parameters": {"language": "ja"}, "topics": topics, "minority": []}
    sources = {"a": Source("a", "1", "文", "web", "shown")}
    return ReadableReport({"findings": [], "runs": [run]}, "", 1, clock.now(), None, sources)


def test_a_topic_is_shown_for_what_its_parts_say() -> None:
    whole = {"id": "1", "parent": None, "findings": [], "quotes": []}
    part = {"id": "2", "parent": "1", "findings": [], "quotes": ["a"]}
    page = readable([whole, part])
    assert page.speaks(part)
    assert page.speaks(whole, [whole, part])
    assert not page.speaks(whole, [whole])


def test_the_parts_of_a_topic_stand_under_it_on_the_page(cast: Cast, slug: str, refs: list[str]) -> None:
    """The published document as if its second topic had been found inside the first."""
    edition = db.session.scalars(sa.select(Edition)).one()
    document = json.loads(json.dumps(edition.document))
    first, second = [topic for topic in document["runs"][0]["topics"] if topic["findings"]][:2]
    second["parent"] = first["id"]
    with writing() as session:
        session.scalars(sa.select(Edition)).one().document = document
    page = opens(english(cast.client()), "/reports/report")
    inside = page.html.select_one(
        f"section[aria-labelledby='t1-{first['id']}'] section[aria-labelledby='t1-{second['id']}']"
    )
    assert inside is not None
    assert inside.find("h4") is not None
