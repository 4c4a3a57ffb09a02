"""Mail through a real SMTP server, which dies in the middle: it arrives once, or somebody is told that nobody knows."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.config import Mode
from civic.db import db, writing
from civic.jobs import child
from civic.jobs.models import Job
from civic.notices.models import Mail, MailState
from civic.notices.outbox import SENDING_JOB, place, queue_mail
from tests.civic.jobs.test_kills import environment, wait_for


@dataclass
class Sink:
    """A mail server for one test, started and killed at will on one port."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self, *fate: str) -> None:
        self.stop()
        command = [sys.executable, "-m", "tests.civic.notices.sink", str(self.port), str(self.folder), *fate]
        self.process = subprocess.Popen(command)
        wait_for(self.answers)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @property
    def received(self) -> list[str]:
        messages = [message_from_bytes(file.read_bytes(), policy=default) for file in self.folder.glob("*.eml")]
        return sorted(message["To"] for message in messages)


@pytest.fixture
def sink(app: Flask, tmp_path: Path) -> Iterator[Sink]:
    """A mail server, not started yet, which the application is told to use."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "received"
    folder.mkdir()
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")
    sink = Sink(folder, port)
    yield sink
    sink.stop()


def write_to(*names: str) -> None:
    with writing() as session:
        for name in names:
            queue_mail(
                session, key=f"test:{name}", to=f"{name}@example.jp", subject="回答のお知らせ", body="本文\n.\n..終"
            )


def send() -> None:
    """Run the sending job now, whatever pause it was given."""
    now = clock.now()
    with writing() as session:
        session.execute(sa.update(Job).where(Job.name == SENDING_JOB, Job.finished_at.is_(None)).values(run_at=now))
        session.execute(sa.update(Mail).where(Mail.state == MailState.WAITING).values(next_try=now))
    child.perform_due()
    db.session.rollback()


def states() -> dict[str, MailState]:
    db.session.rollback()
    return {key.removeprefix("test:"): state for key, state in db.session.execute(sa.select(Mail.key, Mail.state))}


def the_mail() -> Mail:
    db.session.rollback()
    return db.session.scalars(sa.select(Mail)).one()


ALL_FIVE = [f"{name}@example.jp" for name in ("a", "b", "c", "d", "e")]


def test_mail_arrives_as_written_and_address_and_text_are_erased(app: Flask, sink: Sink) -> None:
    sink.start()
    write_to("a")
    send()
    [file] = sink.folder.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["Subject"] == "回答のお知らせ"
    assert message.get_content().splitlines() == ["本文", ".", "..終"]
    assert message["Auto-Submitted"] == "auto-generated"
    mail = the_mail()
    assert (mail.state, mail.sealed_to, mail.body, mail.attempts) == (MailState.SENT, None, None, 1)


def test_the_stored_address_is_sealed_and_opens_only_in_its_own_mail(app: Flask) -> None:
    write_to("a", "b")
    first, second = db.session.scalars(sa.select(Mail).order_by(Mail.id))
    assert b"a@example.jp" not in (first.sealed_to or b"")
    unseal = app.extensions["keys"].unseal
    assert unseal(place(first.key), first.sealed_to) == "a@example.jp"
    with pytest.raises(Exception, match="Decryption failed"):
        unseal(place(second.key), first.sealed_to)


def test_one_key_is_one_mail_even_after_it_was_sent(app: Flask, sink: Sink) -> None:
    sink.start()
    write_to("a")
    write_to("a")
    send()
    write_to("a")
    send()
    assert sink.received == ["a@example.jp"]


def test_a_rolled_back_act_sends_nothing(app: Flask) -> None:
    def fails_after_writing() -> None:
        with writing() as session:
            queue_mail(session, key="test:x", to="x@example.jp", subject="s", body="b")
            raise KeyError

    with pytest.raises(KeyError):
        fails_after_writing()
    assert states() == {}


def test_while_the_server_is_down_mail_waits_longer_and_longer_and_then_arrives_once(app: Flask, sink: Sink) -> None:
    write_to("a")
    pauses = []
    for _ in range(3):
        send()
        mail = the_mail()
        assert mail.state is MailState.WAITING
        pauses.append(mail.next_try - clock.now())
    assert pauses == sorted(pauses)
    assert db.session.scalar(sa.select(sa.func.count()).where(Job.name == SENDING_JOB, Job.finished_at.is_(None))) == 1
    sink.start()
    send()
    send()
    assert sink.received == ["a@example.jp"]
    assert the_mail().problem is None


def test_a_server_killed_before_the_last_byte_gets_every_mail_exactly_once(app: Flask, sink: Sink) -> None:
    write_to("a", "b", "c", "d", "e")
    sink.start("at-data", "3")
    send()
    assert sink.received == ALL_FIVE[:2]
    sink.start()
    send()
    assert sink.received == ALL_FIVE
    assert set(states().values()) == {MailState.SENT}


def test_a_server_killed_after_the_last_byte_gets_no_mail_twice(app: Flask, sink: Sink) -> None:
    write_to("a", "b", "c", "d", "e")
    sink.start("after-last-byte", "3")
    send()
    assert states()["c"] is MailState.FAILED
    sink.start()
    send()
    send()
    assert sink.received == ALL_FIVE
    assert [name for name, state in states().items() if state is not MailState.SENT] == ["c"]


def test_a_sender_killed_while_the_server_holds_the_mail_does_not_send_it_again(app: Flask, sink: Sink) -> None:
    write_to("a", "b")
    sink.start("slow", "1")
    environ = environment(app) | {"MACHIKOE_SMTP_URL": app.extensions["settings"].smtp_url}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]
    runner = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, start_new_session=True)
    wait_for((sink.folder / "holding").exists)
    assert states()["a"] is MailState.SENDING
    os.killpg(runner.pid, signal.SIGKILL)
    runner.wait()
    sink.stop()
    sink.start()
    with writing() as session:
        session.execute(sa.update(Job).where(Job.lease_until.is_not(None)).values(lease_until=clock.now()))
    send()
    assert sink.received == ["a@example.jp", "b@example.jp"]
    assert states() == {"a": MailState.FAILED, "b": MailState.SENT}


def test_a_refused_address_ends_its_own_mail_only(app: Flask, sink: Sink) -> None:
    sink.start()
    write_to("a", "nobody", "full", "b")
    send()
    assert sink.received == ["a@example.jp", "b@example.jp"]
    assert states() == {
        "a": MailState.SENT,
        "nobody": MailState.FAILED,
        "full": MailState.WAITING,
        "b": MailState.SENT,
    }
    refused = db.session.scalars(sa.select(Mail).where(Mail.state == MailState.FAILED)).one()
    assert (refused.sealed_to, refused.body, refused.problem) == (None, None, "550 no such person")


def test_an_address_no_mail_can_be_written_to_does_not_stop_the_others(app: Flask, sink: Sink) -> None:
    sink.start()
    with writing() as session:
        queue_mail(session, key="test:bad", to="x@example.jp\nBcc: y@example.jp", subject="s", body="b")
        queue_mail(session, key="test:wide", to="山田@example.jp", subject="s", body="b")
    write_to("a")
    send()
    assert sink.received == ["a@example.jp"]
    assert states() == {"bad": MailState.FAILED, "wide": MailState.FAILED, "a": MailState.SENT}


def test_after_three_days_a_mail_is_given_up_and_erased(app: Flask, sink: Sink) -> None:
    write_to("a")
    with writing() as session:
        session.execute(sa.update(Mail).values(created_at=clock.now() - timedelta(days=3, minutes=1)))
    send()
    mail = the_mail()
    assert (mail.state, mail.sealed_to, mail.body) == (MailState.FAILED, None, None)


def test_in_production_without_a_server_mail_waits(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], mode=Mode.PRODUCTION)
    write_to("a")
    send()
    assert states() == {"a": MailState.WAITING}


def test_demo_mail_becomes_a_file_and_never_reaches_a_server(app: Flask, sink: Sink) -> None:
    sink.start()
    app.extensions["settings"] = replace(app.extensions["settings"], mode=Mode.DEMO)
    write_to("a")
    send()
    [file] = (app.extensions["settings"].instance / "mail").glob("*")
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == "a@example.jp"
    assert sink.received == []
    assert states() == {"a": MailState.SENT}
