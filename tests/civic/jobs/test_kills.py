"""SIGKILL of the runner and of a job's process at ten points each: done exactly once, and never half of it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.config import Settings
from civic.db import db, writing
from civic.identity.models import Department
from civic.jobs.models import Job, JobState
from civic.jobs.queue import cancel, enqueue
from tests.civic.jobs.city import INSIDE_THE_WRITE, OUTSIDE

ROUNDS = [OUTSIDE, *((point,) for point in INSIDE_THE_WRITE)]  # on SQLite a stop inside a write stops all writers


def environment(app: Flask) -> dict[str, str]:
    settings: Settings = app.extensions["settings"]
    own = {"MACHIKOE_MODE": "test", "MACHIKOE_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database}
    return os.environ | own


def start_runner(app: Flask, *options: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "flask", "--app", "tests.civic.jobs.city", "jobs", "run", "--lease", "4"]
    return subprocess.Popen([*command, *options], env=environment(app), stdin=stdin)


@contextmanager
def runner(app: Flask, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = start_runner(app, *options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def queue(folder: Path, points: Sequence[int]) -> dict[str, Path]:
    marks = {}
    with writing() as session:
        for point in points:
            name = f"job{point}"
            marks[name] = folder / f"{name}.pid"
            enqueue(session, "tests.halves", {"name": name, "point": point, "folder": str(folder)})
    return marks


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


OURS = Job.name.like("tests.%")  # the runner also queues periodic work


def unfinished() -> int:
    db.session.rollback()
    waiting = sa.select(sa.func.count()).where(OURS, Job.state.in_(["queued", "running"]))
    return int(db.session.scalar(waiting) or 0)


def our_job() -> Job:
    db.session.rollback()
    return db.session.scalars(sa.select(Job).where(OURS)).one()


def halves(connection: sa.Connection) -> dict[str, int]:
    codes = connection.scalars(sa.select(Department.code)).all()
    connection.rollback()
    names = [code.split("-")[0] for code in codes]
    return {name: names.count(name) for name in set(names)}


@contextmanager
def watching_for_half_results(app: Flask) -> Iterator[None]:
    """Read all the time what others see; fail at the end if it ever was half a result."""
    seen: set[int] = set()
    over = threading.Event()

    def watch() -> None:
        with app.app_context(), db.engine.connect() as connection:
            while not over.is_set():
                seen.update(halves(connection).values())
                time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
    assert seen <= {2}


def check_done_once(names: Sequence[str]) -> None:
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Job.state).where(OURS))) == {JobState.DONE}
    with db.engine.connect() as connection:
        assert halves(connection) == dict.fromkeys(names, 2)


@pytest.mark.parametrize("points", ROUNDS, ids=str)
def test_a_killed_job_is_done_exactly_once(app: Flask, tmp_path: Path, points: Sequence[int]) -> None:
    marks = queue(tmp_path, points)
    with runner(app, "--places", str(len(points))), watching_for_half_results(app):
        wait_for(lambda: all(mark.exists() for mark in marks.values()))
        for mark in marks.values():
            os.kill(int(mark.read_text()), signal.SIGKILL)
        wait_for(lambda: unfinished() == 0)
    check_done_once(list(marks))


@pytest.mark.parametrize("points", ROUNDS, ids=str)
def test_after_the_runner_is_killed_its_jobs_are_done_exactly_once(
    app: Flask, tmp_path: Path, points: Sequence[int]
) -> None:
    marks = queue(tmp_path, points)
    with watching_for_half_results(app):
        first = start_runner(app, "--places", str(len(points)))
        wait_for(lambda: all(mark.exists() for mark in marks.values()))
        first.kill()
        first.wait()
        wait_for(lambda: not any(alive(int(mark.read_text())) for mark in marks.values()), 10)
        with runner(app, "--places", str(len(points))):
            wait_for(lambda: unfinished() == 0)
    check_done_once(list(marks))


def alive(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_two_runners_share_the_work_and_double_none(app: Flask, tmp_path: Path) -> None:
    names = [f"many{number}" for number in range(8)]
    with writing() as session:
        for name in names:
            enqueue(session, "tests.halves", {"name": name, "folder": str(tmp_path)})
    with runner(app), runner(app), watching_for_half_results(app):
        wait_for(lambda: unfinished() == 0)
    check_done_once(names)


def test_a_cancelled_job_is_stopped_and_leaves_nothing(app: Flask, tmp_path: Path) -> None:
    marks = queue(tmp_path, [3])
    with runner(app):
        wait_for(marks["job3"].exists)
        job_id = our_job().id
        with writing() as session:
            cancel(session, job_id)
        wait_for(lambda: unfinished() == 0)
    assert not alive(int(marks["job3"].read_text()))
    with db.engine.connect() as connection:
        assert halves(connection) == {}


def test_a_stopped_runner_gives_back_what_it_held(app: Flask, tmp_path: Path) -> None:
    marks = queue(tmp_path, [1])
    with runner(app):
        wait_for(marks["job1"].exists)
    job = our_job()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_a_job_that_fails_is_tried_again_later_and_says_how_it_ended(app: Flask) -> None:
    with writing() as session:
        enqueue(session, "tests.failing", {})
    assert start_runner(app, "--once").wait(60) == 0
    job = our_job()
    assert (job.state, job.attempts, job.problem) == (JobState.QUEUED, 1, "its process ended with exit code 1")


def test_the_runner_ends_with_the_process_that_started_it(app: Flask) -> None:
    process = start_runner(app, "--lifeline", stdin=subprocess.PIPE)
    assert process.stdin
    time.sleep(0.5)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(20) == 1
