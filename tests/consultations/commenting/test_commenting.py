"""A resident comments on a draft: on the whole or on a passage, once or twice, in time or too late."""

from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities import queries as activities
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState, State
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.identity.models import ContactAddress
from civic.keys import keys
from consultations.comments.commenting.forms import LONGEST
from consultations.comments.models import Comment, CommentAuthor, Consultation
from consultations.comments.recording import Author, opened_author
from consultations.comments.rules import Rule
from consultations.comments.stages import Asked, Stance
from tests.cast import Cast, token_of
from tests.consultations.commenting.writing import CHECK, SEND, WORDS, comments, form_page, receipt_number, typed
from tests.factories import consultations as make
from tests.factories.registers import make_citizens
from tests.factories.surveys import for_residents
from tests.pages import opens

NO_GROUPS = {"rule": Rule(name=make.text("要綱"))}


def stored() -> list[Comment]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Comment).order_by(Comment.number)))


def test_a_comment_on_the_whole_arrives_with_a_receipt(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    acts = db.session.scalar(sa.select(sa.func.count(AuditRecord.id)))
    done = comments(app.test_client(), name="山田花子", address="みなと野市1-2-3", email="hanako@example.jp")
    assert done.heading == "意見を受け付けました"
    assert len(receipt_number(done)) == 19
    (comment,) = stored()
    assert (comment.body, comment.passage, comment.version, comment.category, comment.channel) == (
        "最終バスを遅くしてください。", None, 1, "lives", Channel.WEB,
    )  # fmt: skip
    assert opened_author(db.session.get_one(CommentAuthor, comment.participation_id)) == Author(
        "山田花子", "みなと野市1-2-3"
    )
    left = db.session.get_one(ContactAddress, comment.participation_id)
    assert keys().unseal(f"contact_address.sealed|{comment.participation_id}", left.sealed) == "hanako@example.jp"
    assert activities.counted(consultation.id) == 1
    assert db.session.scalar(sa.select(sa.func.count(AuditRecord.id))) == acts


def test_a_comment_on_a_passage_is_written_beneath_it(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    client = app.test_client()
    notice = opens(client, "/consultations/transport-plan")
    opened = notice.html.select_one("#p4 .passage__foot a")
    assert opened is not None
    assert opened["href"] == "/consultations/transport-plan?passage=p4#p4"
    page = opens(client, "/consultations/transport-plan?passage=p4")
    assert page.html.select_one("#p4.passage--open form#write") is not None
    done = page.press(SEND, **WORDS, stance="change")
    assert done.heading == "意見を受け付けました"
    (comment,) = stored()
    assert (comment.passage, comment.stance) == ("p4", Stance.CHANGE)


def test_another_language_after_a_mistake_is_still_about_the_same_passage(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    refused = form_page(app.test_client(), passage="p4").press(SEND, body="")
    assert refused.status == 422
    english = refused.follow("English")
    assert english.heading == "Write a comment on 2-1"


def test_everything_is_looked_at_before_sending_and_can_be_changed(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    page = form_page(app.test_client(), passage="p4")
    words = {"body": "一行目\n<b>二行目</b>", "category": "works", "category.works": "みなと野商店", "stance": "oppose"}
    check = page.press(CHECK, **words)
    assert check.heading == "送る前に、意見を確かめてください"
    for shown in ("<b>二行目</b>", "市内で働いている", "みなと野商店", "反対"):
        assert shown in check.text
    assert stored() == []
    again = check.press("書き直す")
    assert again.status == 200
    assert {name: typed(again, name) for name in words} == words
    done = again.press(CHECK, body="直した意見").press(SEND)
    assert done.heading == "意見を受け付けました"
    (comment,) = stored()
    assert comment.body == "直した意見"
    assert opened_author(db.session.get_one(CommentAuthor, comment.participation_id)).detail == "みなと野商店"


def test_a_double_click_counts_once_and_shows_the_same_receipt(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    form = form_page(app.test_client()).form(SEND)
    first, second = form.send(**WORDS), form.send(**WORDS)
    assert receipt_number(first) == receipt_number(second)
    assert len(stored()) == 1
    assert activities.counted(consultation.id) == 1


def test_the_same_form_with_other_words_is_a_conflict_that_keeps_them(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    form = form_page(app.test_client()).form(SEND)
    form.send(**WORDS)
    refused = form.send(**{**WORDS, "body": "ほかの意見です。"})
    assert refused.status == 409
    assert typed(refused, "body") == "ほかの意見です。"
    assert "別の意見として送るときは" in refused.text
    assert len(stored()) == 1
    further = refused.press(SEND)
    assert further.heading == "意見を受け付けました"
    assert [comment.body for comment in stored()] == [WORDS["body"], "ほかの意見です。"]


def test_the_form_of_another_browser_shows_no_receipt(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    form = form_page(app.test_client()).form(SEND)
    number = receipt_number(form.send(**WORDS))
    stranger = form_page(app.test_client()).form(SEND)
    refused = stranger.send(**WORDS, submission_key=form.values()["submission_key"])
    assert refused.status == 409
    assert typed(refused, "body") == WORDS["body"]
    assert number not in refused.text
    assert "控えを見る" not in refused.text


def test_a_comment_at_the_moment_of_the_end_is_refused_and_shown(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    client = app.test_client()
    page = form_page(client)
    make.end(consultation, cast, close=False)
    refused = page.press(SEND, **WORDS)
    assert refused.status == 409
    assert "受付" in refused.text
    assert refused.html.select_one("textarea[name=body]").get_text(strip=True) == WORDS["body"]  # type: ignore[union-attr]  # the field is there
    assert stored() == []
    assert client.get("/consultations/transport-plan/comment").location == "/consultations/transport-plan"


def test_the_request_that_finds_the_period_over_ends_it(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    page = form_page(app.test_client())
    with writing() as session:
        session.get_one(Consultation, consultation.id).ends_at = clock.now() - timedelta(seconds=1)
    assert page.press(SEND, **WORDS).status == 409
    db.session.rollback()
    assert db.session.get_one(Consultation, consultation.id).ended_at is not None


def test_a_busy_server_says_so_and_keeps_the_form(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    page = form_page(app.test_client())
    db.session.rollback()
    other = connect(str(app.extensions["settings"].instance / "machikoe.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        refused = page.press(SEND, **WORDS)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert refused.status == 503
    assert refused.response.headers["Retry-After"] == "5"
    assert typed(refused, "body") == WORDS["body"]
    assert refused.press(SEND).heading == "意見を受け付けました"


def test_two_hundred_thousand_characters_get_a_sentence_and_twenty_thousand_are_taken(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    page = form_page(app.test_client())
    refused = page.press(SEND, **{**WORDS, "body": "あ" * 200_000})
    assert refused.status == 422
    assert refused.errors == [
        "意見は20,000文字までです。180,000文字減らしてください。長い資料は、郵送や電子メールでもお送りいただけます。"
    ]
    assert len(typed(refused, "body")) == 200_000
    body = "👨‍👩‍👧" * LONGEST  # five code points each, one character each
    assert page.press(SEND, **{**WORDS, "body": body}).status == 422
    assert page.press(SEND, **{**WORDS, "body": "👍🏽" * LONGEST}).heading == "意見を受け付けました"
    assert stored()[0].body == "👍🏽" * LONGEST


def test_hostile_words_come_out_clean_and_hidden_characters_get_a_sentence(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    client = app.test_client()
    page = form_page(client)
    for hostile in ("あ\u202eい", "あ\x00い", "あ\x1bい"):
        refused = page.press(SEND, **{**WORDS, "name": hostile})
        assert refused.status == 422
        assert len(refused.errors) == 1
    done = page.press(SEND, **{**WORDS, "body": "<script>alert(1)</script>", "name": "<script>山田</script>"})
    number = receipt_number(done)
    own = opens(client, "/receipt").press("調べる", number=number)
    assert "<script>alert(1)</script>" in own.text
    assert own.html.select("main script") == []
    assert "山田" not in own.text


def test_a_passage_that_is_not_there_is_said_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    client = app.test_client()
    assert client.get("/consultations/transport-plan/comment?passage=p99").status_code == 404
    assert client.get("/consultations/transport-plan?passage=p99").status_code == 404
    for nowhere in ("p\x00", "あ" * 99, "\u202e"):
        assert form_page(client, passage="p4").press(SEND, **WORDS, passage=nowhere).status == 422
    refused = form_page(client, passage="p4").press(SEND, **WORDS, passage="p99")
    assert refused.status == 422
    assert refused.errors == ["その段落は案にありません。案全体への意見として送るか、段落を選び直してください。"]
    assert refused.press(SEND).heading == "意見を受け付けました"
    assert stored()[0].passage is None


def test_what_a_rule_asks_is_asked_and_what_it_does_not_ask_is_not(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, notice_changes={"asks_name": Asked.REQUIRED, "asks_address": Asked.NO})
    page = form_page(app.test_client())
    assert page.html.find(attrs={"name": "address"}) is None
    refused = page.press(SEND, body="意見です。")
    assert refused.errors == ["当てはまるものを選んでください。", "お名前を入力してください。"]
    refused = page.press(SEND, body="意見です。", category="works", name="山田")
    assert refused.errors == ["「市内で働いている」を選んだ方は、ここも入力してください。"]


def test_invisible_characters_alone_are_no_comment_and_no_name(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, notice_changes={"asks_name": Asked.REQUIRED})
    page = form_page(app.test_client())
    refused = page.press(SEND, **{**WORDS, "body": "\u200b", "name": "\u200b\ufeff"})
    assert refused.status == 422
    assert refused.errors == ["意見を入力してください。", "お名前を入力してください。"]
    assert stored() == []


def test_without_groups_and_names_the_words_alone_are_enough(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, notice_changes={**NO_GROUPS, "asks_name": Asked.NO, "asks_address": Asked.NO})
    client = app.test_client()
    token = token_of(client, "/consultations/transport-plan/comment")
    sent = {"csrf_token": token, "submission_key": "a" * 32, "body": "増やして。", "passage": "p4"}
    answer = client.post("/consultations/transport-plan/comment", data=sent)
    assert (answer.status_code, answer.location) == (303, "/consultations/transport-plan/done")
    assert stored()[0].passage == "p4"
    assert db.session.scalars(sa.select(CommentAuthor)).all() == []


def test_the_language_of_the_page_is_kept_with_the_comment(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, notice_changes=NO_GROUPS)
    client = app.test_client()
    page = opens(client, "/consultations/transport-plan/comment?lang=en")
    assert page.press("Send this comment", body="More buses, please.").heading == "Your comment has arrived"
    assert stored()[0].language == "en"


def test_who_must_sign_in_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, **for_residents(once_per_person=False))
    client = cast.client(cast.resident)
    page = form_page(client)
    client.post("/sign-out", data={"csrf_token": page.form(SEND).values()["csrf_token"]})
    asked = page.press(SEND, **WORDS)
    assert asked.status in (400, 401)
    assert WORDS["body"] in asked.text
    assert app.test_client().get("/consultations/transport-plan/comment").location.startswith("/sign-in?next=")
    answer = app.test_client().get("/consultations/transport-plan?passage=p4")
    assert answer.location == "/consultations/transport-plan/comment?passage=p4"


def test_once_per_person_names_the_first_comment_and_changing_replaces_it(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast, **for_residents())
    make.make_consultation(cast, slug="changing", **for_residents(change_allowed=True))
    client = cast.client(cast.resident)
    late = form_page(client)
    number = receipt_number(comments(client))
    assert number in form_page(client).text
    refused = late.press(SEND, **{**WORDS, "body": "二つ目"})
    assert refused.status == 409
    assert number in refused.text
    assert activities.counted(consultation.id) == 1
    for body in ("はじめ", "あと"):
        comments(client, "changing", body=body)
    states = {comment.body: comment.participation.state for comment in stored()}
    assert (states["はじめ"], states["あと"]) == (ParticipationState.SUPERSEDED, ParticipationState.COUNTED)


def test_a_comment_whose_code_ended_comes_back_as_it_was_written(app: Flask, cast: Cast, tmp_path: Path) -> None:
    citizens = make_citizens(tmp_path)
    make.make_consultation(cast, **citizens.settings)
    client = app.test_client()
    client.set_cookie("language", "ja")
    asked = opens(client, client.get("/consultations/transport-plan/comment?passage=p4").location)
    form = asked.press("次へ進む", **citizens.entered("A-1"))
    key = typed(form, "submission_key")
    citizens.end("A-1")

    asked = form.press(CHECK, **WORDS, stance="change", name="山田花子", email="hanako@")
    assert asked.status == 401
    assert WORDS["body"] in asked.text
    assert "一部を変えてほしい" in asked.text
    again = asked.press("次へ進む", **citizens.entered("A-1"))
    assert again.status == 200
    given = again.form(SEND).values()
    assert {name: given[name] for name in (*WORDS, "stance", "name", "email", "passage", "submission_key")} == {
        **{name: [words] for name, words in WORDS.items()},
        "stance": ["change"], "name": ["山田花子"], "email": ["hanako@"], "passage": ["p4"], "submission_key": [key],
    }  # fmt: skip
    assert again.press(SEND, email="").heading == "意見を受け付けました"
    assert [comment.passage for comment in stored()] == ["p4"]


def test_a_rule_without_the_web_offers_no_form_here(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, channels=(Channel.POST, Channel.COUNTER))
    client = app.test_client()
    for query in ("", "?passage=p4"):
        page = opens(client, f"/consultations/transport-plan{query}")
        assert page.html.select("form#write, .passage__foot, a[href$='/comment']") == []
    assert client.get("/consultations/transport-plan/comment").location == "/consultations/transport-plan"
    sent = {"csrf_token": token_of(client, "/receipt"), "submission_key": "a" * 32, **WORDS}
    refused = client.post("/consultations/transport-plan/comment", data=sent)
    assert refused.status_code == 422
    assert WORDS["body"] in refused.text


def test_nobody_comments_before_the_opening_or_on_a_draft(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, State.SCHEDULED, slug="soon")
    make.make_consultation(cast, State.DRAFT, slug="draft")
    client = app.test_client()
    assert client.get("/consultations/draft/comment").status_code == 404
    assert client.get("/consultations/soon/comment").location == "/consultations/soon"
    token = token_of(client, "/receipt")
    sent = {"csrf_token": token, "submission_key": "a" * 32, **WORDS}
    assert client.post("/consultations/soon/comment", data=sent).status_code == 409
    assert db.session.scalars(sa.select(Participation)).all() == []
