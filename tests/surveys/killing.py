"""Residents who answer while the server is killed again and again, and never give up."""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import sqlalchemy as sa

from civic.activities.models import Participation
from civic.config import Settings
from civic.db import db
from surveys.models import Draft, Response
from surveys.results import recounting, tallies

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
GONE = (OSError, http.client.HTTPException)


@dataclass
class Browser:
    """One browser: it keeps its cookies, and sends the same request again until it gets an answer."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    interrupted: int = 0

    def ask(self, method: str, address: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, location, page). Raises what a killed server makes of a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, urlencode(fields) if fields else None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def insist(self, method: str, address: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Ask until there is an answer; after a minute without one something else is wrong."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return self.ask(method, address, fields)
            except GONE:
                self.interrupted += fields is not None and "seen" in fields
                time.sleep(0.01)
        raise AssertionError(f"no answer to {method} {address}")

    def answers_once(self, slug: str) -> str:
        """Answer the one question, send it, and return the receipt number."""
        first, check = (f"/surveys/{slug}/answer?section={section}" for section in ("1", "check"))
        page = self.insist("GET", first)[2]
        self.insist("POST", first, dict(HIDDEN.findall(page)) | {"enough": "yes"})
        page = self.insist("GET", check)[2]
        status, location, page = self.insist("POST", check, dict(HIDDEN.findall(page)))
        assert (status, location) == (303, f"/surveys/{slug}/done"), (status, location, page[:2000])
        found = re.search(r'id="receipt-number">([^<]+)<', self.insist("GET", location)[2])
        assert found is not None
        return found.group(1).replace("-", "")


@dataclass
class Outcome:
    """What the residents were told: their receipts, and how many sendings were cut off and made again."""

    receipts: list[str] = field(default_factory=list)
    interrupted: int = 0
    kills: int = 0
    failures: list[BaseException] = field(default_factory=list)


def answer_under_kills(settings: Settings, slug: str, kills: int, residents: int = 3) -> Outcome:
    """Let `residents` answer without pause while the server process is killed `kills` times."""
    outcome, over = Outcome(), threading.Event()
    chance = random.Random(1)
    with server(settings) as (port, start):
        threads = [
            threading.Thread(target=keep_answering, args=(port, slug, over, outcome), daemon=True)
            for _ in range(residents)
        ]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            child = start()
            Browser(port).insist("GET", f"/surveys/{slug}")  # it is warm: from now on a kill hits real work
            time.sleep(chance.uniform(0, 0.3))
            os.kill(child, signal.SIGKILL)
            outcome.kills += 1
        over.set()
        last = start()
        for thread in threads:
            thread.join(60)
        os.kill(last, signal.SIGKILL)
    return outcome


def keep_answering(port: int, slug: str, over: threading.Event, outcome: Outcome) -> None:
    try:
        while not over.is_set():
            browser = Browser(port)
            outcome.receipts.append(browser.answers_once(slug))
            outcome.interrupted += browser.interrupted
    except AssertionError as failure:
        outcome.failures.append(failure)


def check_nothing_lost_or_doubled(outcome: Outcome, survey_id: int) -> None:
    """What residents were told is what is stored, once, and every total follows from it."""
    assert outcome.failures == []
    assert outcome.interrupted > 0, "no kill hit a sending: this proves nothing"
    db.session.rollback()
    stored = db.session.scalars(sa.select(Participation.receipt)).all()
    assert sorted(outcome.receipts) == sorted(one or "" for one in stored)
    assert len(set(outcome.receipts)) == len(outcome.receipts)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Response)) == len(stored)
    assert tallies.stored(db.session, survey_id)["enough", "", "yes", False] == len(stored)
    assert recounting.recounts("shade")[1] == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0


@contextmanager
def server(settings: Settings) -> Iterator[tuple[int, Callable[[], int]]]:
    """The port of a server that is not there yet, and a function that starts it and returns its process's number."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.surveys.killable", str(settings.instance), settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked, told = parent.stdin, parent.stdout
    assert asked is not None
    assert told is not None

    def start() -> int:
        asked.write("\n")
        asked.flush()
        return int(told.readline())

    try:
        yield int(told.readline()), start
    finally:
        asked.close()
        parent.wait(10)
        told.close()
