"""The published result as everybody reads it: answers, what changed, originals, files, the receipt; nothing before."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from civic import clock
from civic.activities import reviews
from civic.activities.states import ParticipationState
from civic.db import db, writing
from civic.notices.answered import letters_by_language
from consultations.comments import sources
from consultations.comments.models import Comment, Consultation, Edition
from consultations.comments.publishing import document
from consultations.comments.publishing.actions import decide_erratum, propose_erratum
from consultations.comments.publishing.originals import COMMENTS
from consultations.comments.publishing.queries import CHANGES, PAGE
from consultations.comments.stages import Decision, Outcome
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens

ADDRESSES = (
    "responses", "responses/1", "responses.csv", "responses.json", "responses/1.csv", "responses/1.json", "originals",
)  # fmt: skip


@pytest.fixture
def answered(cast: Cast) -> Consultation:
    return make.answered_consultation(cast, slug="plan")


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement sent to the database, as it is sent."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_nothing_is_there_before_the_answer(client: FlaskClient, cast: Cast) -> None:
    made = make.ended_with(cast, make.OPINIONS, slug="plan")
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    for address in ADDRESSES:
        assert client.get(f"/consultations/plan/{address}").status_code == 404, address


def test_each_opinion_stands_beside_the_citys_answer(client: FlaskClient, answered: Consultation) -> None:
    page = opens(client, "/consultations/plan/responses")
    assert page.heading == "地域公共交通計画(案)への意見と、市の考え方"
    assert "4件の意見をいただきました" in page.text
    assert "1件の意見で、計画の文を直しました" in page.text
    pairs = page.html.select("article.pair")
    assert [pair["id"] for pair in pairs] == ["r-1", "r-2", "r-3"]
    words = [" ".join(pair.get_text(" ").split()) for pair in pairs]
    assert "反映" in words[0]
    assert "最終バスを遅くしてください。停留所に屋根もほしいです。" in words[0]
    assert "計画を直しました。" in words[0]
    assert "2件の意見の要旨(市がまとめました)" in words[1]
    assert "予約が電話だけだと使えません" not in words[1]
    assert "担当 企画課" in words[2]
    assert [cell.get_text() for cell in page.html.select("#outcomes tbody td.n")] == ["1", "0", "0", "2", "1", "0"]


def test_what_changed_is_told_by_marks_and_by_words(client: FlaskClient, answered: Consultation) -> None:
    page = opens(client, "/consultations/plan/responses")
    (change,) = page.html.select(".change")
    assert next(" ".join(one.get_text().split()) for one in change.select("del")).startswith("[削除:] 30")
    assert next(" ".join(one.get_text().split()) for one in change.select("ins")).startswith("[追加:] 60")
    assert page.html.select(".change__legend del")
    assert page.html.select(".change__legend ins")


def test_chips_filter_by_outcome(client: FlaskClient, answered: Consultation) -> None:
    page = opens(client, "/consultations/plan/responses").follow("反映しない 1")
    assert [pair["id"] for pair in page.html.select("article.pair")] == ["r-3"]
    assert opens(client, "/consultations/plan/responses?outcome=nonsense").html.select("#r-1")
    assert opens(client, "/consultations/plan/responses?page=99").html.select("#r-1")
    assert opens(client, "/consultations/plan/responses?page=x").html.select("#r-1")


def test_the_gist_leads_to_its_opinions_with_the_part_marked(client: FlaskClient, cast: Cast) -> None:
    made = make.ended_with(cast, ["屋根がほしい。予約しにくい。", "ほかの意見。"], slug="plan")
    item = make.comments_of(made)[0].items[0]
    with writing() as session:
        session.get_one(type(item), item.id).stop = 7
        session.add(type(item)(consultation_id=made.id, comment_id=item.comment_id, start=7, stop=14))
    _whole, second = make.items_of(made, 1)
    make.answered_group(made, cast, "予約", [second], gist=text("予約をしやすくしてほしい。"))
    make.answered_group(made, cast, "残り", [_whole, *make.items_of(made, 2)])
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    page = opens(client, "/consultations/plan/originals?group=1")
    assert [one.get_text() for one in page.html.select("mark")] == ["予約しにくい。"]
    assert [one["id"] for one in page.html.select("li.original")] == ["c-1"]
    assert client.get("/consultations/plan/originals?group=99").status_code == 404


def test_masks_stand_in_every_place_a_text_is_shown(client: FlaskClient, cast: Cast) -> None:
    made = make.ended_with(cast, ["山田太郎です。屋根がほしい。"], slug="plan")
    make.answered_group(made, cast, "屋根", make.items_of(made))
    make.confirm_all(made, cast, {1: [(0, 4)]})
    make.write_result(made, cast)
    make.publish(made, cast)
    for address in ADDRESSES:
        words = client.get(f"/consultations/plan/{address}").get_data(True)
        assert "山田太郎" not in words, address
        assert "■■■■です。" in words, address
    assert "個人が分かる部分を■で伏せています" in opens(client, "/consultations/plan/originals").text


def test_a_comment_taken_back_later_is_gone_at_the_next_request(client: FlaskClient, answered: Consultation) -> None:
    first = make.comments_of(answered)[0].id
    with writing() as session:  # by a decision on the person's own request, years later
        session.get_one(Comment, first).participation.state = ParticipationState.WITHDRAWN
    for address in ADDRESSES:
        assert "最終バスを遅くしてください" not in client.get(f"/consultations/plan/{address}").get_data(True)
    assert "この意見は取り下げられました。" in opens(client, "/consultations/plan/responses").text
    assert "この意見は取り下げられました。" in opens(client, "/consultations/plan/originals").text
    numbers = client.get("/consultations/plan/responses.json").get_json()["document"]["numbers"]
    assert numbers["submissions"] == 4  # what was published stays as it was


def test_a_gist_goes_with_its_last_opinion(client: FlaskClient, answered: Consultation, cast: Cast) -> None:
    for comment in make.comments_of(answered)[1:3]:
        assert "予約とベンチを使いやすく" in opens(client, "/consultations/plan/responses").text
        verdict = reviews.Verdict(sources.ref_of("plan", comment.id), comment.body, (), "第三者の権利")
        reviews.review_texts(answered.id, [verdict], actor(cast.moderator))
    page = opens(client, "/consultations/plan/responses")
    for address in ADDRESSES:
        words = client.get(f"/consultations/plan/{address}").get_data(True)
        assert "予約とベンチを使いやすく" not in words, address
    kept = client.get("/consultations/plan/responses.json").get_json()
    assert (kept["left_out"], kept["sha256"]) == ([2], db.session.query(Edition).one().sha256)
    assert "表示していません" in page.text
    originals = opens(client, "/consultations/plan/originals")
    assert "ほかの人の権利や利益を害するおそれがあるため" in originals.text
    assert "第三者の権利" not in originals.text  # the note of staff is theirs


def test_late_comments_are_named_and_not_counted(client: FlaskClient, cast: Cast) -> None:
    made = make.ended_with(cast, ["屋根がほしい。"], slug="plan")
    make.comment_late(made, "遅れた意見です。")
    make.answered_group(made, cast, "屋根", make.items_of(made, 1))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    page = opens(client, "/consultations/plan/responses")
    assert "1件の意見をいただきました" in page.text
    assert page.html.select_one("a[href$='/originals?page=1#c-2']")
    original = opens(client, "/consultations/plan/originals").html.select_one("#c-2")
    assert original is not None
    assert "期限後(数えていません)" in original.get_text()
    assert "遅れた意見です。" in original.get_text()


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision.UNCHANGED, "案のとおり決定"),
        (Decision.DROPPED, "定めないこととした"),
        (Decision.ANEW, "改めて意見を募集"),
    ],
)
def test_nobody_commented_and_however_it_ended(client: FlaskClient, cast: Cast, decision: Decision, words: str) -> None:
    made = make.ended_with(cast, [], slug="plan")
    make.write_result(made, cast, decision, reason="理由はこのとおりです。")
    make.publish(made, cast)
    page = opens(client, "/consultations/plan/responses")
    assert "意見はありませんでした" in page.text
    assert words in page.text
    assert "理由はこのとおりです。" in page.text
    for address in ADDRESSES:
        assert client.get(f"/consultations/plan/{address}").status_code == 200, address


def test_the_reason_of_a_short_period_is_published(client: FlaskClient, cast: Cast) -> None:
    made = make.make_consultation(
        cast, slug="plan", ends_at=clock.now().replace(microsecond=0) + make.timedelta(days=9),
        notice_changes={"short_reason": text("法改正の施行日に間に合わせるため。")},
    )  # fmt: skip
    make.end(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    assert "法改正の施行日に間に合わせるため。" in opens(client, "/consultations/plan/responses").text


def test_the_file_has_one_opinion_a_line(client: FlaskClient, answered: Consultation) -> None:
    content = client.get("/consultations/plan/responses.csv").get_data(True)
    rows = list(csv.DictReader(io.StringIO(content.lstrip("\ufeff"))))
    assert [(row["answer_number"], row["comment_number"], row["outcome"]) for row in rows] == [
        ("1", "1", "adopted"), ("2", "2", "later"), ("2", "3", "later"), ("3", "4", "not_adopted"),
    ]  # fmt: skip
    assert rows[0]["opinion"] == make.OPINIONS[0]
    assert rows[3]["city_answer"] == "車内が狭いため、見送ります。"


def test_the_json_holds_the_hash_of_its_document(client: FlaskClient, answered: Consultation) -> None:
    found = json.loads(client.get("/consultations/plan/responses.json").data)
    assert found["sha256"] == document.sha256(found["document"]) == db.session.query(Edition).one().sha256
    assert [one["text"] for one in found["texts"].values()] == list(make.OPINIONS)


def test_many_answers_and_comments_come_in_pages_with_the_same_statements(
    client: FlaskClient, cast: Cast, statements: list[str]
) -> None:
    made = make.ended_with(cast, [f"意見{number}番。" for number in range(1, 131)], slug="plan")
    items = make.items_of(made)
    few = make.answered_consultation(cast, slug="few")
    for number in range(26):
        make.answered_group(made, cast, f"まとまり{number}", items[number * 5 : number * 5 + 5], Outcome.PARTLY)
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    page = opens(client, "/consultations/plan/responses")
    assert len(page.html.select("article.pair")) == PAGE
    assert len(opens(client, "/consultations/plan/responses?page=2").html.select("article.pair")) == 26 - PAGE
    assert len(opens(client, "/consultations/plan/responses?all=1").html.select("article.pair")) == 26
    originals = opens(client, "/consultations/plan/originals?page=3")
    assert next(one["id"] for one in originals.html.select("li.original")) == f"c-{2 * COMMENTS + 1}"
    link = originals.html.select_one("#c-130 a")
    assert link is not None
    assert link["href"] == "/consultations/plan/responses?page=2#r-26"
    counts = []
    for slug in ("few", "plan"):
        for address in ("responses", "originals"):
            statements.clear()
            opens(client, f"/consultations/{slug}/{address}")
            counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert few.slug == "few"


def test_a_receipt_number_leads_to_the_answer(client: FlaskClient, answered: Consultation) -> None:
    third = make.comments_of(answered)[2]
    page = opens(client, "/receipt").press("調べる", number=third.participation.receipt)
    assert "予約のしかたとベンチ" in page.text
    assert page.html.select_one('a[href="/consultations/plan/responses?page=1#r-2"]')


def test_the_answer_is_told_everywhere_in_the_house(client: FlaskClient, answered: Consultation) -> None:
    assert "地域公共交通計画(案)" in client.get("/results").get_data(True)
    assert "/consultations/plan/responses" in client.get("/feed.atom").get_data(True)
    assert "/consultations/plan/responses" in letters_by_language(answered.id)["ja"][1]
    assert opens(client, "/results").html.select_one("a[href='/consultations/plan/responses']")
    listed = client.get("/api/v1/activities").get_json()["activities"]
    assert [(one["kind"], one["slug"], one["state"]) for one in listed] == [("consultation", "plan", "answered")]
    assert "/consultations/plan/responses" in client.get("/consultations/plan").get_data(True)


def test_the_page_for_printing_holds_every_opinion_that_no_gist_stands_for(client: FlaskClient, cast: Cast) -> None:
    made = make.ended_with(cast, [f"屋根がほしい、その{number}。" for number in range(1, 8)], slug="plan")
    make.answered_group(made, cast, "屋根", make.items_of(made))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    page = opens(client, "/consultations/plan/responses")
    assert "その7" not in page.text
    assert "ほか4件" in page.text
    whole = page.follow("全部を1ページで表示(印刷用)")
    assert all(f"屋根がほしい、その{number}。" in whole.text for number in range(1, 8))
    assert "ほか4件" not in whole.text


def test_a_page_beyond_the_last_is_the_last(client: FlaskClient, answered: Consultation) -> None:
    for number in ("99", "1" * 30, "-1", "x"):
        assert opens(client, f"/consultations/plan/originals?page={number}").html.select("#c-4"), number
    assert opens(client, "/consultations/plan/originals?group=2&page=9").html.select("#c-2")


def test_the_files_of_an_edition_stay_at_their_address(client: FlaskClient, answered: Consultation, cast: Cast) -> None:
    correction = make.correction("直した答え。", "誤りを直しました。", outcome="partly")
    proposed = propose_erratum(answered.id, 3, correction, actor(cast.editor), clock.now())
    decide_erratum(proposed, True, actor(cast.approver), clock.now())
    for ending in ("csv", "json"):
        assert "直した答え。" not in client.get(f"/consultations/plan/responses/1.{ending}").get_data(True)
        newest = client.get(f"/consultations/plan/responses/2.{ending}").get_data(True)
        assert newest == client.get(f"/consultations/plan/responses.{ending}").get_data(True)
        assert client.get(f"/consultations/plan/responses/3.{ending}").status_code == 404
    for number in (1, 2):
        found = client.get(f"/consultations/plan/responses/{number}.json").get_json()
        assert found["sha256"] == document.sha256(found["document"])
    links = [link["href"] for link in opens(client, "/consultations/plan/responses/1").html.select("a[href]")]
    assert "/consultations/plan/responses/1.csv" in links
    assert "/consultations/plan/responses/1.json" in links


def test_a_comment_that_was_replaced_is_told_from_one_that_was_taken_back(client: FlaskClient, cast: Cast) -> None:
    made = make.ended_with(cast, ["屋根がほしい。", "屋根とベンチがほしい。", "やめました。"], slug="plan")
    with writing() as session:
        for number, state in ((1, ParticipationState.SUPERSEDED), (3, ParticipationState.WITHDRAWN)):
            kept = session.query(Comment).filter_by(consultation_id=made.id, number=number).one()
            kept.participation.state = state
    make.answered_group(made, cast, "屋根", make.items_of(made, 2))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    numbers = db.session.query(Edition).one().document["numbers"]
    assert (numbers["submissions"], numbers["replaced"], numbers["withdrawn"]) == (1, 1, 1)
    assert "出し直した意見が1件あります" in opens(client, "/consultations/plan/responses").text
    originals = opens(client, "/consultations/plan/originals").html
    said = {one["id"]: one.get_text() for one in originals.select("li.original")}
    assert "出し直しました" in said["c-1"]
    assert "取り下げられました" not in said["c-1"]
    assert "取り下げられました" in said["c-3"]


def test_words_say_their_language_on_every_page(client: FlaskClient, cast: Cast) -> None:
    made = make.make_consultation(cast, slug="plan")
    make.comment(made, ["A roof, please."], language="en")
    make.comment(made, ["屋根がほしい。"])
    make.end(made, cast)
    make.answered_group(made, cast, "屋根", make.items_of(made))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    client.set_cookie("language", "en")
    page = opens(client, "/consultations/plan/responses").html
    assert [one["lang"] for one in page.select(".pair .voice p[lang]")] == ["en", "ja"]
    assert page.select_one('.pair h3 [lang="ja"]')
    originals = opens(client, "/consultations/plan/originals").html
    assert [one["lang"] for one in originals.select(".original .voice")] == ["en", "ja"]


def test_a_page_of_very_many_changes_holds_the_first_and_leads_to_all(client: FlaskClient, cast: Cast) -> None:
    plan = "\n\n".join(f"第{number}の路線に、バスを30分ごとに走らせます。" for number in range(CHANGES + 5))
    made = make.ended_with(cast, [], slug="plan", plan=plan)
    make.write_result(made, cast, Decision.CHANGED, plan.replace("30分", "20分"))
    make.publish(made, cast)
    page = opens(client, "/consultations/plan/responses")
    assert len(page.html.select(".change")) == CHANGES
    assert len(page.follow("全部を1ページで表示(印刷用)").html.select(".change")) == CHANGES + 5


def test_the_result_says_who_could_comment_how_and_by_which_clauses(client: FlaskClient, cast: Cast) -> None:
    make.answered_consultation(cast, slug="plan")
    about = opens(client, "/consultations/plan/responses").html.select_one("section[aria-labelledby=about]")
    assert about is not None
    words = about.get_text()
    for said in ("市内に住んでいる", "市内で働いている", "郵送", "第6条第2項", "第2条第3号"):
        assert said in words, said


def test_the_result_leads_to_the_whole_plan_as_decided(client: FlaskClient, answered: Consultation, cast: Cast) -> None:
    links = [link["href"] for link in opens(client, "/consultations/plan/responses").html.select("a[href]")]
    assert "/consultations/plan/decided.md" in links
    assert client.get("/consultations/plan/decided.md").get_data(True) == make.CHANGED_PLAN
    other = make.ended_with(cast, [], slug="other")
    make.write_result(other, cast, Decision.CHANGED, make.CHANGED_PLAN)
    assert client.get("/consultations/other/decided.md").status_code == 404
