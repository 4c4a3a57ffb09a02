"""The residents' pages of a vote, as a voter walks through them."""

from flask.testing import FlaskClient

from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.checkpoints import read_receipt
from consultations.votes.protocol.encoding import read
from tests.cast import Cast
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
