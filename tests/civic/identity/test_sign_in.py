"""Signing in and out: one page for residents, staff and council."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic import clock
from civic.app import create_app
from civic.audit.models import AuditRecord
from civic.config import Settings
from civic.db import db, writing
from civic.identity import actions, codes, passwords, queries
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.models import Resident, StaffMember
from civic.identity.refusals import WrongCode
from civic.identity.roles import Role
from civic.refusals import Busy
from tests.cast import PASSWORD, PLANNING, Cast, Person, post
from tests.conftest import COSTLY_HASHER, Visitor
from wsgi import FEATURES


def signed_in(client: FlaskClient) -> bool:
    """Whether this browser may look for recovery codes or, as a resident, change its address."""
    return 200 in {client.get("/me/recovery-codes").status_code, client.get("/me/address").status_code}


def alert(answer: TestResponse) -> str:
    """The sentences of the error summary."""
    found = BeautifulSoup(answer.text, "html5lib").select_one(".error-summary")
    assert found is not None, answer.text
    return found.get_text(" ", strip=True)


def present_code(person: Person) -> str:
    assert person.secret is not None
    return codes.totp_at(person.secret, codes.step_at(clock.now()))


def allow_present_code(person: Person) -> None:
    """As if the code of the enrolment lay a minute back."""
    with writing() as session:
        session.execute(sa.update(StaffMember).where(StaffMember.id == person.id).values(totp_last_step=0))


def test_a_resident_signs_in_with_address_and_password(cast: Cast) -> None:
    client = cast.client()
    assert not signed_in(client)
    assert post(client, "/sign-in", login=cast.resident.login, password=PASSWORD).status_code == 303
    assert signed_in(client)


def test_capital_letters_and_blanks_around_the_address_do_not_matter(cast: Cast) -> None:
    person = cast.resident
    answer = post(cast.client(), "/sign-in", login=f" {person.login.upper()} ", password=PASSWORD)
    assert answer.status_code == 303


def wide(text: str) -> str:
    """The text as a Japanese keyboard left in full width gives it."""
    return "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in text)


def test_full_width_letters_are_the_same_name_and_password(cast: Cast) -> None:
    person = cast.resident
    answer = post(cast.client(), "/sign-in", login=wide(person.login), password=wide(PASSWORD))
    assert answer.status_code == 303


def test_a_clerk_is_signed_in_only_after_the_code(cast: Cast) -> None:
    client = cast.client()
    answer = post(client, "/sign-in", login=cast.editor.login, password=PASSWORD)
    assert answer.status_code == 303
    assert not signed_in(client)
    allow_present_code(cast.editor)
    answer = post(client, "/sign-in", code=present_code(cast.editor))
    assert (answer.status_code, answer.location) == (303, "/staff/")


@pytest.mark.parametrize(("who", "home"), [("council_member", "/council/"), ("admin", "/staff/"), ("resident", "/")])
def test_everybody_arrives_in_the_own_room(cast: Cast, who: str, home: str) -> None:
    assert cast.client(getattr(cast, who)).get("/sign-in").location == home


def test_a_wrong_sign_in_keeps_the_name_and_says_the_same_for_known_and_unknown(cast: Cast) -> None:
    known = post(cast.client(), "/sign-in", login=cast.resident.login, password="wrong password")
    unknown = post(cast.client(), "/sign-in", login="nobody@example.jp", password="wrong password")
    assert known.status_code == unknown.status_code == 422
    assert alert(known) == alert(unknown)
    page = BeautifulSoup(known.text, "html5lib")
    assert page.select_one("#login")["value"] == cast.resident.login
    assert page.select_one("#password").get("value") is None
    assert page.select_one("#password")["aria-invalid"] == "true"


@pytest.mark.parametrize("who", ["suspended", "expired_contractor"])
def test_who_may_not_sign_in_hears_the_same_words_as_a_stranger(cast: Cast, who: str) -> None:
    stranger = post(cast.client(), "/sign-in", login="nobody", password=PASSWORD)
    answer = post(cast.client(), "/sign-in", login=getattr(cast, who).login, password=PASSWORD)
    assert answer.status_code == 422
    assert alert(answer) == alert(stranger)


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []
    hasher = passwords.HASHER

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            computed.append(stored)
            return hasher.verify(stored, password)

        def check_needs_rehash(self, stored: str) -> bool:
            return hasher.check_needs_rehash(stored)

    person = cast.resident
    passwords.hash_of_nobody()
    monkeypatch.setattr(passwords, "HASHER", Counting())
    post(cast.client(), "/sign-in", login=person.login, password="wrong password")
    known = len(computed)
    post(cast.client(), "/sign-in", login="nobody@example.jp", password="wrong password")
    assert known == len(computed) - known == 1


def test_empty_fields_are_refused_beside_themselves(cast: Cast) -> None:
    page = BeautifulSoup(post(cast.client(), "/sign-in", login="", password="").text, "html5lib")
    assert [link["href"] for link in page.select(".error-list a")] == ["#login", "#password"]


@pytest.mark.parametrize(
    ("wished", "goes_to"),
    [
        ("/surveys/park", "/surveys/park"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\r\nb", "/"),
    ],
)
def test_next_leads_nowhere_but_to_this_site(cast: Cast, wished: str, goes_to: str) -> None:
    person, client = cast.resident, cast.client()
    client.get("/sign-in")
    answer = client.post(
        "/sign-in",
        query_string={"next": wished},
        data={"csrf_token": token(client), "login": person.login, "password": PASSWORD},
    )
    assert answer.location == goes_to


def token(client: FlaskClient) -> str:
    found = BeautifulSoup(client.get("/sign-in").text, "html5lib").select_one("[name=csrf_token]")
    assert found is not None
    return str(found["value"])


def test_a_page_that_needs_an_account_leads_through_sign_in_and_back(cast: Cast) -> None:
    answer = cast.client().get("/me?x=1")
    assert answer.location == "/sign-in?next=/me?x%3D1"


def test_a_code_is_good_once(cast: Cast) -> None:
    person = cast.editor
    allow_present_code(person)
    code = present_code(person)
    assert actions.second_factor(person.id, code).id == person.id
    with pytest.raises(WrongCode):
        actions.second_factor(person.id, code)


def test_without_the_last_step_a_code_would_be_good_twice(cast: Cast) -> None:
    """The guard above, broken: it is `totp_last_step` that makes the difference."""
    person = cast.editor
    for _ in range(2):
        allow_present_code(person)
        assert actions.second_factor(person.id, present_code(person))


def test_a_recovery_code_replaces_the_code_once(cast: Cast) -> None:
    invitation = administration.create_staff("sato", [(Role.ADMIN, None)], actor=OPERATOR)
    secret = queries.secret_of_link(invitation.token)
    done = actions.enrol(invitation.token, PASSWORD, codes.totp_at(secret, codes.step_at(clock.now())))
    assert len(set(done.recovery_codes)) == 10
    typed = codes.grouped(done.recovery_codes[0]).lower()
    assert actions.second_factor(done.staff_id, typed).id == done.staff_id
    with pytest.raises(WrongCode):
        actions.second_factor(done.staff_id, typed)
    assert actions.second_factor(done.staff_id, done.recovery_codes[1])


def test_a_wrong_code_stays_at_its_step(cast: Cast) -> None:
    client = cast.client()
    post(client, "/sign-in", login=cast.editor.login, password=PASSWORD)
    answer = post(client, "/sign-in", code="000000")
    assert answer.status_code == 422
    assert BeautifulSoup(answer.text, "html5lib").select_one("#code")["aria-invalid"] == "true"
    assert not signed_in(client)


def test_a_code_without_a_password_before_it_opens_nothing(cast: Cast) -> None:
    allow_present_code(cast.editor)
    client = cast.client()
    answer = post(client, "/sign-in", code=present_code(cast.editor))
    assert answer.status_code == 422
    assert not signed_in(client)


def test_one_can_go_back_to_another_account_between_the_steps(cast: Cast) -> None:
    client = cast.client()
    post(client, "/sign-in", login=cast.editor.login, password=PASSWORD)
    assert post(client, "/sign-in", start_over="1").status_code == 303
    assert 'name="password"' in client.get("/sign-in").text


def test_signing_out_ends_every_session_of_the_account_even_a_copied_cookie(cast: Cast) -> None:
    phone, desk = cast.client(cast.resident), cast.client(cast.resident)
    copied = phone.get_cookie("session")
    assert copied is not None
    post(phone, "/sign-out", page="/password")
    assert not signed_in(phone)
    assert not signed_in(desk)
    thief = cast.client()
    thief.set_cookie("session", copied.value)
    assert not signed_in(thief)


def test_signing_out_twice_is_no_error(cast: Cast) -> None:
    assert post(cast.client(), "/sign-out", page="/sign-in").status_code == 303


def test_a_password_change_ends_every_other_session(cast: Cast) -> None:
    phone, desk = cast.client(cast.editor), cast.client(cast.editor)
    answer = post(desk, "/password", password=PASSWORD, new_password="another four words here")
    assert answer.status_code == 303
    assert not signed_in(phone)
    assert desk.get("/password").status_code == 200


@pytest.mark.parametrize("act", ["suspend", "roles", "reset"])
def test_what_an_administrator_does_to_an_account_counts_from_the_next_request(cast: Cast, act: str) -> None:
    person = cast.editor
    client = cast.client(person)
    if act == "suspend":
        administration.suspend(person.id, actor=OPERATOR)
    elif act == "roles":
        administration.change_roles(person.id, [(Role.ANALYST, cast.department(PLANNING))], None, actor=OPERATOR)
    else:
        administration.reset_second_factor(person.id, actor=OPERATOR)
    assert not signed_in(client)


def test_a_contractor_is_out_after_the_last_day(cast: Cast) -> None:
    person = cast.editor
    client = cast.client(person)
    with writing() as session:
        session.execute(
            sa.update(StaffMember).where(StaffMember.id == person.id).values(ends_on=sa.text("'2020-01-01'"))
        )
    assert not signed_in(client)


def test_staff_sign_ins_are_audited_and_residents_never_are(cast: Cast) -> None:
    cast.client(cast.resident)
    cast.client(cast.editor)
    found = db.session.execute(sa.select(AuditRecord.act, AuditRecord.actor)).all()
    assert ("staff.signed_in", f"staff:{cast.editor.id}") in found
    assert not [row for row in found if "resident" in row.actor]


def test_a_hash_with_old_costs_is_made_anew_at_sign_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", COSTLY_HASHER)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    person = cast.resident
    with writing() as session:
        session.execute(sa.update(Resident).where(Resident.id == person.id).values(password_hash=old))
    client = cast.client(cast.resident)
    stored = db.session.scalar(sa.select(Resident.password_hash).where(Resident.id == person.id))
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert client.get("/password").status_code == 200


def test_a_crowd_at_the_door_is_told_to_come_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    taken = [passwords.AT_ONCE.acquire() for _ in range(4)]
    try:
        with pytest.raises(Busy):
            passwords.hashed(PASSWORD)
    finally:
        for _ in taken:
            passwords.AT_ONCE.release()


def test_every_account_page_speaks_three_languages(cast: Cast) -> None:
    for address in ("/sign-in", "/sign-up", "/password", "/sign-up/mailed"):
        headings = set()
        for language in ("ja", "ja-easy", "en"):
            page = BeautifulSoup(cast.client().get(f"{address}?lang={language}").text, "html5lib")
            headings.add(page.select_one("h1").get_text())
        assert len(headings) == 3, address


@pytest.mark.parametrize(("base_url", "prefix"), [("https://city.example", "__Host-"), ("http://127.0.0.1:8000", "")])
def test_cookies_are_bound_to_the_host_exactly_when_the_site_is_https(
    settings: Settings, base_url: str, prefix: str
) -> None:
    app = create_app(replace(settings, base_url=base_url), FEATURES)
    app.test_client_class = Visitor
    with app.app_context():
        person = Cast(app).resident
        client = app.test_client()
        page = client.get("/sign-in?lang=en", base_url=base_url)
        token = BeautifulSoup(page.text, "html5lib").select_one("[name=csrf_token]")["value"]
        answer = client.post(
            "/sign-in",
            base_url=base_url,
            headers={"Referer": f"{base_url}/sign-in"},
            data={"csrf_token": token, "login": person.login, "password": PASSWORD},
        )
    assert answer.status_code == 303
    cookies = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        prefix + name for name in ("session", "language", "known")
    }
    for cookie in cookies:
        assert ("Secure" in cookie) == bool(prefix)
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_characters_nobody_types_and_endless_passwords_are_only_wrong(cast: Cast) -> None:
    client = cast.client()
    assert post(client, "/sign-in", login="a\0b", password=PASSWORD).status_code == 422
    assert post(client, "/sign-in", login=cast.resident.login, password="x" * 500_000).status_code == 422
    assert post(client, "/password", login="a\0b").status_code == 422
    assert client.get("/code/a%00b").status_code == 400
    assert cast.client(cast.admin).get(f"/admin/staff/{10**30}").status_code == 404
