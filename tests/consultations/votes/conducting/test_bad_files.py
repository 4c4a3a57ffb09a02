"""A wrong file, a wrong number, a word of an election: a clear sentence at the right field, never a fault of ours."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from civic.activities.states import State
from consultations.votes import checks, rules
from consultations.votes.conducting.uploads import MOST_BYTES, value_of
from consultations.votes.refusals import FileRefused
from tests.cast import Cast
from tests.consultations.votes.conducting.test_pages import HALL, ceremony_of, rehearsal_of_trustee, send_file, upload
from tests.factories.votes import Held, make_vote
from tests.pages import Page, opens


@pytest.fixture
def editor(cast: Cast) -> FlaskClient:
    return cast.client(cast.editor)


def field_error(page: Page, name: str) -> str:
    """The sentence beside the field."""
    found = page.html.find(id=f"{name}-error")
    assert found is not None, page.errors
    return " ".join(found.get_text(" ").split())


def changed(value: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {**value, **parts}


def test_wrong_ceremonies_are_named_in_a_clerks_words(cast: Cast, editor: FlaskClient) -> None:
    held = make_vote(cast, state=State.DRAFT)
    right = ceremony_of(held)
    other = right["trustees"][0]["share"]
    cases = {
        "求めているファイルではありません": rehearsal_like(),
        "鍵が壊れています": changed(right, key="00" * 32),
        "計算したものと合いません": changed(right, key=other),
        "ほかの人の鍵と合いません": changed(
            right, trustees=[changed(right["trustees"][0], share=right["trustees"][1]["share"]), *right["trustees"][1:]]
        ),
        "証明が成り立ちません": changed(right, ceremony="11" * 32),
    }
    for sentence, value in cases.items():
        page = send_file(opens(editor, f"{HALL}/trustees"), "この鍵を取り込む", "file", value)
        assert page.status == 422
        assert sentence in field_error(page, "file")


def rehearsal_like() -> dict[str, Any]:
    return {"proofs": [], "shares": [], "trustee": 1}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{ }", b'{"a":1.0}', b"[" * 100_000])
def test_what_is_no_file_of_ours_is_refused(cast: Cast, editor: FlaskClient, content: bytes) -> None:
    make_vote(cast, state=State.DRAFT)
    page = opens(editor, f"{HALL}/trustees").press("この鍵を取り込む", file=[(BytesIO(content), "x.json")])
    assert page.status == 422
    assert "使えません" in field_error(page, "file")


def test_a_huge_file_is_not_read_to_its_end() -> None:
    with pytest.raises(FileRefused, match="longer or larger"):
        value_of(FileStorage(BytesIO(b"1" * (MOST_BYTES + 1))))


def test_a_rehearsal_in_the_wrong_field_or_with_the_wrong_key_is_said_there(cast: Cast, editor: FlaskClient) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    first, second = rehearsal_of_trustee(held, 1), rehearsal_of_trustee(held, 2)
    page = opens(editor, f"{HALL}/freeze")
    wrong_field = page.press("練習用の箱を開ける", share_1=[upload(second)], share_2=[upload(second)])
    assert "開票立会人2のファイル" in field_error(wrong_field, "share_1")
    held.poll.secrets[2] += 1
    wrong_key = page.press(
        "練習用の箱を開ける", share_1=[upload(first)], share_2=[upload(rehearsal_of_trustee(held, 2))]
    )
    assert "この開票立会人の鍵で作られたものではありません" in field_error(wrong_key, "share_2")
    assert wrong_key.html.find(id="share_1-error") is None
    alone = page.press("練習用の箱を開ける", share_1=[upload(first)])
    assert "少なくとも2人" in field_error(alone, "share_2")


def counting(cast: Cast) -> Held:
    held = make_vote(cast)
    for number in range(1, 12):
        held.vote_for(number, [1, 0, 0])
    held.end()
    held.close()
    return held


def test_a_share_waits_for_the_witnesses_and_comes_once(cast: Cast, editor: FlaskClient) -> None:
    held = counting(cast)
    waiting = opens(editor, f"{HALL}/shares")
    assert "締め切りに、確認立会の署名を待っています" in waiting.text
    held.cosign()
    share = held.share_of(1)
    assert "掲示板に載せました" in send_file(opens(editor, f"{HALL}/shares"), "掲示板に載せる", "file", share).text
    again = send_file(opens(editor, f"{HALL}/shares"), "掲示板に載せる", "file", share)
    assert (again.status, "もう掲示板にある" in field_error(again, "file")) == (422, True)
    held.poll.secrets[2] += 1
    wrong = send_file(opens(editor, f"{HALL}/shares"), "掲示板に載せる", "file", held.share_of(2))
    assert "この開票立会人の鍵で作られたものではありません" in field_error(wrong, "file")


def test_a_vote_on_paper_is_entered_by_number_once(cast: Cast, editor: FlaskClient) -> None:
    held = make_vote(cast)
    page = opens(editor, f"{HALL}/paper")
    done = page.press("掲示板に記録する", number="roll-hall-5", reason="paper", sure="y")
    assert "掲示板に記録しました" in done.text
    again = done.press("掲示板に記録する", number=held.codes[4], reason="paper", sure="y")
    assert (again.status, "もう記録されています" in field_error(again, "number")) == (422, True)
    assert held.board.paper == 1


def test_a_vote_with_nine_ballots_says_that_it_stays_closed(cast: Cast, editor: FlaskClient) -> None:
    held = make_vote(cast)
    for number in range(1, 10):
        held.vote_for(number, [1, 0, 0])
    held.end()
    held.close()
    for path in ("", "/shares"):
        assert "10票より少ないので、開票しません" in opens(editor, HALL + path).text


def test_words_of_an_election_are_shown_to_the_second_person(cast: Cast, editor: FlaskClient) -> None:
    make_vote(cast, state=State.DRAFT)
    page = opens(editor, f"{HALL}/questions/q1").press(
        "設問を保存する", text_ja="次の市長にふさわしい候補者はだれですか"
    )
    assert "別の人が読んで確かめる必要があります" in page.text
    approver = cast.client(cast.approver)
    assert "公職選挙法" in opens(approver, "/staff/activities/hall").text


@pytest.mark.parametrize(
    "text", ["市長選の候補者について", "だれが市長にふさわしいですか", "Who should be the next mayor?"]
)
def test_votes_on_persons_are_noticed(text: str) -> None:
    assert rules.words_of_an_election([text])


@pytest.mark.parametrize(
    "text", ["市役所を建て替えますか", "市長は結果を尊重します", "プールを続けますか", "選択肢を選びます"]
)
def test_votes_on_matters_are_left_in_peace(text: str) -> None:
    assert rules.words_of_an_election([text]) == []


def test_options_are_moved_removed_and_added_without_a_script(cast: Cast, editor: FlaskClient) -> None:
    held = make_vote(cast, state=State.DRAFT)
    page = opens(editor, f"{HALL}/questions/q1")
    button = page.html.select_one('button[value="down:0"]')
    assert button is not None
    form = page.form(" ".join(button.get_text(" ").split()))
    form.button = button
    form.send()
    assert [one["text"]["ja"] for one in held.vote.questions[0]["options"]] == ["案2", "案1"]
    more = opens(editor, f"{HALL}/questions/q1").press("保存して選択肢を増やす", **{"options-2-text_ja": "案3"})
    assert len(more.html.select('[name$="-text_ja"]')) == 4
    assert [one["code"] for one in held.vote.questions[0]["options"]] == ["o01", "o02", "o03"]


def test_two_editors_do_not_overwrite_each_other(cast: Cast, editor: FlaskClient) -> None:
    make_vote(cast, state=State.DRAFT)
    mine = opens(editor, f"{HALL}/facts")
    opens(editor, f"{HALL}/facts").press("決まりと意見を保存する", online_clause="第9条")
    late = mine.press("決まりと意見を保存する", online_clause="第10条")
    assert late.status == 409
    assert "第10条" in late.text


OF_A_FILE = ("canonical", "shape", "limits", "point", "scalar", "question", "rehearsal", "checkpoint", "result")


@pytest.mark.parametrize("check", [*OF_A_FILE, "manifest.proof", "manifest.key", "share.proof", "share.trustee"])
def test_every_check_a_file_can_fail_has_a_sentence_of_its_own(check: str) -> None:
    assert checks.sentence_of(f"{check} (trustee 2)").msgid != checks.UNKNOWN
