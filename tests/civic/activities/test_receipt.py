"""Finding one's own participation again: by number without an account, and on one's own page."""

import pytest
from flask.testing import FlaskClient

from civic.activities import actions, ledger
from civic.activities.states import Channel
from tests.cast import Cast, post
from tests.factories.gatherings import REGISTERED, Desk, take_part, words


def look_up(client: FlaskClient, number: str) -> str:
    answer = post(client, "/receipt", number=number)
    assert answer.status_code == 303
    assert number not in answer.location
    return client.get(answer.location).text


def test_a_number_shows_that_it_arrived_and_what_became_of_it(client: FlaskClient, desk: Desk) -> None:
    made = desk.opened(title=words("公園の木"))
    number = take_part(made, channel=Channel.PAPER).participation.receipt
    assert number is not None
    page = look_up(client, number)
    assert "公園の木" in page
    assert "紙" in page
    assert "1件として数えています" in page
    actions.set_due_latches(made, desk.after)
    actions.close(made, desk.author, desk.after)
    revision = actions.write_answer(made, words("木を植えます。"), 1, desk.author, desk.after)
    actions.publish_answer(made, revision, desk.approver, desk.after)
    assert "木を植えます。" in look_up(client, number)


def test_separators_case_and_look_alikes_do_not_matter(client: FlaskClient, desk: Desk) -> None:
    number = take_part(desk.opened()).participation.receipt
    assert number is not None
    typed = "-".join(number[i : i + 4] for i in range(0, 16, 4)).lower().replace("0", "o").replace("1", "l")
    assert "1件として数えています" in look_up(client, f" {typed} ")


@pytest.mark.parametrize(
    "number", ["", "abc", "0000000000000000", "7K3M-2Q9X-B4TP-8WZC", "x" * 5000, "' OR 1=1", "受付"]
)
def test_unknown_and_mistyped_numbers_get_one_answer(client: FlaskClient, desk: Desk, number: str) -> None:
    take_part(desk.opened())
    answer = post(client, "/receipt", number=number)
    assert answer.status_code == 422
    assert "この受付番号は見つかりません" in answer.text
    assert "件として" not in answer.text


def test_guessing_is_slowed_down(client: FlaskClient, desk: Desk) -> None:
    statuses = [post(client, "/receipt", number=ledger.new_receipt()).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_found_number_is_forgotten_after_it_was_shown(client: FlaskClient, desk: Desk) -> None:
    number = take_part(desk.opened(title=words("公園の木"))).participation.receipt
    assert number is not None
    look_up(client, number)
    assert "公園の木" not in client.get("/receipt").text


def test_my_page_lists_what_i_took_part_in_and_nothing_of_my_neighbour(cast: Cast, desk: Desk) -> None:
    mine, hers = desk.opened(**REGISTERED, title=words("わたしの")), desk.opened(**REGISTERED, title=words("となりの"))
    take_part(mine, f"resident:{cast.resident.id}")
    take_part(hers, f"resident:{cast.neighbour.id}")
    page = cast.client(cast.resident).get("/me").text
    assert "わたしの" in page
    assert "となりの" not in page


@pytest.mark.parametrize(
    ("language", "reason"), [("ja", "案を作り直すためです。"), ("ja-easy", "やさしい ことば"), ("en", "In English")]
)
def test_the_reason_of_a_withdrawal_is_in_the_readers_language(
    client: FlaskClient, desk: Desk, language: str, reason: str
) -> None:
    made = desk.opened(summary={"ja": "概要"})
    number = take_part(made).participation.receipt
    actions.withdraw(made, words("案を作り直すためです。"), desk.approver, desk.at)
    client.get(f"/?lang={language}")
    assert number is not None
    assert reason in look_up(client, number)
