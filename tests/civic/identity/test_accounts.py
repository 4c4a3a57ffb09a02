"""Residents' accounts: from the mailed link to their deletion."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from civic import clock
from civic.db import db, writing
from civic.identity import actions, links
from civic.identity.models import LinkPurpose, OneTimeLink, Resident
from civic.identity.refusals import AddressTaken, LinkOver
from civic.keys import keys
from civic.notices.models import Mail
from civic.notices.outbox import place
from tests.cast import PASSWORD, Cast, post

NEW = "another four words here"


def mails() -> list[tuple[str, str]]:
    """Address and text of every queued mail, in order."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Mail).order_by(Mail.id))
    return [(keys().unseal(place(row.key), row.sealed_to or b""), row.body or "") for row in rows]


def link_in(body: str) -> str:
    found = re.search(r"https?://[^/]+(/links/\S+)", body)
    assert found is not None, body
    return found.group(1)


def signed_in(client: FlaskClient) -> bool:
    """Whether a resident is signed in."""
    return client.get("/me/address").status_code == 200


def residents() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Resident)) or 0


def test_a_resident_signs_up_by_a_mailed_link_and_is_in(app: Flask, client: FlaskClient) -> None:
    assert post(client, "/sign-up", email="Hana@Example.jp").status_code == 303
    [(to, body)] = mails()
    assert to == "Hana@Example.jp"
    address = link_in(body)
    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200, "looking must not use the link up"
    assert post(client, address, new_password=NEW).status_code == 303
    assert signed_in(client)
    again = app.test_client()
    assert post(again, "/sign-in", login="hana@example.jp", password=NEW).status_code == 303
    assert again.get(address).status_code == 404


def test_signing_up_twice_tells_the_screen_nothing_and_the_owner_everything(cast: Cast) -> None:
    person = cast.resident
    known = post(cast.client(), "/sign-up", email=person.login)
    unknown = post(cast.client(), "/sign-up", email="new@example.jp")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    (_, first), (to, told), (_, welcome) = mails()
    assert to == person.login
    assert "/links/" not in told
    assert link_in(welcome) != link_in(first)


def test_a_stranger_who_signs_up_with_my_address_gets_no_password_into_it(app: Flask) -> None:
    """The password is chosen behind the link: whoever reads the mail decides it, not whoever typed the address."""
    page = BeautifulSoup(app.test_client().get("/sign-up").text, "html5lib")
    fields = {field["name"] for field in page.select("main form input")}
    assert fields == {"csrf_token", "email"}


def test_an_unconfirmed_address_cannot_sign_in_and_is_deleted_after_two_days(app: Flask) -> None:
    actions.register_resident("a@example.jp")
    assert residents() == 1
    with time_machine.travel(clock.now() + timedelta(days=3)):
        actions.register_resident("b@example.jp")
    assert residents() == 1


@pytest.mark.parametrize(
    ("email", "count"), [("", 1), ("no-at", 1), ("a@b", 1), ("a b@example.jp", 1), ("x" * 300 + "@example.jp", 1)]
)
def test_a_wrong_address_is_refused_beside_itself_and_stays_typed(client: FlaskClient, email: str, count: int) -> None:
    answer = post(client, "/sign-up", email=email)
    page = BeautifulSoup(answer.text, "html5lib")
    assert answer.status_code == 422
    assert page.select_one("#email")["aria-describedby"] == "email-error"
    assert page.select_one("#email").get("value", "") == email
    assert len(page.select(".error-list a[href='#email']")) == count


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "hana.suzuki", "x1y2" * 60])
def test_a_weak_password_is_refused(app: Flask, client: FlaskClient, password: str) -> None:
    token = actions.register_resident("hana.suzuki@example.jp")
    answer = post(client, f"/links/{token}", new_password=password)
    assert answer.status_code == 422
    assert BeautifulSoup(answer.text, "html5lib").select_one("#new_password").get("value") is None
    assert client.get(f"/links/{token}").status_code == 200


def test_a_forgotten_password_is_chosen_anew_and_old_sessions_end(cast: Cast) -> None:
    person = cast.resident
    phone, client = cast.client(person), cast.client()
    assert post(client, "/password", login=person.login).status_code == 303
    assert post(client, link_in(mails()[-1][1]), new_password=NEW).status_code == 303
    assert signed_in(client)
    assert not signed_in(phone)
    assert post(cast.client(), "/sign-in", login=person.login, password=PASSWORD).status_code == 422


def test_a_clerk_with_a_new_password_still_needs_the_code(cast: Cast) -> None:
    person = cast.editor
    client = cast.client()
    token = "a-token-of-a-clerk"
    with writing() as session:
        links.issue(session, token, LinkPurpose.PASSWORD, staff_id=person.id)
    answer = post(client, f"/links/{token}", new_password=NEW)
    assert answer.location == "/sign-in"
    assert client.get("/me").status_code == 302


def test_asking_for_a_password_says_the_same_for_known_and_unknown(cast: Cast) -> None:
    known = post(cast.client(), "/password", login=cast.resident.login)
    before = len(mails())
    unknown = post(cast.client(), "/password", login="nobody@example.jp")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert len(mails()) == before


def test_nobody_is_flooded_with_mail(cast: Cast) -> None:
    client, login = cast.client(), cast.resident.login
    statuses = [post(client, "/password", login=login).status_code for _ in range(4)]
    assert statuses == [303, 303, 303, 429]


def test_a_newer_link_ends_the_older(cast: Cast) -> None:
    first = actions.forgot_password(cast.resident.login)
    second = actions.forgot_password(cast.resident.login)
    client = cast.client()
    assert client.get(f"/links/{first}").status_code == 404
    assert client.get(f"/links/{second}").status_code == 200


def test_a_link_is_over_after_its_day(cast: Cast) -> None:
    token = actions.forgot_password(cast.resident.login)
    assert token is not None
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)), pytest.raises(LinkOver):
        actions.choose_password(token, NEW)


def test_a_link_is_good_once(cast: Cast) -> None:
    token = actions.forgot_password(cast.resident.login)
    assert token is not None
    actions.choose_password(token, NEW)
    with pytest.raises(LinkOver):
        actions.choose_password(token, "and four words more")


def test_the_database_holds_no_link_that_could_be_followed(cast: Cast) -> None:
    token = actions.forgot_password(cast.resident.login)
    assert token is not None
    assert token.encode() not in (
        db.session.scalar(sa.select(OneTimeLink.token_hash).order_by(OneTimeLink.id.desc())) or b""
    )


def test_a_new_address_counts_once_confirmed_and_the_old_one_is_told(cast: Cast) -> None:
    person = cast.resident
    client = cast.client(person)
    assert post(client, "/me/address", email="new@example.jp", password=PASSWORD).status_code == 303
    assert post(cast.client(), "/sign-in", login=person.login, password=PASSWORD).status_code == 303
    to, body = mails()[-1]
    assert to == "new@example.jp"
    assert post(client, link_in(body)).status_code == 303
    assert mails()[-1][0] == person.login
    assert post(cast.client(), "/sign-in", login="new@example.jp", password=PASSWORD).status_code == 303


def test_changing_the_address_needs_the_password_and_keeps_what_was_typed(cast: Cast) -> None:
    answer = post(cast.client(cast.resident), "/me/address", email="new@example.jp", password="wrong")
    page = BeautifulSoup(answer.text, "html5lib")
    assert answer.status_code == 422
    assert page.select_one("#password")["aria-invalid"] == "true"
    assert page.select_one("#email")["value"] == "new@example.jp"


def test_an_address_of_somebody_else_is_not_given_away(cast: Cast) -> None:
    client = cast.client(cast.resident)
    free = post(client, "/me/address", email="free@example.jp", password=PASSWORD)
    taken = post(client, "/me/address", email=cast.neighbour.login, password=PASSWORD)
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert "/links/" not in mails()[-1][1]


def test_two_who_confirm_one_address_cannot_both_have_it(cast: Cast) -> None:
    one, other = (actions.queries.resident_account(person.id) for person in (cast.resident, cast.neighbour))
    assert one
    assert other
    tokens = [actions.ask_new_address(account, "same@example.jp", PASSWORD) for account in (one, other)]
    actions.confirm_address(tokens[0] or "")
    with pytest.raises(AddressTaken):
        actions.confirm_address(tokens[1] or "")


def test_a_deleted_account_is_gone_and_its_number_never_comes_back(cast: Cast) -> None:
    person = cast.resident
    client = cast.client(person)
    assert post(client, "/me/delete", password="wrong").status_code == 422
    assert post(client, "/me/delete", password=PASSWORD).status_code == 303
    assert residents() == 0
    assert post(cast.client(), "/sign-in", login=person.login, password=PASSWORD).status_code == 422
    assert cast.neighbour.id > person.id, "an old cookie or person key would name the wrong one"


def test_changing_a_password_asks_for_the_present_one(cast: Cast) -> None:
    answer = post(cast.client(cast.resident), "/password", password="wrong", new_password=NEW)
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert NEW not in answer.text


def test_account_mail_is_written_in_the_readers_language(client: FlaskClient, app: Flask) -> None:
    client.get("/sign-up?lang=en")
    post(client, "/sign-up", email="hana@example.jp")
    assert "Minatono City" in mails()[0][1]
    client.get("/sign-up?lang=ja-easy")
    post(client, "/sign-up", email="taro@example.jp")
    assert "{" not in mails()[1][1]
    assert "<ruby>" not in mails()[1][1]
    assert "みなと野市" in mails()[1][1]
