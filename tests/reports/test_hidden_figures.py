"""No sentence of a report gives back a number that disclosure control hides, nor a word that a person masked."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from analysis.disclosure import Policy
from analysis.evidence import Comments, Source, computed, quote
from analysis.reports import rules
from analysis.reports.masked_words import Words
from analysis.reports.models import Finding, Origin, Report
from analysis.reports.publishing import actions as publishing
from analysis.reports.publishing import checking
from analysis.reports.publishing.findings import machine_findings
from analysis.reports.refusals import PublicationRefused
from analysis.reports.runs.queries import run_view, texts_of
from civic.activities import reviews
from civic.activities.queries import activity_by_slug
from civic.db import db
from civic.features import Source as Shown
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.reports.test_runs_and_reports import draft_report, publish, run_done, slug

__all__ = ["slug"]
SIZES = {"1": 50, "2": 20, "3": 3}


def output(sizes: dict[str, int], parts: dict[str, tuple[str, int]] | None = None) -> dict[str, Any]:
    first = [{"id": topic, "parent": None, "size": size} for topic, size in sizes.items()]
    second = [{"id": topic, "parent": parent, "size": size} for topic, (parent, size) in (parts or {}).items()]
    return {"documents": sum(sizes.values()), "topics": [*first, *second]}


def town_of(sizes: dict[str, int]) -> Comments:
    return {
        f"{topic}-{number}": Source(f"日かげがほしい。{number}", (), topic)
        for topic, size in sizes.items()
        for number in range(size)
    }


def view_of(comments: Comments, sizes: dict[str, int | None], words: tuple[str, ...] = ("日かげ",)) -> Any:
    topics = []
    for topic in (name for name in sizes if name):
        share = computed({"claim": "share", "topic": topic}, comments, "ja")
        top = computed({"claim": "top", "topic": topic, "words": list(words), "n": 3}, comments, "ja")
        first = next(ref for ref, source in comments.items() if source.topic == topic)
        said = quote(first, comments[first].text, (0, 7))
        summary = [{"kind": one.kind, "query": one.query, "sentence": one.sentence, "wordings": one.wordings,
                    "sources": one.sources, "spans": one.spans} for one in (share, top, said)]  # fmt: skip
        topics.append(SimpleNamespace(id=topic, residual=False, summary=summary))
    return SimpleNamespace(run=SimpleNamespace(id=1, sizes=sizes), topics=topics)


def test_sizes_are_hidden_so_that_no_small_one_can_be_computed_back() -> None:
    assert rules.released_sizes(output(SIZES), Policy()) == {"1": 50, "2": None, "3": None, "": 73}
    assert rules.released_sizes(output({"1": 50, "2": 20}), Policy()) == {"1": 50, "2": 20, "": 70}
    assert rules.released_sizes(output({"1": 3}), Policy())["1"] is None


def test_the_second_level_shows_its_sizes_where_all_of_them_and_the_rest_are_open() -> None:
    both = {"4": ("1", 25), "5": ("1", 20)}
    assert rules.released_sizes(output({"1": 50, "2": 20}, both), Policy()) | {} == {
        "1": 50, "2": 20, "4": 25, "5": 20, "": 70,
    }  # fmt: skip
    rest_of_two = {"4": ("1", 25), "5": ("1", 23)}
    assert rules.released_sizes(output({"1": 50, "2": 20}, rest_of_two), Policy())["4"] is None
    of_a_hidden_topic = {"4": ("2", 12), "5": ("2", 8)}
    assert rules.released_sizes(output(SIZES, of_a_hidden_topic), Policy())["4"] is None


def test_no_sentence_tells_the_size_of_a_topic_that_is_suppressed() -> None:
    comments, sizes = town_of(SIZES), rules.released_sizes(output(SIZES), Policy())
    found = machine_findings(view_of(comments, sizes), comments, 5)
    assert {finding.topic for finding in found if finding.kind == "computed"} == {"1"}
    assert {finding.topic for finding in found if finding.kind == "quote"} == {"1", "2", "3"}
    assert not any("20件" in finding.sentence["ja"] for finding in found)


def test_a_sentence_that_tells_a_hidden_size_is_found_before_publication() -> None:
    """The guard broken: the sentence stands in a draft all the same."""
    comments, sizes = town_of(SIZES), rules.released_sizes(output(SIZES), Policy())
    said = computed({"claim": "share", "topic": "2"}, comments, "ja")
    finding = Finding(
        run_id=1, topic="2", kind="computed", query=said.query, sentence=said.wordings, sources=list(said.sources),
        spans=[], origin=Origin.MACHINE,
    )  # fmt: skip
    shown = {ref: Shown(ref, ref, source.text, "web", "shown") for ref, source in comments.items()}
    problems = checking.publication_problems([finding], checking.Evidence(shown, {1: comments}, {1: sizes}, 5))
    assert [problem.msgid for problem in problems] == [checking.HIDDEN_SIZE]
    open_sizes = {"1": 50, "2": 20, "3": 3, "": 73}
    assert checking.publication_problems([finding], checking.Evidence(shown, {1: comments}, {1: open_sizes}, 5)) == []


def test_a_comparison_tells_both_sizes_and_a_change_tells_the_whole() -> None:
    compared = {"claim": "comparison", "topic": "1", "than": {"topic": "2"}}
    assert rules.tells_hidden_size(compared, {"1": 50, "2": None, "": 70})
    assert not rules.tells_hidden_size(compared, {"1": 50, "2": 20, "": 70})
    changed = {"claim": "change", "topic": "1", "before": "2024", "after": "2025"}
    assert rules.tells_hidden_size(changed, {"1": 50, "": None})
    assert not rules.tells_hidden_size(changed, {"1": 50, "": 70})


def test_the_smallest_number_told_is_the_installations_smallest_cell() -> None:
    assert rules.shows_small_number("「日かげ」(4件)です。", 5)
    assert not rules.shows_small_number("「日かげ」(5件)です。", 5)
    assert rules.shows_small_number("「日かげ」(9件)です。", 10)
    assert not rules.shows_small_number("この話題の意見は1,004件です。", 10)


def test_a_share_that_gives_back_a_small_number_is_not_published() -> None:
    assert rules.released_share(0.5, 100, 5) == 0.5
    assert rules.released_share(4 / 7, 7, 5) is None
    assert rules.released_share(97 / 100, 100, 5) is None
    assert rules.released_share(1.0, 100, 5) == 1.0
    assert rules.released_share(0.5, None, 5) is None


def comments_with(mask: str, *texts: str) -> Comments:
    return {
        str(number): Source(text, ((text.index(mask), text.index(mask) + len(mask)),) if mask in text else (), "1")
        for number, text in enumerate(texts)
    }


def test_a_word_under_a_mask_is_neither_counted_nor_listed_nor_part_of_a_label() -> None:
    comments = comments_with("佐藤花子", *["佐藤花子の店の前が暗い。"] * 6, *["駅の前が暗い。"] * 6)
    words = Words(comments)
    assert words.shown(["佐藤", "花子", "佐藤花子", "暗い", "駅"]) == ["暗い", "駅"]
    assert words.label("佐藤が困る・暗い", ["佐藤", "暗い", "駅"], "ja") == "暗い・駅"
    assert words.label("暗い・駅", ["暗い", "駅"], "ja") == "暗い・駅"
    assert words.label("佐藤", ["佐藤"], "ja") == "名前のない話題"
    found = computed({"claim": "top", "topic": "1", "words": ["佐藤", "暗い"], "n": 2}, comments, "ja")
    assert found.sentence == "よく書かれた言葉は「暗い」(12件)です。"


def test_a_common_word_inside_a_long_mask_stays() -> None:
    comments = comments_with("田中さんの家の駐車場", "田中さんの家の駐車場がうるさい。", *["駐車場がせまい。"] * 5)
    assert Words(comments).shown(["駐車場", "田中"]) == ["駐車場"]
    few = comments_with("田中さんの家の駐車場", "田中さんの家の駐車場がうるさい。", *["駐車場がせまい。"] * 4)
    assert Words(few).shown(["駐車場"]) == []


def test_a_word_no_shown_text_holds_is_not_published() -> None:
    assert Words(comments_with("-", "駅の前が暗い。")).shown(["山田", "暗い"]) == ["暗い"]


def mask_by_hand(cast: Cast, slug: str, word: str) -> None:
    """A person reads everything and masks `word` wherever it stands."""
    verdicts = [
        reviews.Verdict(text.ref, text.text, ((at, at + len(word)),) if (at := text.text.find(word)) >= 0 else ())
        for text in texts_of(activity_by_slug(slug))
    ]
    reviews.review_texts(activity_by_slug(slug).id, verdicts, actor(cast.moderator))


def test_a_word_masked_by_hand_stands_nowhere_in_the_published_report(cast: Cast, slug: str) -> None:
    view = run_view(run_done(cast, slug))
    assert any("駐輪場" in topic.label and "駐輪場" in topic.keywords for topic in view.topics)
    mask_by_hand(cast, slug, "駐輪場")
    assert publish(cast, draft_report(cast, slug)) == 1
    for address in ("/reports/report", "/reports/report/report.json", "/reports/report/tables.csv"):
        answer = cast.client().get(address)
        assert answer.status_code == 200
        assert "駐輪場" not in answer.get_data(as_text=True), address
    assert "■■■" in cast.client().get("/reports/report").text


def test_a_draft_made_before_the_masks_takes_the_sentences_without_them(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    report = draft_report(cast, slug)
    mask_by_hand(cast, slug, "駐輪場")
    with pytest.raises(PublicationRefused) as refused:
        publishing.submit(report.id, report.revision, actor(cast.analyst))
    assert any("does not follow" in str(problem) for problem in refused.value.problems)
    publishing.take_newest_runs(report.id, report.revision, actor(cast.analyst))
    db.session.rollback()
    assert publish(cast, db.session.get_one(Report, report.id)) == 1


def test_no_topic_is_published_before_all_its_texts_are_confirmed(cast: Cast, slug: str) -> None:
    """Its words come from all of them, also when every sentence but a person's own is left out."""
    run_done(cast, slug)
    texts = texts_of(activity_by_slug(slug))
    one = reviews.Verdict(texts[0].ref, texts[0].text, ())
    reviews.review_texts(activity_by_slug(slug).id, [one], actor(cast.moderator))
    report = draft_report(cast, slug)
    for finding in db.session.scalars(sa.select(Finding.id)).all():
        db.session.rollback()
        publishing.leave_out(
            report.id, db.session.get_one(Report, report.id).revision, finding, True, actor(cast.analyst)
        )
    publishing.add_sentence(
        report.id, db.session.get_one(Report, report.id).revision, actor(cast.analyst),
        sentence={"ja": "日かげを求める声がありました。"}, sources=[texts[0].ref], run_id=None, topic=None,
    )  # fmt: skip
    db.session.rollback()
    with pytest.raises(PublicationRefused) as refused:
        publishing.submit(report.id, db.session.get_one(Report, report.id).revision, actor(cast.analyst))
    assert {problem.msgid for problem in refused.value.problems} == {checking.UNREAD}
