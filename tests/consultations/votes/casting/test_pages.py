"""The residents' pages of a vote, as a voter walks through them."""

import base64
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from civic import clock
from civic.db import db
from civic.identity import actions as identity
from civic.identity.accounts import Account
from civic.identity.models import RegisterEntry
from consultations.votes.casting import actions as casting
from consultations.votes.conducting import actions as conducting
from consultations.votes.posting import actions as posting
from consultations.votes.protocol.ballots import is_opened_by, read_ballot
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.checkpoints import read_receipt
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.group import read_scalar
from tests.cast import Cast, token_of
from tests.factories.boards import approval, score, single
from tests.factories.surveys import actor
from tests.factories.votes import Held, make_vote
from tests.pages import Page, opens

LOOK, CAST, TEST = "選んだものを確かめる", "投票する", "検査する"


def enter(held: Held, number: int) -> FlaskClient:
    """A browser in which voter `number` has entered her code."""
    client = held.cast.app.test_client()
    born = {"birth_date.year": "1980", "birth_date.month": "1", "birth_date.day": "1"}
    page = opens(client, f"/votes/{held.vote.slug}/cast", follow_redirects=True)
    opens(client, page.response.request.full_path).press("次へ進む", code=held.codes[number - 1], **born)
    return client


def booth(held: Held, client: FlaskClient) -> Page:
    return opens(client, f"/votes/{held.vote.slug}/cast")


def vote_by_pages(held: Held, number: int, **choice: str) -> Page:
    """From the code to the receipt."""
    client = enter(held, number)
    return booth(held, client).press(LOOK, **(choice or {"choice": "o01"})).press(CAST)


def turn_on(patch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let so much time pass."""
    later = clock.now() + timedelta(minutes=minutes)
    patch.setattr(clock, "now", lambda: later)


def test_from_the_question_to_the_receipt_to_the_board_to_the_result(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    review = booth(held, client).press(LOOK, choice="o02")
    assert review.heading == "まだ投票されていません。内容を確かめてください"
    receipt = review.press(CAST)
    assert receipt.heading == "投票を受け付けました"
    published = read_published(read(client.get("/votes/hall/board.json").data))
    own = read(client.get("/votes/hall/receipt.json").data)
    assert published.verdict(read_receipt(own, published.board.manifest)) == "not_yet"
    for number in range(2, 13):
        held.vote_for(number, [1, 0, 0])
    held.count(1, 3)
    results = opens(client, "/votes/hall/results")
    assert "案1" in results.text
    csv = client.get("/votes/hall/results.csv").get_data(as_text=True)
    assert [line.split(",")[4] for line in csv.splitlines()[1:]] == ["11", "1", "0"]


def test_who_shows_no_code_is_asked_for_it_and_comes_back(cast: Cast) -> None:
    held = make_vote(cast)
    asked = held.cast.app.test_client().get("/votes/hall/cast")
    assert asked.headers["Location"] == "/code/hall?next=/votes/hall/cast"
    assert booth(held, enter(held, 1)).heading == "市民会館をどうしますか"


def test_nothing_is_cast_by_looking_and_looking_away(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    booth(held, client).press(LOOK, choice="o01")
    assert held.board.length == 0


def test_without_a_choice_the_paper_says_so(cast: Cast) -> None:
    held = make_vote(cast)
    page = booth(held, enter(held, 1)).press(LOOK)
    assert (page.status, page.errors) == (422, ["1つ選ぶか、白票を選んでください"])


def test_a_ballot_that_was_prepared_too_long_ago_is_politely_chosen_again(cast: Cast) -> None:
    held = make_vote(cast)
    review = booth(held, enter(held, 1)).press(LOOK, choice="o01")
    with pytest.MonkeyPatch.context() as patch:
        turn_on(patch, 16)
        page = review.press(CAST)
    assert page.status == 409
    assert "もう一度選んでください" in page.text
    assert page.form(LOOK)
    assert held.board.length == 0


def test_one_button_gives_the_same_ballot_more_time(cast: Cast) -> None:
    held = make_vote(cast)
    review = booth(held, enter(held, 1)).press(LOOK, choice="o01")
    number = review.html.select_one(".code")
    assert number is not None
    with pytest.MonkeyPatch.context() as patch:
        turn_on(patch, 14)
        review = review.press("時間を延ばす")
        assert number.get_text() in review.text
        turn_on(patch, 14)
        assert review.press(CAST).heading == "投票を受け付けました"


@pytest.mark.parametrize("altered", ["", "00", "zz", "<script>"])
def test_an_altered_ballot_is_politely_chosen_again(cast: Cast, altered: str) -> None:
    held = make_vote(cast)
    page = booth(held, enter(held, 1)).press(LOOK, choice="o01").press(CAST, sealed=altered)
    assert page.status == 409
    assert page.form(LOOK)
    assert held.board.length == 0


def test_nobody_casts_what_another_has_chosen(cast: Cast) -> None:
    held = make_vote(cast)
    sealed = booth(held, enter(held, 1)).press(LOOK, choice="o01").form(CAST).values()["sealed"]
    page = booth(held, enter(held, 2)).press(LOOK, choice="o01").press(CAST, sealed=sealed)
    assert page.status == 409
    assert held.board.length == 0


def test_a_double_click_leads_to_the_same_receipt(cast: Cast) -> None:
    held = make_vote(cast)
    review = booth(held, enter(held, 1)).press(LOOK, choice="o01")
    first, second = review.press(CAST), review.press(CAST)
    assert first.heading == second.heading == "投票を受け付けました"
    assert held.board.length == 2


def test_who_voted_may_vote_again_and_the_paper_says_so(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    booth(held, client).press(LOOK, choice="o01").press(CAST)
    again = booth(held, client)
    assert "もう投票しています" in again.text
    assert again.press(LOOK, choice="o02").press(CAST).heading == "投票を受け付けました"
    assert (held.board.ballots, held.board.length) == (1, 3)


def test_where_ballots_are_final_the_booth_leads_to_the_receipt(cast: Cast) -> None:
    held = make_vote(cast, change_allowed=False)
    client = enter(held, 1)
    review = booth(held, client).press(LOOK, choice="o01")
    assert "そのあとで変えることはできません" in review.text
    review.press(CAST)
    page = booth(held, client)
    assert page.heading == "もう投票しています"
    assert page.follow("投票控えを見る").heading == "投票を受け付けました"


def test_who_voted_on_paper_is_told_so(cast: Cast) -> None:
    held = make_vote(cast)
    conducting.record_paper(held.id, held.entries[0], "paper", actor(cast.editor), clock.now())
    client = enter(held, 1)
    assert booth(held, client).heading == "紙で投票しています"
    assert "紙の票を数えます" in opens(client, "/votes/hall/receipt").text


def test_two_windows_cast_one_turn_once(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    first, second = (booth(held, client).press(LOOK, choice=choice) for choice in ("o01", "o02"))
    first.press(CAST)
    late = second.press(CAST)
    assert (late.status, late.heading) == (409, "ほかの画面で投票しています")
    assert held.board.length == 2


def test_who_is_not_on_the_roll_reads_why_and_by_which_clause(cast: Cast) -> None:
    held = make_vote(cast)
    register_id = db.session.get_one(RegisterEntry, held.entries[0]).register_id
    young, new = db.session.scalars(
        sa.select(RegisterEntry.id).where(RegisterEntry.register_id == register_id).order_by(RegisterEntry.id)
    ).all()[-2:]
    for entry, why in ((young, "まだ満18歳になりません"), (new, "市に住んで3か月になりません")):
        identity.link_entry(Account("resident", cast.resident.id, "", 1), entry)
        page = booth(held, cast.client(cast.resident))
        assert (page.status, page.heading) == (403, "この投票の名簿にのっていません")
        assert why in page.text
        assert "みなと野市住民投票条例" in page.text
        assert "第12条第2項" in page.text


def test_after_the_end_nothing_is_cast(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    review = booth(held, client).press(LOOK, choice="o01")
    held.end()
    for late in (review.press(CAST), review.press(TEST)):
        assert (late.status, late.heading) == (409, "いまは投票できません")
    assert client.get("/votes/hall/cast").headers["Location"] == "/votes/hall"
    assert held.board.length == 0


def test_a_tested_ballot_is_right_and_is_never_cast(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    review = booth(held, client).press(LOOK, choice="o02")
    tested = review.press(TEST)
    assert tested.heading == "この票を検査のために開きました"
    link = tested.html.select_one("a[download^=hall-test]")
    assert link is not None
    file = read(base64.b64decode(str(link["href"]).partition(",")[2]))
    shown = tested.html.select_one(".typed--file")
    assert shown is not None
    assert shown.get_text().encode() == canonical(file)
    assert file["choices"] == [[0, 1, 0]]
    manifest = held.replayed.manifest
    ballot = read_ballot(file["ballot"], manifest)
    randomness = [[read_scalar(one, "x") for one in row] for row in file["randomness"]]
    assert is_opened_by(ballot, file["choices"], randomness, manifest)
    assert ballot.confirmation in held.replayed.audited
    refused = review.press(CAST)
    assert refused.status == 409
    assert refused.form(LOOK)
    assert tested.follow("選び直す").press(LOOK, choice="o01").press(CAST).heading == "投票を受け付けました"


def test_a_cast_ballot_is_not_opened_any_more(cast: Cast) -> None:
    held = make_vote(cast)
    review = booth(held, enter(held, 1)).press(LOOK, choice="o02")
    review.press(CAST)
    page = review.press(TEST)
    assert page.status == 409
    assert "randomness" not in page.response.text


def test_a_form_of_an_ended_session_shows_and_carries_nothing(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    answer = client.post("/votes/hall/cast", data={"csrf_token": "old", "act": "look", "choice": "o02"})
    assert answer.status_code == 400
    assert "o02" not in answer.text
    assert "投票はされていません" in answer.text


def test_a_choice_posted_without_a_code_travels_nowhere(cast: Cast) -> None:
    make_vote(cast)
    client = cast.client()
    token = token_of(client, "/receipt")
    answer = client.post("/votes/hall/cast", data={"csrf_token": token, "act": "look", "choice": "o02"})
    assert answer.status_code == 303
    assert "o02" not in client.get(answer.headers["Location"]).text


def test_several_questions_are_cast_together(cast: Cast) -> None:
    held = make_vote(cast, single(), approval(3, 1, 2, code="q2"), score(2, 5, code="q3"))
    paper = booth(held, enter(held, 1))
    answers = {"choice.q1": "o00", "choice.q2.o01": "01", "choice.q2.o03": "01", "choice.q3.o02": "05"}
    review = paper.press(LOOK, **answers)
    assert review.status == 200
    assert review.press(CAST).heading == "投票を受け付けました"
    for number in range(2, 12):
        held.vote_for(number, [1, 0, 0], [1, 0, 0, 0], [1, 2])
    assert held.count(1, 2) == [[10, 0, 1], [11, 0, 1, 0], [10, 25]]


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({}, "1つ以上、または白票を選んでください。いま選んでいるのは0つです。"),
        (dict.fromkeys(("o01", "o02", "o03"), "01"), "選べるのは2つまでです。いま選んでいるのは3つです。"),
        ({"o00": "01", "o01": "01"}, "白票を選んだときは、ほかを選ばないでください。"),
    ],
)
def test_too_many_too_few_and_blank_with_more_are_refused(cast: Cast, chosen: dict[str, str], sentence: str) -> None:
    held = make_vote(cast, approval(3, 1, 2))
    sent = {f"choice.{code}": value for code, value in chosen.items()}
    page = booth(held, enter(held, 1)).press(LOOK, **sent)
    assert (page.status, page.errors) == (422, [sentence])


def test_an_abstainer_sees_that_no_ballot_was_cast_in_her_name(cast: Cast) -> None:
    held = make_vote(cast)
    vote_by_pages(held, 1)
    assert "あなたの票は、掲示板にありません" in opens(enter(held, 2), "/votes/hall/receipt").text


def test_a_confirmation_number_is_included_not_yet_signed_tested_or_missing(cast: Cast) -> None:
    held = make_vote(cast)
    first, tested = held.vote_for(1, [1, 0, 0]), held.prepare(2, [1, 0, 0])
    casting.open_as_test(held.id, held.voter(2), tested.body, clock.now())
    posting.sign_head(held.id, clock.now())
    second = held.vote_for(3, [1, 0, 0])
    page = opens(cast.client(), "/votes/hall/receipt")
    for number, answer in (
        (first.confirmation, "この票は掲示板にあります 2"),
        (second.confirmation, "署名はこれからです"),
        (tested.confirmation, "検査した票の番号です"),
        ("A" * 24, "この番号は掲示板にありません"),
    ):
        typed = "-".join(number[start : start + 4] for start in range(0, 24, 4)).lower()
        assert answer.removesuffix(" 2") in page.press("調べる", number=typed).text


def test_guessing_numbers_is_limited(cast: Cast) -> None:
    make_vote(cast)
    client = cast.client()
    page = opens(client, "/votes/hall/receipt")
    answers = [page.form("調べる").send(number="A" * 24).status for _ in range(31)]
    assert answers[-1] == 429


def test_the_receipt_of_a_later_ballot_replaces_the_first(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    for choice in ("o01", "o02"):
        booth(held, client).press(LOOK, choice=choice).press(CAST)
    assert read(client.get("/votes/hall/receipt.json").data)["entry"] == 3


def test_the_account_of_a_voter_says_that_she_took_part_and_nothing_else(cast: Cast) -> None:
    held = make_vote(cast)
    identity.link_entry(Account("resident", cast.resident.id, "", 1), held.entries[0])
    client = cast.client(cast.resident)
    booth(held, client).press(LOOK, choice="o02").press(CAST)
    me = opens(client, "/me")
    confirmation = held.vote_for(1, [1, 0, 0]).confirmation
    assert "市民会館の建て替えの賛否" in me.text
    assert confirmation not in me.response.text
    assert "案2" not in me.text


@pytest.mark.parametrize("state", ["hall", "hall/results", "hall/board", "hall/receipt", "hall/cast"])
def test_every_page_says_that_this_is_a_trial(cast: Cast, state: str) -> None:
    held = make_vote(cast)
    page = opens(enter(held, 1), f"/votes/{state}")
    assert "試行" in page.text
    assert "専門家による確認はまだ受けていません" in page.text


def test_while_the_server_is_busy_the_same_button_casts_the_same_ballot_a_moment_later(cast: Cast) -> None:
    held = make_vote(cast)
    review = booth(held, enter(held, 1)).press(LOOK, choice="o01")
    with closing(sqlite3.connect(cast.app.extensions["settings"].instance / "machikoe.db")) as other:
        db.session.rollback()
        other.execute("BEGIN IMMEDIATE")
        busy = review.press(CAST)
        other.rollback()
    assert (busy.status, held.board.length) == (503, 0)
    assert busy.response.headers["Retry-After"]
    assert busy.press(CAST).heading == "投票を受け付けました"
    assert held.board.length == 2
