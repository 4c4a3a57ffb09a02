"""Paper ballots: counted by hand, entered by one, released by another, and shown beside what anybody can recount."""

import csv
import io

import pytest
from flask_babel import force_locale, gettext

from civic import clock
from civic.activities import actions as activities
from civic.activities.refusals import NotReadyToAnswer, SecondPersonNeeded
from civic.refusals import StaleVersion
from consultations.votes.conducting import actions as conducting
from consultations.votes.opening import answer_problems
from consultations.votes.paper import actions as papers
from consultations.votes.paper.tallies import PaperCount, Tally, adds_up, most_of_one
from consultations.votes.protocol.questions import read_question
from consultations.votes.refusals import NoPaperCounted, PaperReleased
from tests.cast import Cast
from tests.factories.boards import approval, score, single
from tests.factories.surveys import actor, text
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import opens

PAGE = "/staff/votes/hall/paper/count"
KEEP, RELEASE = "この数を保存する", "紙の開票結果を公開する"
COUNT = PaperCount([Tally("q1", [2, 1, 0], 0)])


def with_paper(cast: Cast) -> Held:
    """Eleven ballots online, three on paper, counted."""
    held = make_vote(cast, voters=14)
    for number in range(1, 12):
        held.vote_for(number, [1, 0, 0])
    for number in range(12, 15):
        conducting.record_paper(held.id, held.entries[number - 1], "paper", actor(cast.editor), clock.now())
    held.count(1, 3)
    return held


def closed_with_paper(cast: Cast) -> Held:
    """Two ballots online, which are never opened, and three on paper."""
    held = make_vote(cast)
    for number in range(1, 4):
        conducting.record_paper(held.id, held.entries[number - 1], "paper", actor(cast.editor), clock.now())
    held.vote_for(4, [1, 0, 0])
    held.end()
    held.close()
    return held


def release(held: Held) -> None:
    papers.release_count(held.id, papers.seen(held.vote.paper_count), actor(held.cast.approver), clock.now())


def test_two_people_bring_the_paper_count_into_the_result(cast: Cast) -> None:
    held = with_paper(cast)
    editor, approver, resident = cast.client(cast.editor), cast.client(cast.approver), cast.client()
    figures = {"q1-o01": "2", "q1-o02": "1", "q1-o00": "0", "q1-void": "0"}
    kept = opens(editor, PAGE).press(KEEP, **figures)
    assert "紙の開票結果を保存しました" in kept.text
    assert resident.get("/votes/hall/results.json").json["questions"][0]["options"][0]["paper"] is None
    assert "紙の開票結果が入力、公開されていません" in str(problem_of(held))
    assert RELEASE not in kept.text
    assert "結果に加えました" in opens(approver, PAGE).press(RELEASE).text
    page = opens(resident, "/votes/hall/results")
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in page.html.select("#paper ~ .table-scroll tbody tr")
    ]
    assert rows == [
        ["案1", "11", "2", "13"],
        ["案2", "0", "1", "1"],
        ["白票", "0", "0", "0"],
        ["紙の無効票", "–", "0", "–"],
    ]
    found = resident.get("/votes/hall/results.json").json
    assert found["ballots"] == {"web": 11, "paper": 3}
    assert found["questions"][0]["options"][0] | {"text": 0} == {
        "code": "o01",
        "text": 0,
        "web": 11,
        "paper": 2,
        "together": 13,
    }
    lines = list(csv.DictReader(io.StringIO(resident.get("/votes/hall/results.csv").data.decode("utf-8-sig"))))
    assert [(one["option"], one["count"], one["paper"], one["together"]) for one in lines] == [
        ("o01", "11", "2", "13"), ("o02", "0", "1", "1"), ("o00", "0", "0", "0"), ("void", "", "0", ""),
    ]  # fmt: skip
    assert answer_problems(held.vote) == []
    with pytest.raises(PaperReleased):
        papers.record_count(held.id, COUNT, actor(cast.editor), clock.now())


def problem_of(held: Held) -> object:
    with held.cast.app.test_request_context(), force_locale("ja"):
        return [gettext(one.msgid) for one in answer_problems(held.vote)]


def test_only_another_person_releases_and_only_what_she_saw(cast: Cast) -> None:
    held = closed_with_paper(cast)
    papers.record_count(held.id, COUNT, actor(cast.approver), clock.now())
    with pytest.raises(SecondPersonNeeded):
        release(held)
    looked_at = papers.seen(COUNT.to_json())
    papers.record_count(held.id, PaperCount([Tally("q1", [1, 2, 0], 0)]), actor(cast.editor), clock.now())
    with pytest.raises(StaleVersion):
        papers.release_count(held.id, looked_at, actor(cast.approver), clock.now())


def test_a_sum_that_differs_from_the_people_wants_its_reason(cast: Cast) -> None:
    closed_with_paper(cast)
    page = opens(cast.client(cast.editor), PAGE)
    short = {"q1-o01": "2", "q1-o02": "0", "q1-o00": "0", "q1-void": "0"}
    refused = page.press(KEEP, **short)
    assert refused.status == 422
    assert "合計は2" in refused.errors[0]
    assert "保存しました" in page.press(KEEP, **short, note_ja="1票は持ち帰りと推定します。").text


def test_without_the_quorum_paper_is_not_counted_either(cast: Cast) -> None:
    held = with_quorum_missed(cast)
    with pytest.raises(NoPaperCounted):
        papers.record_count(held.id, COUNT, actor(cast.editor), clock.now())
    assert answer_problems(held.vote) == []


def with_quorum_missed(cast: Cast) -> Held:
    held = make_vote(cast, voters=30, quorum={"numerator": 1, "denominator": 2})
    conducting.record_paper(held.id, held.entries[0], "paper", actor(cast.editor), clock.now())
    held.end()
    held.close()
    return held


def test_paper_is_announced_where_too_few_ballots_came_online_and_the_answer_waits_for_it(cast: Cast) -> None:
    held = closed_with_paper(cast)
    activities.write_answer(held.id, text("回答"), revision_at(held.id), actor(cast.editor), clock.now())
    with pytest.raises(NotReadyToAnswer):
        activities.publish_answer(held.id, revision_at(held.id), actor(cast.approver), clock.now())
    papers.record_count(held.id, COUNT, actor(cast.editor), clock.now())
    release(held)
    page = opens(cast.client(), "/votes/hall/results")
    assert "開いていません 2" in page.text
    assert "紙の票が10票より少ないとき" in opens(cast.client(cast.editor), PAGE).text


def test_what_one_option_may_have_follows_the_question() -> None:
    one, many, points = (read_question(json) for json in (single(2), approval(3, 1, 2), score(2, 5)))
    assert adds_up(one, Tally("q1", [3, 2, 1], 1), 7)
    assert not adds_up(one, Tally("q1", [3, 2, 1], 1), 8)
    assert adds_up(many, Tally("q1", [5, 5, 5, 0], 2), 7)
    assert not adds_up(many, Tally("q1", [0, 0, 0, 0], 8), 7)
    assert (most_of_one(many, Tally("q1", [], 2), 7), most_of_one(points, Tally("q1", [], 2), 7)) == (5, 25)
