"""Rate limits: shared by workers, kept over restarts, exact in a race, silent about who tried."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from civic import clock, limits
from civic.app import create_app
from civic.config import Settings
from civic.identity.models import RateLimitCounter
from civic.limits import TooManyTries, address_block, failures
from tests.cast import PASSWORD, Cast, post
from tests.racing import SECONDS


def from_address(app: Flask, address: str):
    return app.test_request_context("/", environ_base={"REMOTE_ADDR": address})


def guess(client, login: str):
    return post(client, "/sign-in", login=login, password="a wrong password")


def test_ten_wrong_passwords_shut_the_account_for_a_while_and_the_right_one_too(cast: Cast) -> None:
    client = cast.client()
    assert [guess(client, cast.resident.login).status_code for _ in range(10)] == [422] * 10
    answer = post(client, "/sign-in", login=cast.resident.login, password=PASSWORD)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 15 * 60
    assert cast.resident.login in answer.text


def test_known_and_unknown_accounts_are_shut_in_the_same_words(cast: Cast) -> None:
    answers = []
    for login in (cast.resident.login, "nobody@example.jp"):
        client = cast.client()
        for _ in range(10):
            guess(client, login)
        answers.append(BeautifulSoup(guess(client, login).text, "html5lib").select_one(".error-list").get_text())
    assert answers[0] == answers[1]


def test_nobody_is_locked_out_for_ever(cast: Cast) -> None:
    client, login = cast.client(), cast.resident.login
    for _ in range(11):
        guess(client, login)
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        assert post(client, "/sign-in", login=login, password=PASSWORD).status_code == 303


def test_a_stranger_cannot_shut_an_owner_out_of_her_own_browser(cast: Cast) -> None:
    login, phone = cast.resident.login, cast.client(cast.resident)
    post(phone, "/sign-out", page="/password")
    stranger = cast.client()
    assert [guess(stranger, login).status_code for _ in range(11)][-1] == 429
    assert post(phone, "/sign-in", login=login, password=PASSWORD).status_code == 303
    copied = cast.client()
    copied.set_cookie("known", phone.get_cookie("known").value)
    assert guess(copied, cast.neighbour.login).status_code == 422, "the mark is worth nothing for another account"
    assert [guess(copied, login).status_code for _ in range(11)][-1] == 429, "and here it is one more count, not none"


def test_only_failures_count(cast: Cast) -> None:
    for _ in range(12):
        cast.client(cast.resident)


def test_a_network_may_fail_thirty_times_an_hour_over_all_accounts(app: Flask) -> None:
    for number in range(30):
        with from_address(app, f"192.0.2.{number + 1}"):
            failures("sign-in", f"login-{number}")
    with from_address(app, "192.0.2.200"), pytest.raises(TooManyTries):
        failures("sign-in", "one-more")
    with from_address(app, "198.51.100.1"):
        failures("sign-in", "one-more")


def test_the_whole_installation_may_fail_a_thousand_times_a_minute(app: Flask) -> None:
    minute = clock.now().replace(second=1)
    with time_machine.travel(minute, tick=False):
        for number in range(1000):
            with from_address(app, f"10.{number // 250}.{number % 250}.1"):
                failures("sign-in", f"login-{number}")
        with from_address(app, "203.0.113.1"), pytest.raises(TooManyTries) as refused:
            failures("sign-in", "one-more")
    assert refused.value.retry_after == 60


def test_a_try_that_was_not_made_counts_nowhere(app: Flask) -> None:
    with from_address(app, "192.0.2.1"):
        for _ in range(10):
            failures("sign-in", "sato")
        for _ in range(50):
            with pytest.raises(TooManyTries):
                failures("sign-in", "sato")
        failures("sign-in", "somebody-else")


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:12:34ab:1::1", "2001:db8:12:3400::/56"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_counts_as_its_network(app: Flask, address: str, block: str) -> None:
    with from_address(app, address):
        assert address_block() == block


def test_purposes_do_not_share_their_counts(app: Flask) -> None:
    with from_address(app, "192.0.2.1"):
        for _ in range(10):
            failures("sign-in", "x")
        failures("receipt", "x")


def tries_at_once(app: Flask, number: int) -> int:
    """How many of `number` simultaneous tries at one account are let through."""
    start = threading.Barrier(number)

    def try_it(n: int) -> bool:
        with from_address(app, f"10.0.{n}.1"):
            start.wait(SECONDS)
            try:
                failures("sign-in", "sato")
            except TooManyTries:
                return False
            return True

    with ThreadPoolExecutor(number) as pool:
        return sum(pool.map(try_it, range(number)))


def test_of_forty_tries_at_once_exactly_ten_get_through(app: Flask) -> None:
    assert tries_at_once(app, 40) == 10


def test_a_counter_that_looks_first_and_counts_later_lets_more_through(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above sees a broken guard: a look-up before the count is not a limit."""
    count: Callable[..., int] = limits.SharedStorage.incr
    looked = threading.Barrier(12)

    def careless(self: limits.SharedStorage, key: str, expiry: int, amount: int = 1) -> int:
        seen = self.get(key)
        if "at:sato" in key:
            looked.wait(SECONDS)
        count(self, key, expiry, amount)
        return seen + amount

    monkeypatch.setattr(limits.SharedStorage, "incr", careless)
    assert tries_at_once(app, 12) > 10


def test_the_file_of_counters_has_its_name_when_nothing_is_left_to_lock_it_for(tmp_path: Path) -> None:
    """Turning a file to WAL refuses whoever comes meanwhile: of many first tries at once some were errors."""
    path = tmp_path / "limits.db"
    limits.begin_file(path)
    with closing(sqlite3.connect(path)) as first:
        assert first.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        first.execute("INSERT INTO rate_limit_counter (key, count, expires_at) VALUES ('a', 1, 2)")
        first.commit()
        limits.begin_file(path)
        with closing(limits.connect(path)) as second:
            assert second.execute("SELECT count FROM rate_limit_counter").fetchall() == [(1,)]
    assert [one.name for one in tmp_path.iterdir()] == ["limits.db"]


def test_the_first_connection_turns_no_file_to_wal_that_others_may_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[object] = []
    plain = sqlite3.connect

    def watched(path: Path, **options: Any) -> sqlite3.Connection:
        opened = plain(path, **options)
        if path.parent == tmp_path:
            modes.append(opened.execute("PRAGMA journal_mode").fetchone()[0])
        return opened

    monkeypatch.setattr(sqlite3, "connect", watched)
    limits.connect(tmp_path / "limits.db").close()
    assert modes == ["wal"]


def test_a_restart_forgets_nothing(app: Flask, settings: Settings) -> None:
    with from_address(app, "192.0.2.1"):
        for _ in range(10):
            failures("sign-in", "sato")
    restarted = create_app(settings)
    with restarted.app_context(), from_address(restarted, "198.51.100.1"), pytest.raises(TooManyTries):
        failures("sign-in", "sato")


def test_the_counters_name_neither_account_nor_address(app: Flask, settings: Settings) -> None:
    with from_address(app, "192.0.2.1"):
        failures("sign-in", "sato")
        with limits.engine().connect() as connection:
            keys = connection.scalars(sa.select(RateLimitCounter.key)).all()
    assert len(keys) == 3
    assert all(len(key) == 64 and int(key, 16) for key in keys)
    stored = b"".join(path.read_bytes() for path in settings.instance.glob("limits.db*"))
    assert b"sato" not in stored
    assert b"192.0.2" not in stored


def test_windows_that_are_over_are_forgotten(app: Flask) -> None:
    with from_address(app, "192.0.2.1"):
        failures("sign-in", "sato")
        with time_machine.travel(clock.now() + timedelta(hours=2)):
            failures("receipt")
            with limits.engine().connect() as connection:
                assert connection.scalar(sa.select(sa.func.count()).select_from(RateLimitCounter)) == 2


def test_a_damaged_file_of_counters_is_made_anew(app: Flask, settings: Settings) -> None:
    (settings.instance / limits.SIDE_FILE).write_bytes(b"not a database " * 500)
    with from_address(app, "192.0.2.1"):
        failures("sign-in", "sato")


def test_building_the_application_makes_no_file(tmp_path: Path) -> None:
    create_app(Settings(instance=tmp_path / "instance"))
    assert not (tmp_path / "instance").exists()


def test_a_new_address_is_mailed_to_three_times_an_hour_and_wrong_passwords_do_not_count(cast: Cast) -> None:
    client = cast.client(cast.resident)

    def ask(password: str) -> int:
        fields = {"email": "somebody-else@example.jp", "password": password}
        return post(client, "/me/address", **fields).status_code

    assert [ask("a wrong password") for _ in range(4)] == [422] * 4
    assert [ask(PASSWORD) for _ in range(5)] == [303] * 3 + [429] * 2
