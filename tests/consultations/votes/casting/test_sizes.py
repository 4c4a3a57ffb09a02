"""Whoever counts bytes on the line, or reads what is kept, learns nothing of a choice."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.app import create_app
from civic.config import Settings
from civic.db import db
from civic.refusals import Busy
from consultations.votes.casting import booth as steps
from consultations.votes.casting import padding
from tests.cast import Cast
from tests.conftest import Visitor
from tests.consultations.votes.casting.test_pages import CAST, LOOK, TEST, booth, enter
from tests.consultations.votes.casting.test_secrecy import stolen
from tests.factories.boards import approval, score, single
from tests.factories.votes import Held, make_vote
from tests.pages import Page
from wsgi import FEATURES

ROUNDS: Final = 5  # `benchmarks/sizes.py` casts a thousand for each option
Seen = tuple[int, int, int, int, str, tuple[str, ...]]


def sent(client: FlaskClient, data: Mapping[str, Any]) -> tuple[TestResponse, Seen]:
    """The answer, and what a listener sees: bytes up, status, bytes down, bytes of the headers, target, header names."""
    answer = client.post("/votes/hall/cast", data=data)
    heads = sum(len(name) + len(value) for name, value in answer.headers if name != "Set-Cookie")
    up = len(urlencode(data, doseq=True))
    cookies = tuple(sorted(name for name, _ in answer.headers))
    return answer, (up, answer.status_code, len(answer.data), heads, answer.headers.get("Location", ""), cookies)


def three_steps(held: Held, client: FlaskClient, act: str, **choice: str) -> list[Seen]:
    """Choose, have it renewed, and cast or test it."""
    paper = booth(held, client)
    looked, seen = sent(client, {**paper.form(LOOK).values(), **choice})
    review = Page(client, looked, "/votes/hall/cast")
    values = review.form(CAST if act == "cast" else TEST).values()
    renewed, more = sent(client, {**values, "act": "more"})
    assert renewed.status_code == 200
    _, last = sent(client, values)
    return [seen, more, last]


def test_every_option_of_a_single_choice_looks_the_same_on_the_line(cast: Cast) -> None:
    held = make_vote(cast, single(4))
    client = enter(held, 1)
    three_steps(held, client, "cast", choice="o01")  # from here on each ballot replaces one
    seen = {
        option: {tuple(three_steps(held, client, "cast", choice=option)) for _ in range(ROUNDS)}
        for option in ("o01", "o02", "o03", "o04", "o00")
    }
    assert len(set.union(*seen.values())) == 1
    assert held.board.length == 2 + 5 * ROUNDS


def test_a_test_of_any_option_looks_the_same_on_the_line(cast: Cast) -> None:
    held = make_vote(cast, single(3))
    client = enter(held, 1)
    assert len({tuple(three_steps(held, client, "test", choice=o)) for o in ("o01", "o02", "o03", "o00") * 3}) == 1


def test_one_option_and_three_of_an_approval_look_the_same_on_the_line(cast: Cast) -> None:
    held = make_vote(cast, approval(6, 0, 6))
    client = enter(held, 1)
    choices: list[dict[str, str]] = [{}, {"choice.o02": "01"}, {f"choice.o{n:02}": "01" for n in range(1, 7)}]
    choices.append({"choice.o00": "01"})
    assert len({tuple(three_steps(held, client, "test", **choice)) for choice in choices}) == 1


def test_few_points_and_many_look_the_same_on_the_line(cast: Cast) -> None:
    held = make_vote(cast, score(3, 20, blank=True))
    client = enter(held, 1)
    choices = [{}, {"choice.o01": "09"}, {f"choice.o0{n}": "20" for n in (1, 2, 3)}, {"choice.o00": "01"}]
    assert len({tuple(three_steps(held, client, "cast", **choice)[:2]) for choice in choices}) == 1


def test_a_page_that_marks_its_choice_by_more_words_would_be_seen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard, broken: without blocks, and with a longer word beside the second option."""
    held = make_vote(cast, single(3))
    client = enter(held, 1)
    plain = steps.papers

    def wordy(page: Any, made: Any) -> Any:
        longer = lambda n, value: "!" * 5000 * (n == 1 and value)  # noqa: E731 - one use
        return [
            (paper, [(f"{text}{longer(n, value)}", value) for n, (text, value) in enumerate(lines)])
            for paper, lines in plain(page, made)
        ]

    monkeypatch.setattr(steps, "papers", wordy)
    assert len({tuple(three_steps(held, client, "test", choice=o)) for o in ("o01", "o02", "o03")}) == 2


def test_the_booth_answers_in_whole_blocks_that_nobody_keeps(cast: Cast) -> None:
    held = make_vote(cast)
    client = enter(held, 1)
    paper = booth(held, client)
    review = paper.press(LOOK, choice="o01")
    answers = [paper.response, review.response, paper.press(LOOK).response, review.form(TEST).send().response]
    answers.append(client.post("/votes/hall/cast", data={"csrf_token": "x"}))
    answers.append(
        client.post("/votes/hall/cast", data=paper.form(LOOK).values(), headers={"Accept-Encoding": "gzip, br"})
    )
    answers.append(cast.client().get("/votes/hall/cast"))
    for answer in answers:
        assert len(answer.data) % padding.BLOCK == 0, answer.status
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Content-Encoding" not in answer.headers


def test_nothing_of_a_choice_stands_in_database_session_cookie_or_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    held = make_vote(cast, single(3))
    with caplog.at_level(logging.DEBUG):
        client = enter(held, 1)
        before = {name: cookie.value for name, cookie in client._cookies.items()}
        review = booth(held, client).press(LOOK, choice="o03")
        sealed = review.form(CAST).values()["sealed"][0]
        review.press(CAST)
    after = {name: cookie.value for name, cookie in client._cookies.items()}
    assert before == after
    db.session.rollback()
    taken = stolen(cast.app)
    for trace in ("choice=o03", '"choices"', "[0,0,1,0]", "[0, 0, 1, 0]", sealed, sealed[:64]):
        assert trace.encode() not in taken
        assert trace not in caplog.text
    assert "o03" not in caplog.text
    assert not [one for one in caplog.records if "/votes/" in one.getMessage()]


def test_a_failure_in_the_booth_repeats_no_choice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, FEATURES)
    app.test_client_class = Visitor
    with app.app_context():
        held = make_vote(Cast(app), single(3))
        client = enter(held, 1)
        values = {**booth(held, client).form(LOOK).values(), "choice": "o03"}
    app.testing = False
    for failure, status in ((RuntimeError("broken"), 500), (Busy(), 503)):
        monkeypatch.setattr("consultations.votes.casting.sealing.prepare", failing(failure))
        answer = client.post("/votes/hall/cast", data=values)
        assert answer.status_code == status
        assert "o03" not in answer.text + caplog.text
        assert len(answer.data) % padding.BLOCK == 0


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail
