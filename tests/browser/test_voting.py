"""A ballot in a real Chromium: on a phone, without any script, by keyboard alone, and through two workers."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from civic import clock, keys
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db
from civic.jobs.child import perform_due
from consultations.votes.conducting import actions as conducting
from consultations.votes.posting import actions as posting
from tests.browser.conftest import BROWSER, served, violations, visit
from tests.browser.test_commenting import tab_to
from tests.cast import Cast
from tests.conftest import Visitor
from tests.factories.boards import approval, score, single
from tests.factories.surveys import actor
from tests.factories.votes import Held, make_vote
from wsgi import FEATURES

pytestmark = BROWSER

PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOK, CAST, TEST = "選んだものを確かめる", "投票する", "検査する"
VOTERS: Final = 24
UNIT: Final = Path(__file__).resolve().parents[2] / "deploy" / "machikoe-web.service"


@dataclass
class Hall:
    """A small city that votes: where it is served, its folder, and the codes of its voters by vote."""

    origin: str
    instance: Path
    codes: dict[str, list[str]]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Hall]:
    instance = tmp_path_factory.mktemp("hall")
    copyfile(migrated_file, instance / "machikoe.db")
    keys.create(instance / "keys")
    settings = Settings(mode=Mode.TEST, instance=instance, municipality_ja="みなと野市")
    app = create_app(settings, FEATURES)
    app.test_client_class = Visitor
    with app.app_context():
        codes = {held.vote.slug: held.codes for held in votes(Cast(app))}
        perform_due()
        db.session.rollback()
        db.engine.dispose()
    with served(app) as origin:
        yield Hall(origin, instance, codes)


def votes(cast: Cast) -> Iterator[Held]:
    """Open ones, and one in each state after the end."""
    hall = make_vote(cast, single(3), voters=VOTERS)
    hall.vote_for(VOTERS, [1, 0, 0, 0])
    posting.sign_head(hall.id, clock.now())
    conducting.record_paper(hall.id, hall.entries[VOTERS - 2], "paper", actor(cast.editor), clock.now())
    yield hall
    yield make_vote(cast, approval(3, 1, 2), score(2, 3, code="q2", blank=True), slug="several")
    yield make_vote(cast, slug="final", change_allowed=False)
    counted = make_vote(cast, slug="counted", voters=40)
    for number in range(1, 36):
        counted.vote_for(number, [1, 0, 0] if number % 3 else [0, 1, 0])
    counted.count(1, 2)
    yield counted
    few = make_vote(cast, slug="few")
    few.end()
    few.close()
    yield few


def enter(page: Page, slug: str, code: str, to: str = "cast") -> None:
    page.goto(f"/code/{slug}?next=/votes/{slug}/{to}")
    page.locator("[name=code]").fill(code)
    for part, value in (("year", "1980"), ("month", "1"), ("day", "1")):
        page.locator(f"[name='birth_date.{part}']").fill(value)
    send(page, "次へ進む")


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def send(page: Page, button: str) -> None:
    """Press, and wait for the whole next page: what is counted or read at once is not of a page half there."""
    with page.expect_navigation():
        press(page, button)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def sound(page: Page, *widths: int) -> None:
    """Nothing for axe to find, and nothing wider than the screen, down to 320 pixels."""
    assert violations(page) == [], page.url
    before = page.viewport_size
    for width in widths or (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"
    if before:
        page.set_viewport_size(before)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_explanation_to_the_receipt_and_back_to_the_board(hall: Hall, chromium: Browser, script: bool) -> None:
    with visit(chromium, hall.origin, java_script_enabled=script, accept_downloads=True) as page:
        code = hall.codes["hall"][0 if script else 1]
        page.goto("/votes/hall")
        page.get_by_role("link", name="投票へ進む").click()
        enter(page, "hall", code)
        page.get_by_role("radio", name="案2").check()
        press(page, LOOK)
        heading(page, "まだ投票されていません。内容を確かめてください")
        chosen = page.locator("[data-mark=yes]")
        expect(chosen).to_have_count(1)
        expect(chosen).to_contain_text("案2")
        press(page, TEST)
        heading(page, "この票を検査のために開きました")
        with page.expect_download() as saved:
            page.get_by_role("link", name="検査票を保存する(JSON)").click()
        assert b'"randomness"' in Path(saved.value.path()).read_bytes()
        page.get_by_role("link", name="選び直す").click()
        page.get_by_role("radio", name="案1").check()
        press(page, LOOK)
        press(page, CAST)
        heading(page, "投票を受け付けました")
        number = page.locator("#receipt-number").inner_text()
        page.locator("[name=number]").fill(number)
        press(page, "調べる")
        expect(page.get_by_role("main")).to_contain_text("この票は掲示板にあります")
        page.get_by_role("link", name="公開掲示板を見る").first.click()
        expect(page.get_by_role("table")).to_contain_text(number)


def test_by_keyboard_alone(hall: Hall, chromium: Browser) -> None:
    with visit(chromium, hall.origin) as page:
        enter(page, "hall", hall.codes["hall"][2])
        tab_to(page, "案1")
        page.keyboard.press("ArrowDown")
        tab_to(page, LOOK)
        page.keyboard.press("Enter")
        expect(page.locator("[data-mark=yes]")).to_contain_text("案2")
        tab_to(page, CAST)
        page.keyboard.press("Enter")
        heading(page, "投票を受け付けました")


def test_every_page_of_a_voter_is_sound_on_every_screen(hall: Hall, chromium: Browser) -> None:
    with visit(chromium, hall.origin) as page:
        for address in ("hall", "counted", "few", "hall/board", "counted/results", "few/results", "hall/receipt"):
            for language in ("ja", "ja-easy", "en"):
                page.goto(f"/votes/{address}?lang={language}")
                sound(page)
        page.goto("/votes/hall/receipt?lang=ja")
        page.locator("[name=number]").fill("A" * 24)
        send(page, "調べる")
        sound(page)
        enter(page, "hall", hall.codes["hall"][3])
        sound(page)
        send(page, LOOK)
        expect(page.locator("[data-error-summary]")).to_be_focused()
        sound(page)
        page.get_by_role("radio", name="白票").check()
        send(page, LOOK)
        sound(page)
        send(page, TEST)
        sound(page)
        page.goto("/votes/hall/receipt")
        sound(page)
        page.goto("/votes/hall/cast")
        page.get_by_role("radio", name="白票").check()
        send(page, LOOK)
        send(page, CAST)
        sound(page)
        page.goto("/votes/hall/cast")
        sound(page)


def test_the_other_papers_and_refusals_are_sound(hall: Hall, chromium: Browser) -> None:
    with visit(chromium, hall.origin) as page:
        enter(page, "several", hall.codes["several"][0])
        sound(page)
        send(page, LOOK)
        sound(page)
        page.locator("[name='choice.q1.o01'][value='01']").check(force=True)
        send(page, LOOK)
        sound(page)
        enter(page, "final", hall.codes["final"][0])
        page.get_by_role("radio", name="案1").check()
        send(page, LOOK)
        send(page, CAST)
        page.goto("/votes/final/cast")
        heading(page, "もう投票しています")
        sound(page)
        enter(page, "hall", hall.codes["hall"][VOTERS - 2])
        heading(page, "紙で投票しています")
        sound(page)


def test_on_a_phone(hall: Hall, chromium: Browser) -> None:
    with visit(chromium, hall.origin, **PHONE) as page:
        enter(page, "hall", hall.codes["hall"][4])
        page.locator("label", has_text="案3").tap()
        page.get_by_role("button", name=LOOK).tap()
        page.get_by_role("button", name=CAST, exact=True).tap()
        heading(page, "投票を受け付けました")


@contextmanager
def two_workers(hall: Hall, *, key_of_parent: bool = True) -> Iterator[str]:
    """gunicorn as the unit starts it, on a port, and every request on a connection of its own."""
    (command,) = [line for line in UNIT.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
    options = shlex.split(command)[1:]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    changed: dict[str, Any] = {"--bind": f"127.0.0.1:{port}", "--keep-alive": "0"}
    for name, value in changed.items():
        options[options.index(name) + 1] = value
    if not key_of_parent:
        del options[options.index("-c") : options.index("-c") + 2]
    environment = os.environ | {"MACHIKOE_MODE": "test", "MACHIKOE_INSTANCE": str(hall.instance)}
    environment |= {"BASE_URL": f"http://127.0.0.1:{port}"}
    log = hall.instance / "gunicorn.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options], env=environment, stdout=file, stderr=file, cwd=UNIT.parents[1]
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


def asked_again(chromium: Browser, origin: str, code: str) -> bool:
    """Whether a voter who chooses and casts is asked to choose again."""
    with visit(chromium, origin) as page:
        enter(page, "hall", code)
        page.get_by_role("radio", name="案1").check()
        send(page, LOOK)
        send(page, "時間を延ばす")
        if page.get_by_role("button", name=CAST, exact=True).count() == 0:
            return True
        send(page, CAST)
        return page.get_by_role("heading", level=1).inner_text() != "投票を受け付けました"


def test_twenty_ballots_through_two_workers_and_nobody_is_asked_to_choose_again(hall: Hall, chromium: Browser) -> None:
    with two_workers(hall) as origin:
        assert [asked_again(chromium, origin, code) for code in hall.codes["hall"][:20]] == [False] * 20
    assert (hall.instance / "gunicorn.log").read_text().count("/votes/") == 0


def test_workers_that_each_made_a_key_ask_again_and_tell_the_operator(hall: Hall, chromium: Browser) -> None:
    with two_workers(hall, key_of_parent=False) as origin:
        assert any(asked_again(chromium, origin, code) for code in hall.codes["hall"][:20])
    assert "consultations.votes.casting.memory" in (hall.instance / "gunicorn.log").read_text()
