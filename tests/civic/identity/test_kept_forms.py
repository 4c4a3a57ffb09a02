"""A form whose session is over comes back after sign-in with everything that was typed."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from civic import clock
from civic.identity import codes, kept
from civic.identity.administration import queries as administration
from tests.cast import PASSWORD, Cast, forget_last_code, post, token_of

DEPARTMENT = {"code": "parks", "name_ja": "公園課 & <緑>", "name_easy": "", "name_en": "Parks"}


def hidden(answer: TestResponse, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to `action`."""
    form = BeautifulSoup(answer.text, "html5lib").select_one(f'form[action="{action}"]')
    assert form is not None, answer.text
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


def codes_of(cast: Cast) -> list[str]:
    return [department.code for department in administration.departments()]


@pytest.mark.parametrize("how", ["cookie gone", "signed out elsewhere"])
def test_an_administrator_signs_in_again_and_sends_the_same_text_with_one_button(cast: Cast, how: str) -> None:
    client = cast.client(cast.admin)
    token = token_of(client, "/admin/departments")
    if how == "cookie gone":
        client.delete_cookie("session")
    else:
        post(cast.client(cast.admin), "/sign-out", page="/admin/departments")
    answer = client.post("/admin/departments", data={"csrf_token": token, **DEPARTMENT})
    assert answer.status_code == 401
    assert "公園課 &amp; &lt;緑&gt;" in answer.text
    assert codes_of(cast) == []

    fields = hidden(answer, "/sign-in")
    answer = client.post("/sign-in", data={**fields, "login": cast.admin.login, "password": "wrong password"})
    assert answer.status_code == 422
    fields = hidden(answer, "/sign-in")
    answer = client.post("/sign-in", data={**fields, "login": cast.admin.login, "password": PASSWORD})
    fields = hidden(answer, "/sign-in")
    forget_last_code(cast.admin)
    answer = client.post("/sign-in", data={**fields, "code": code_of(cast)})

    fields = hidden(answer, "/admin/departments")
    assert {name: fields[name] for name in DEPARTMENT} == DEPARTMENT
    assert client.post("/admin/departments", data=fields).status_code == 303
    assert codes_of(cast) == ["parks"]


def test_sign_in_shows_one_lower_case_word_and_no_name_of_a_field(cast: Cast) -> None:
    client = cast.client(cast.admin)
    token = token_of(client, "/admin/departments")
    client.delete_cookie("session")
    sent = {"csrf_token": token, **DEPARTMENT, "name_en": "bus", "act": "rename"}
    shown = BeautifulSoup(client.post("/admin/departments", data=sent).text, "html5lib").select_one("dl.summary")
    assert shown is not None
    assert "bus" in [one.get_text() for one in shown.select("dd")]
    assert "rename" not in shown.get_text()
    assert {one.get_text() for one in shown.select("dt")} == {"入力した文"}


def code_of(cast: Cast) -> str:
    assert cast.admin.secret is not None
    return codes.totp_at(cast.admin.secret, codes.step_at(clock.now()))


def test_a_form_sent_by_another_site_is_neither_kept_nor_offered(cast: Cast) -> None:
    client = cast.client()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = client.post("/admin/departments", data=DEPARTMENT, headers=headers)
        assert answer.status_code == 400
        assert 'name="kept"' not in answer.text
        assert 'action="/admin/departments"' not in answer.text


def test_passwords_and_codes_are_never_kept(app: Flask) -> None:
    with app.test_request_context(
        "/sign-in", method="POST", data={"login": "sato", "password": "secret-1", "code": "123456", "csrf_token": "x"}
    ):
        assert kept.posted().fields == (("login", "sato"),)


def test_a_code_that_a_clerk_typed_into_an_editor_is_kept(app: Flask) -> None:
    with app.test_request_context("/admin/departments", method="POST", data={"code": "parks"}):
        assert kept.posted().fields == (("code", "parks"),)


def test_what_is_kept_can_neither_be_forged_nor_used_for_ever(app: Flask) -> None:
    form = kept.KeptForm("/admin/departments", (("code", "parks"),))
    sealed = kept.sealed(form)
    assert kept.opened(sealed) == form
    assert kept.opened(sealed[:-8] + "AAAAAAAA") is None
    assert kept.opened("not sealed at all") is None
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert kept.opened(sealed) is None


def test_a_form_too_large_to_carry_is_shown_to_be_copied(app: Flask) -> None:
    assert kept.sealed(kept.KeptForm("/x", (("body", "あ" * 200_000),))) == ""


def test_too_many_tries_do_not_cost_the_typed_text(cast: Cast) -> None:
    client = cast.client(cast.admin)
    token = token_of(client, "/admin/departments")
    client.delete_cookie("session")
    answer = client.post("/admin/departments", data={"csrf_token": token, **DEPARTMENT})
    for _ in range(11):
        fields = hidden(answer, "/sign-in")
        answer = client.post("/sign-in", data={**fields, "login": cast.admin.login, "password": "wrong password"})
    assert answer.status_code == 429
    form = kept.opened(hidden(answer, "/sign-in")["kept"])
    assert form is not None
    assert dict(form.fields)["name_ja"] == DEPARTMENT["name_ja"]


def test_a_sign_in_page_left_open_too_long_keeps_what_it_carries(cast: Cast) -> None:
    client = cast.client(cast.admin)
    token = token_of(client, "/admin/departments")
    client.delete_cookie("session")
    answer = client.post("/admin/departments", data={"csrf_token": token, **DEPARTMENT})
    carried = hidden(answer, "/sign-in")["kept"]
    client.delete_cookie("session")
    answer = client.post("/sign-in", data={"kept": carried, "login": cast.admin.login, "password": PASSWORD})
    assert answer.status_code == 400
    assert hidden(answer, "/sign-in")["kept"] == carried
    assert DEPARTMENT["name_en"] in answer.text
