"""A run that is stopped or killed leaves no text of anybody on the disk, and does not say for ever that it waits."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from analysis.reports.models import Run, RunState
from analysis.reports.runs import actions as runs
from analysis.reports.runs import folders
from analysis.reports.runs.actions import JOB, SWEEP
from civic import clock
from civic.activities.queries import activity_by_slug
from civic.activities.states import State
from civic.db import db, writing
from civic.jobs.child import perform_due
from civic.jobs.context import JobContext
from civic.jobs.models import Job, JobState
from civic.jobs.queue import enqueue
from tests.cast import Cast
from tests.civic.jobs.test_kills import alive, runner, wait_for
from tests.factories.surveys import actor, fill, make_survey
from tests.pages import opens

WORDS = "夏は日かげがなくて遊べません"


@pytest.fixture
def run_id(cast: Cast) -> int:
    """A run over enough texts to be caught at work."""
    survey = make_survey(cast, state=State.OPEN)
    fill(survey, [{"message": {"text": f"{WORDS}。{number}番目の公園です。"}} for number in range(1500)])
    return runs.request_run(survey.id, "message", actor(cast.analyst))


def files(app: Flask) -> list[Path]:
    return [path for path in (app.extensions["settings"].instance / "runs").rglob("*") if path.is_file()]


def job_of(run_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, db.session.get_one(Run, run_id).job_id)


def commands_at_work(app: Flask) -> list[int]:
    """Process ids of `python -m analysis` on files of this installation."""
    wanted = f"analysis\0topics\0{app.extensions['settings'].instance}".encode()
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in line.read_bytes():
                found.append(int(line.parent.name))
    return found


@contextmanager
def at_work(app: Flask, run_id: int) -> Iterator[None]:
    """A runner that has got as far as the child process."""
    with runner(app):
        wait_for(lambda: bool(files(app)) and bool(commands_at_work(app)) and job_of(run_id).total_units is not None)
        yield


def sweep_now() -> None:
    """The sweep as the runner performs it, all that is queued of it at once."""
    with writing() as session:
        enqueue(session, SWEEP, {}, key="now")
        session.execute(sa.update(Job).where(Job.name == SWEEP).values(run_at=clock.now()))
    perform_due()


def test_a_run_cancelled_at_work_leaves_nothing_once_swept(cast: Cast, app: Flask, run_id: int) -> None:
    with at_work(app, run_id):
        runs.cancel_run(run_id, actor(cast.analyst))
        wait_for(lambda: job_of(run_id).state is JobState.CANCELLED)
        wait_for(lambda: not commands_at_work(app))
    assert WORDS in files(app)[0].read_text(encoding="utf-8-sig")  # its process was given no time to clean up
    waits = db.session.scalars(sa.select(Job.run_at).where(Job.key == f"{SWEEP}:{run_id}")).one()
    assert waits < clock.now() + timedelta(minutes=1)
    sweep_now()
    assert files(app) == []
    assert db.session.get_one(Run, run_id).state is RunState.CANCELLED


def test_a_killed_run_leaves_nothing_and_is_done_at_the_next_attempt(app: Flask, run_id: int) -> None:
    with at_work(app, run_id):
        child = commands_at_work(app)[0]
        os.killpg(os.getpgid(child), signal.SIGKILL)
        wait_for(lambda: not alive(child))
        wait_for(lambda: job_of(run_id).state is JobState.DONE)
    assert job_of(run_id).attempts == 2
    assert db.session.get_one(Run, run_id).state is RunState.DONE
    assert files(app) == []


def test_the_sweep_spares_an_attempt_that_is_at_work(app: Flask, run_id: int) -> None:
    job = job_of(run_id)
    with writing() as session:
        session.get_one(Job, job.id).state = JobState.RUNNING
        session.get_one(Job, job.id).worker = "held"
    with folders.folder_of(JobContext(job.id, "held", {})) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folders.private_folder() / f"{job.id}-lost").mkdir()
        (folders.private_folder() / "run-of-an-earlier-version").mkdir()
        folders.sweep()
        assert list(folders.private_folder().iterdir()) == [folder]
    assert list(folders.private_folder().iterdir()) == []


def test_erasing_the_answers_stops_a_run_and_sweeps_its_files(app: Flask, run_id: int) -> None:
    left = folders.private_folder() / f"{job_of(run_id).id}-lost"
    left.mkdir()
    (left / "texts.csv").write_text(WORDS)
    with writing() as session:
        runs.forget(session, session.get_one(Run, run_id).activity_id)
    sweep_now()
    assert files(app) == []
    assert db.session.get_one(Run, run_id).state is RunState.CANCELLED
    assert job_of(run_id).state is JobState.CANCELLED


def give_up(run_id: int) -> None:
    job_id = job_of(run_id).id
    with writing() as session:
        job = session.get_one(Job, job_id)
        job.state, job.problem = JobState.FAILED, "given up: its process disappeared at every attempt"


def no_job(run_id: int) -> None:
    with writing() as session:
        session.get_one(Run, run_id).job_id = None


@pytest.mark.parametrize("end", [give_up, no_job])
def test_a_run_whose_job_was_given_up_has_failed_and_can_be_asked_for_again(
    cast: Cast, run_id: int, end: Callable[[int], None]
) -> None:
    end(run_id)
    client = cast.client(cast.analyst)
    client.set_cookie("language", "en")
    run = db.session.get_one(Run, run_id)
    desk = f"/staff/analysis/{activity_by_slug('playgrounds').slug}/{run.question}"
    assert "The analysis failed" in opens(client, desk).text
    assert client.get(f"{desk}/progress.json").json["state"] == "failed"
    again = runs.request_run(run.activity_id, run.question, actor(cast.analyst))
    db.session.rollback()
    states = {one.id: one.state for one in db.session.scalars(sa.select(Run))}
    assert states == {run_id: RunState.FAILED, again: RunState.WAITING}


def test_the_sweep_writes_down_that_a_run_was_given_up(run_id: int) -> None:
    give_up(run_id)
    sweep_now()
    run = db.session.get_one(Run, run_id)
    assert (run.state, run.problem) == (RunState.FAILED, "given up: its process disappeared at every attempt")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.name == JOB)) == 1
