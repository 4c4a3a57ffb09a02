"""Requests no browser sends: each gets a sentence with a 4xx, none gets the better of us; a failure tells nothing."""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from civic.app import create_app
from civic.config import Settings
from tests.cast import token_of
from tests.conftest import Visitor
from tests.walks.test_permissions import LET_IN, Route, expected, routes
from tests.walks.town import EVERYBODY, Town
from wsgi import FEATURES

HUGE: Final = str(10**30)
ODD_NUMBERS: Final = ("-1", "0", HUGE, f"-{HUGE}", "1.5", "1e3", "NaN", "١٢", "abc", "", "\x00", "\U0001f600" * 50)
QUERIES: Final = (
    "page", "number", "row", "column", "question", "section", "version", "revision", "after", "state", "department",
    "search", "ref", "topic", "act", "lang", "next", "code", "q",
)  # fmt: skip
BROKEN_BYTES: Final = (
    b"\xff\xfe",
    b"%ff%fe",
    b"%c3%28",
    b"%00",
    b"%ed%a0%80",
    b"..%2f..%2fetc%2fpasswd",
    b"%0d%0aX: 1",
)


def opener(town: Town, route: Route) -> str:
    """Somebody who may open the route."""
    return next(who for who in reversed(EVERYBODY) if expected(route, who) == LET_IN)


def shown(route: Route) -> bool:
    return route.method == "GET" and not route.rule.startswith("/static/")


def raw(app: Flask, path: bytes, query: bytes = b"", cookies: str = "") -> tuple[str, bytes]:
    """(status, body) of a GET whose path and query arrive as these bytes, as a server hands them on."""
    environ = EnvironBuilder(path="/", headers={"Cookie": cookies}).get_environ()
    environ["PATH_INFO"] = path.decode("latin-1")
    environ["QUERY_STRING"] = query.decode("latin-1")
    with app.app_context():
        body, status, _headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
        return status, b"".join(body)


@pytest.mark.parametrize("odd", ODD_NUMBERS, ids=range(len(ODD_NUMBERS)))
def test_odd_numbers_and_words_in_the_query_are_a_page_or_a_refusal(town: Town, odd: str) -> None:
    found = []
    for route in filter(shown, routes(town)):
        client = town.client(opener(town, route))
        answer = client.get(town.address(route.rule), query_string=dict.fromkeys(QUERIES, odd), buffered=True)
        if answer.status_code >= 500 or answer.status_code not in {200, 302, 303, 304, 400, 404, 422}:
            found.append(f"{route.name} {odd[:20]!r}: {answer.status_code}")
    assert found == []


def test_every_parameter_of_the_query_may_come_alone_and_twice(town: Town) -> None:
    for route in filter(shown, routes(town)):
        client = town.client(opener(town, route))
        for name in QUERIES:
            answer = client.get(f"{town.address(route.rule)}?{name}={HUGE}&{name}=%00", buffered=True)
            assert answer.status_code < 500, f"{route.name} {name}"


@pytest.mark.parametrize("odd", ["0", "-1", "2147483648", "9223372036854775808", HUGE, "1.5", "x", "\u0661"])
def test_odd_numbers_in_an_address_lead_nowhere(town: Town, odd: str) -> None:
    for route in routes(town):
        if "<int" in route.rule:
            address = town.address(re.sub(r"<int[^>]*>", odd, route.rule))
            who = opener(town, route)
            answer = town.client(who).open(address, method=route.method, data={"csrf_token": town.tokens[who]})
            assert answer.status_code in ({404} if route.method == "GET" else {404, 409}), f"{route.name} {odd}"


@pytest.mark.parametrize("broken", BROKEN_BYTES, ids=str)
def test_bytes_that_are_no_text_are_refused_wherever_they_stand(town: Town, broken: bytes) -> None:
    for path in (
        b"/" + broken,
        b"/surveys/" + broken,
        b"/surveys/open/answer/" + broken,
        b"/api/v1/activities/" + broken,
    ):
        status, _body = raw(town.app, path)
        assert status[:3] in {"400", "404"}, (path, status)
    for path in (b"/", b"/surveys/open", b"/surveys/open/answer", b"/sign-in", b"/api/v1/activities", b"/results"):
        status, _body = raw(town.app, path, b"section=" + broken + b"&lang=" + broken + b"&next=" + broken)
        assert status[:3] in {"200", "302", "400", "404"}, (path, status)


def test_broken_cookies_are_no_cookies(town: Town) -> None:
    for cookie in ("session=\xff\xfe", "session=.eJw; lang=\x01; ruby=", "lang=xx; draft=%00; session=" + "a" * 4000):
        assert raw(town.app, b"/", cookies=cookie)[0].startswith("200")


def test_a_slug_with_a_nul_is_not_found(town: Town) -> None:
    for route in filter(shown, routes(town)):
        if "<slug>" in route.rule or "<token>" in route.rule or "<question>" in route.rule:
            address = re.sub(r"<[^>:]+>", "a%00b", re.sub(r"<int[^>]*>", "1", route.rule))
            answer = town.client(opener(town, route)).get(address)
            assert answer.status_code in {400, 404}, f"{route.name}: {answer.status_code}"


@pytest.mark.parametrize("address", ["/sign-in", "/receipt", "/surveys/shade/answer?section=1", "/code/citizens"])
def test_bodies_no_browser_makes_are_refused_with_a_sentence(town: Town, address: str) -> None:
    town.forget_tries()
    client = town.client()
    token = token_of(client, address)
    form = f"csrf_token={token}&"
    kind = "application/x-www-form-urlencoded"
    bodies = {
        "three megabytes": (form + "a=" + "b" * 3_000_000, kind),
        "ten thousand fields": (form + "&".join(f"f{n}=1" for n in range(10_000)), kind),
        "no text": (form.encode() + b"login=%ff%fe&number=%ff&code=%c3%28&enough=%ff", kind),
        "raw bytes": (form.encode() + b"login=\xff\xfe&number=\xff&code=\xff&enough=\xff", kind),
        "a list": ("[1, 2]", "application/json"),
        "no JSON": ("{", "application/json"),
        "plain words": ("hello", "text/plain"),
        "no parts": ("hello", "multipart/form-data"),
        "broken parts": ("--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        "ten thousand parts": (parts(token), "multipart/form-data; boundary=x"),
        "nothing": ("", kind),
    }
    for story, (body, content_type) in bodies.items():
        answer = client.post(address, data=body, content_type=content_type, headers={"X-CSRFToken": token})
        assert answer.status_code in {400, 413, 415, 422}, f"{story}: {answer.status_code}"
        assert "<h1" in answer.text, story
    with_file = {
        "csrf_token": token,
        "login": (BytesIO(b"x"), "x.txt"),
        "password": "x",
        "enough": (BytesIO(b"x"), "x"),
    }
    assert client.post(address, data=with_file).status_code in {400, 422}


def parts(token: str) -> str:
    """A multipart body of ten thousand parts, the first of them the token."""
    fields = [("csrf_token", token), *((f"f{n}", "1") for n in range(10_000))]
    return (
        "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields)
        + "--x--\r\n"
    )


def test_a_machine_is_refused_in_its_own_format(town: Town) -> None:
    client = town.client()
    for address, method, status in (
        ("/api/v1/activities/nowhere/tables", "GET", 404),
        ("/api/v1/nothing", "GET", 404),
        ("/api/v1/activities", "POST", 400),
        ("/api/v1/activities", "DELETE", 405),
    ):
        answer = client.open(address, method=method)
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["status"] == answer.status_code
        assert answer.json["detail"]
        assert answer.status_code in {status, 405}


@pytest.fixture
def served(settings: Settings, caplog: pytest.LogCaptureFixture) -> Iterator[Flask]:
    """The application as it answers in production: an unexpected exception does not reach the test."""
    application = create_app(settings, FEATURES)
    application.testing = False
    application.test_client_class = Visitor
    with caplog.at_level(logging.ERROR):
        yield application


@pytest.mark.parametrize(
    ("address", "broken"),
    [
        ("/surveys/nowhere", "surveys.responding.queries.survey_for_residents"),
        ("/code/nowhere", "civic.identity.registers.views.activity_by_slug"),
        ("/opendata/nowhere.json", "civic.opendata.queries.dataset"),
    ],
)
def test_an_unexpected_failure_is_a_number_for_the_person_and_the_rest_for_the_log(
    served: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("子どもの病気のこと")

    monkeypatch.setattr(broken, fail)
    answer = served.test_client().get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    number = re.search(r"Incident number: ([0-9a-f]{8})", answer.text)
    assert number is not None
    for secret in ("RuntimeError", "子どもの病気のこと", "Traceback", "test_requests.py"):
        assert secret not in answer.text
    logged = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(logged) == 1
    assert number[1] in logged[0].getMessage()
    assert logged[0].exc_info is not None
    assert logged[0].exc_info[0] is RuntimeError


def test_what_was_typed_is_shown_again_after_a_failure(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = served.test_client()
    token = token_of(client, "/receipt")
    monkeypatch.setattr("civic.activities.ledger.receipt_from", lambda _typed: 1 // 0)
    answer = client.post("/receipt", data={"csrf_token": token, "number": "7K2M-9XQD"})
    assert answer.status_code == 500
    assert "7K2M-9XQD" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
