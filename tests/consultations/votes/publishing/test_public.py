"""What everybody reads of a vote: the board, its files, the turnout, the result."""

import hashlib
import json
import tracemalloc
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.states import State
from civic.db import db, writing
from civic.jobs.child import perform_due
from consultations.votes.conducting import actions as conducting
from consultations.votes.models import BoardEntry, VoteBoard
from consultations.votes.posting import actions as posting
from consultations.votes.posting import boards
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.publishing import streaming
from consultations.votes.publishing.datasets import OTHERS, TOOK_PART, merged, tables_of
from tests.cast import Cast
from tests.factories.boards import approval, score, single
from tests.factories.surveys import actor
from tests.factories.votes import Held, make_vote
from tests.pages import opens

YES, NO, BLANK = [1, 0, 0], [0, 1, 0], [0, 0, 1]


def vote_of_all_states(cast: Cast) -> Held:
    """Re-votes, a test, a paper vote, checkpoints with and without cosignature, close, shares and result."""
    held = make_vote(cast, voters=16)
    for number in range(1, 14):
        held.vote_for(number, YES if number % 2 else NO)
    posting.sign_head(held.id, clock.now())
    held.vote_for(3, BLANK)
    conducting.record_paper(held.id, held.entries[15], "paper", actor(cast.editor), clock.now())
    return held


def test_the_board_is_served_byte_for_byte_as_the_protocol_writes_it(cast: Cast) -> None:
    held = vote_of_all_states(cast)
    client = cast.client()
    assert client.get("/votes/hall/board.json").data == held.file
    held.count(1, 2)
    assert client.get("/votes/hall/board.json").data == held.file
    assert client.get("/votes/hall/board.json").mimetype == "application/json"


def test_an_empty_board_is_a_board(cast: Cast) -> None:
    held = make_vote(cast)
    assert cast.client().get("/votes/hall/board.json").data == held.file
    assert "まだ何ものっていません" in opens(cast.client(), "/votes/hall/board").text


def test_the_same_bytes_come_in_any_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held = vote_of_all_states(cast)
    monkeypatch.setattr(streaming, "BATCH", 3)
    assert cast.client().get("/votes/hall/board.json").data == held.file


def test_what_is_posted_while_the_board_is_read_belongs_to_the_next_file(cast: Cast) -> None:
    held = vote_of_all_states(cast)
    before = held.file
    stream = streaming.board_file(held.board)
    first = next(stream)
    held.vote_for(5, BLANK)
    assert b"".join([first, *stream]) == before != held.file


def test_a_large_board_is_read_in_constant_memory(cast: Cast) -> None:
    held = vote_of_all_states(cast)
    board_id, body = held.board.id, "x" * 4000
    with writing() as session:
        length = held_length = session.get_one(VoteBoard, board_id).length
        for start in range(0, 10_000, 1000):
            rows = [
                {"board_id": board_id, "n": length + start + n, "kind": "cast", "body": body, "hash": bytes(32)}
                for n in range(1, 1001)
            ]
            session.execute(sa.insert(BoardEntry), rows)
        session.get_one(VoteBoard, board_id).length = held_length + 10_000
    board = held.board
    tracemalloc.start()
    size = sum(len(part) for part in streaming.board_file(board))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 40_000_000
    assert peak < 12_000_000


def test_the_manifest_is_the_file_whose_hash_is_the_votes_id(cast: Cast) -> None:
    held = make_vote(cast)
    assert canonical(read(cast.client().get("/votes/hall/manifest.json").data)).decode() == held.board.manifest
    assert held.board.digest in opens(cast.client(), "/votes/hall/board").text


def test_one_entry_stands_in_its_file_as_in_the_whole(cast: Cast) -> None:
    held = vote_of_all_states(cast)
    whole = json.loads(held.file)["entries"]
    for n in (1, 2, len(whole)):
        assert json.loads(cast.client().get(f"/votes/hall/board/{n}.json").data) == whole[n - 1]
    assert cast.client().get(f"/votes/hall/board/{len(whole) + 1}.json").status_code == 404
    assert cast.client().get("/votes/hall/board/0.json").status_code == 404


def test_the_board_is_turned_page_by_page(cast: Cast) -> None:
    held = make_vote(cast, voters=60)
    receipts = [held.vote_for(number, YES) for number in range(1, 61)]
    first, second = (opens(cast.client(), f"/votes/hall/board?page={page}") for page in (1, 2))
    newest, oldest = (one.confirmation for one in (receipts[-1], receipts[0]))
    assert "-".join(newest[at : at + 4] for at in range(0, 24, 4)) in first.text
    assert "-".join(oldest[at : at + 4] for at in range(0, 24, 4)) in second.text
    assert cast.client().get("/votes/hall/board?page=3").status_code == 404


def test_turnout_shows_live_as_a_count_with_paper_and_nothing_of_the_choices(cast: Cast) -> None:
    vote_of_all_states(cast)
    for address in ("/votes/hall", "/votes/hall/results", "/votes/hall/board"):
        page = opens(cast.client(), address)
        assert "14人" in page.text
        assert "名簿は16人" in page.text
    assert "結果はまだありません" in opens(cast.client(), "/votes/hall/results").text
    assert cast.client().get("/votes/hall/results.csv").status_code == 404


def test_the_result_shows_options_without_votes_and_all_of_them(cast: Cast) -> None:
    held = make_vote(cast, single(3))
    for number in range(1, 13):
        held.vote_for(number, [0, 1, 0, 0])
    held.count(1, 3)
    page = opens(cast.client(), "/votes/hall/results")
    cells = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in page.html.select("tbody tr")]
    assert cells[:4] == [["案1", "0"], ["案2", "12"], ["案3", "0"], ["白票", "0"]]
    assert "最も多いのは「案2」の12です" in page.response.text
    assert "開票が終わりました" in opens(cast.client(), "/votes/hall").text


def test_a_tie_is_called_a_tie(cast: Cast) -> None:
    held = make_vote(cast)
    for number in range(1, 13):
        held.vote_for(number, YES if number % 2 else NO)
    held.count(1, 3)
    assert "最も多いのは同数で、案1, 案2(それぞれ6)です" in opens(cast.client(), "/votes/hall/results").response.text


def test_points_are_shown_as_sums(cast: Cast) -> None:
    held = make_vote(cast, score(2, 5), approval(3, 1, 2, code="q2"))
    for number in range(1, 12):
        held.vote_for(number, [5, number % 2], [1, 1, 0, 0])
    held.count(2, 3)
    page = opens(cast.client(), "/votes/hall/results")
    assert "11票の点の合計" in page.text
    csv = cast.client().get("/votes/hall/results.csv").get_data(as_text=True).splitlines()
    assert [line.split(",")[2:5:2] for line in csv[1:]] == [
        ["o01", "55"], ["o02", "6"], ["o01", "11"], ["o02", "11"], ["o03", "0"], ["o00", "0"],
    ]  # fmt: skip


def test_nine_ballots_stay_closed_with_a_sentence(cast: Cast) -> None:
    held = make_vote(cast)
    for number in range(1, 10):
        held.vote_for(number, YES)
    held.end()
    held.close()
    for address in ("/votes/hall", "/votes/hall/results"):
        page = opens(cast.client(), address)
        assert "開票しません: 票が10票より少ないため" in page.text
        assert not page.html.select("figure")


def test_below_the_quorum_nothing_is_opened_and_the_page_says_by_which_rule(cast: Cast) -> None:
    held = make_vote(cast, voters=30, quorum={"numerator": 1, "denominator": 2})
    for number in range(1, 13):
        held.vote_for(number, YES)
    held.end()
    held.close()
    page = opens(cast.client(), "/votes/hall/results")
    assert "不成立" in page.text
    assert "名簿の2分の1以上の投票が必要でした" in page.text
    assert not page.html.select("figure")


def test_while_the_trustees_open_their_parts_the_page_says_how_many_have(cast: Cast) -> None:
    held = make_vote(cast)
    for number in range(1, 13):
        held.vote_for(number, YES)
    held.end()
    held.close()
    held.cosign()
    held.share(2)
    page = opens(cast.client(), "/votes/hall/results")
    assert "開票を終えた開票立会人は1人です。2人が必要です。" in page.text


def test_turnout_by_district_follows_the_close_where_enough_voted(cast: Cast) -> None:
    held = make_vote(cast, voters=60)
    for number in range(1, 41):
        held.vote_for(number, YES)
    assert "地区ごとの投票率" not in opens(cast.client(), "/votes/hall/results").text
    held.end()
    held.close()
    perform_due()
    page = opens(cast.client(), "/votes/hall/results")
    cells = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in page.html.select("tbody tr")]
    assert ["東地区", "20", "30", "66.7%"] in cells
    assert ["西地区", "20", "30", "66.7%"] in cells


def test_districts_with_few_voters_are_added_together(cast: Cast) -> None:
    held = make_vote(cast, voters=40)
    for number in [*range(1, 41, 2), 2, 4]:  # all of one district, two of the other
        held.vote_for(number, YES)
    held.end()
    held.close()
    db.session.rollback()
    names = [name for table in tables_of(held.vote) for axis in table.axes for name in axis.categories]
    assert "西地区" not in names
    perform_due()
    assert "西地区" not in opens(cast.client(), "/votes/hall/results").text


def test_merging_leaves_no_group_below_ten_voters() -> None:
    cells = Counter({("a", TOOK_PART): 30, ("b", TOOK_PART): 12, ("c", TOOK_PART): 4, ("c", "not_voted"): 90})
    folded = merged(cells)
    assert folded["a", TOOK_PART] == 30
    assert folded[OTHERS, TOOK_PART] == 16
    assert folded[OTHERS, "not_voted"] == 90


def test_both_verifiers_come_as_one_file_each_with_their_hash(cast: Cast) -> None:
    make_vote(cast)
    page = opens(cast.client(), "/votes/hall/results")
    for name in ("verify.pyz", "verify.html"):
        answer = cast.client().get(f"/votes/hall/files/{name}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert hashlib.sha256(answer.data).hexdigest() in page.text
    assert cast.client().get("/votes/hall/files/key.json").status_code == 404


def test_what_the_pages_count_is_what_the_board_says(cast: Cast) -> None:
    held = vote_of_all_states(cast)
    replayed = boards.replayed(db.session, held.board)
    assert (held.board.ballots, held.board.paper) == (len(replayed.counted), replayed.paper)


def test_a_vote_stands_on_the_first_page_and_in_the_feed_from_its_opening_to_its_end(cast: Cast) -> None:
    held = make_vote(cast)
    card = opens(cast.client(), "/").html.select_one(".act")
    assert card is not None
    assert "住民投票" in card.get_text()
    assert card.select_one("a[href='/votes/hall']")
    held.end()
    home = opens(cast.client(), "/")
    assert "結果は投票のページにのります" in home.text
    feed = cast.client().get("/feed.atom").get_data(as_text=True)
    assert feed.count("/votes/hall") == 2
    assert "案1" not in feed


def test_the_page_for_receipt_numbers_leads_to_the_votes_that_have_opened(cast: Cast) -> None:
    assert "確認番号" not in opens(cast.client(), "/receipt").text
    make_vote(cast)
    page = opens(cast.client(), "/receipt")
    assert page.follow("市民会館の建て替えの賛否").heading == "自分の票があるか確かめる"


def test_a_vote_that_has_not_opened_shows_everything_but_the_booth(cast: Cast) -> None:
    make_vote(cast, state=State.SCHEDULED, starts_at=clock.now() + timedelta(days=2))
    page = opens(cast.client(), "/votes/hall")
    assert "市民会館をどうしますか" in page.text
    assert "第12条第2項" in page.text
    assert not page.html.select("a[href$='/cast']")
    assert cast.client().get("/votes/hall/cast").headers["Location"] == "/votes/hall"


def test_a_draft_is_nowhere(cast: Cast) -> None:
    make_vote(cast, state=State.DRAFT)
    for address in ("", "/cast", "/receipt", "/board", "/board.json", "/manifest.json", "/results", "/board/1.json"):
        assert cast.client().get(f"/votes/hall{address}").status_code == 404


def test_a_withdrawn_vote_says_why_and_takes_nothing(cast: Cast) -> None:
    held = make_vote(cast)
    held.vote_for(1, YES)
    activities.withdraw(held.id, {"ja": "議会が条例を改めました。"}, actor(cast.approver), clock.now())
    page = opens(cast.client(), "/votes/hall")
    assert "議会が条例を改めました。" in page.text
    assert cast.client().get("/votes/hall/cast").headers["Location"] == "/votes/hall"
    assert cast.client().get("/votes/hall/board.json").data == held.file


def test_the_arguments_stand_in_the_order_of_the_lot_and_the_page_says_how(cast: Cast) -> None:
    for number in range(6):
        held = make_vote(cast, slug=f"hall-{number}")
        page = opens(cast.client(), f"/votes/hall-{number}")
        salt = json.loads(held.board.manifest)["salt"]
        digit = hashlib.sha256(salt.encode()).hexdigest()[-1]
        headings = [one.get_text(strip=True) for one in page.html.select("article h3")]
        expected = ["賛成の意見", "反対の意見"]
        assert headings == (expected if int(digit, 16) % 2 == 0 else expected[::-1])
        assert f"最後の文字は {digit} です" in page.text
