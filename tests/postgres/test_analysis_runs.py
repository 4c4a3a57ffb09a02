"""An analysis that ends at the moment somebody stops it, on PostgreSQL: what is finished stays finished."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from analysis.reports.models import Run, RunState
from analysis.reports.runs import actions as runs
from civic import clock
from civic.activities.states import State
from civic.db import db, writing
from civic.jobs import leases
from civic.jobs.context import JobContext
from civic.jobs.models import Job, JobState
from tests.cast import Cast
from tests.civic.jobs.test_kills import wait_for
from tests.factories.surveys import actor, fill, make_survey

OUTPUT = b"{}"
SOMEBODY_WAITS = sa.text("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")


@pytest.fixture
def run_id(cast: Cast) -> int:
    survey = make_survey(cast, state=State.OPEN)
    fill(survey, [{"message": {"text": "日かげがほしいです"}}])
    return runs.request_run(survey.id, "message", actor(cast.analyst))


def cancelled(cast: Cast, run_id: int) -> None:
    runs.cancel_run(run_id, actor(cast.analyst))


def erased(_cast: Cast, run_id: int) -> None:
    with writing() as session:
        runs.forget(session, session.get_one(Run, run_id).activity_id)


def meet(app: Flask, cast: Cast, run_id: int, stop: Callable[[Cast, int], None]) -> Run:
    """Store a run's result while somebody stops it; the run afterwards."""

    def stopping() -> None:
        with app.app_context():
            stop(cast, run_id)
            db.session.close()

    with writing() as session:
        lease = leases.claim(session, clock.now())
    assert lease is not None
    with ThreadPoolExecutor(1) as threads:
        with writing() as session:
            job = JobContext(lease.job_id, lease.token, {})
            job.hold(session)
            runs.store_output(session, session.get_one(Run, run_id), "digest", OUTPUT, {})
            session.flush()
            stopped = threads.submit(stopping)
            wait_for(lambda: bool(session.scalar(SOMEBODY_WAITS)))
            job.finish(session)
        stopped.result()
    assert db.session.get_one(Job, lease.job_id).state is JobState.DONE
    return db.session.get_one(Run, run_id)


def test_a_run_that_ends_while_it_is_stopped_stays_done(app: Flask, cast: Cast, run_id: int) -> None:
    run = meet(app, cast, run_id, cancelled)
    assert (run.state, run.output) == (RunState.DONE, OUTPUT)


def test_a_run_that_ends_while_its_answers_are_erased_keeps_no_output(app: Flask, cast: Cast, run_id: int) -> None:
    run = meet(app, cast, run_id, erased)
    assert (run.state, run.output) == (RunState.ERASED, None)
