"""Claiming, finishing, giving up: told on rows, without processes."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.db import db, writing
from civic.jobs import child, leases
from civic.jobs.context import JobContext, LeaseLost
from civic.jobs.leases import Lease
from civic.jobs.models import Job, JobState
from civic.jobs.queue import cancel, enqueue
from civic.jobs.schedule import Schedule, tidy


def queued(name: str = "jobs.tidy", key: str | None = None) -> int:
    with writing() as session:
        return enqueue(session, name, {}, key=key).id


def claimed(after: timedelta = timedelta(0)) -> Lease | None:
    with writing() as session:
        return leases.claim(session, clock.now() + after)


def state(job_id: int) -> JobState:
    db.session.rollback()
    return db.session.scalars(sa.select(Job.state).where(Job.id == job_id)).one()


def write_and_finish(job: JobContext) -> None:
    with writing() as session:
        enqueue(session, "jobs.tidy", {})
        job.finish(session)


def test_a_rolled_back_act_leaves_no_job(app: Flask) -> None:
    def fails_after_queueing() -> None:
        with writing() as session:
            enqueue(session, "jobs.tidy", {})
            raise KeyError

    with pytest.raises(KeyError):
        fails_after_queueing()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_one_key_waits_once_and_may_come_again_afterwards(app: Flask) -> None:
    first = queued(key="tidy")
    assert queued(key="tidy") == first
    assert child.perform_due() == 1
    assert queued(key="tidy") != first


def test_the_job_that_waited_longest_comes_first_and_a_later_one_not_yet(app: Flask) -> None:
    with writing() as session:
        late = enqueue(session, "jobs.tidy", {}, after=timedelta(hours=1)).id
    first, second = queued(), queued()
    found = [lease.job_id if (lease := claimed()) else None for _ in range(3)]
    assert found == [first, second, None]
    assert state(late) is JobState.QUEUED


def test_two_runners_never_hold_one_lease(app: Flask) -> None:
    with writing() as session:
        for _ in range(60):
            enqueue(session, "jobs.tidy", {})
    taken: list[int] = []

    def claim_until_empty() -> None:
        with app.app_context():
            while lease := claimed():
                taken.append(lease.job_id)

    threads = [threading.Thread(target=claim_until_empty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == len(set(taken)) == 60


def test_a_job_taken_over_can_only_be_finished_by_its_new_holder(app: Flask) -> None:
    job_id = queued()
    first = claimed()
    second = claimed(after=leases.LEASE + timedelta(seconds=1))
    assert first
    assert second
    assert first.job_id == second.job_id == job_id
    with pytest.raises(LeaseLost), writing() as session:
        JobContext(job_id, first.token, {}).finish(session)
    with pytest.raises(LeaseLost), writing() as session:
        JobContext(job_id, first.token, {}).hold(session)
    with writing() as session:
        assert not leases.renew(session, first, clock.now())
        JobContext(job_id, second.token, {}).finish(session)
    assert state(job_id) is JobState.DONE


def test_a_lease_that_is_renewed_is_not_taken_over(app: Flask) -> None:
    queued()
    lease = claimed()
    assert lease
    with writing() as session:
        assert leases.renew(session, lease, clock.now() + leases.LEASE)
    assert claimed(after=leases.LEASE + timedelta(seconds=1)) is None


def test_what_a_cancelled_job_wrote_is_rolled_back(app: Flask) -> None:
    job_id = queued()
    lease = claimed()
    assert lease
    job = JobContext(job_id, lease.token, {})
    assert not job.cancelled()
    with writing() as session:
        cancel(session, job_id)
    assert job.cancelled()
    with pytest.raises(LeaseLost):
        write_and_finish(job)
    with writing() as session:
        leases.put_back(session, lease, clock.now(), "stopped")
    assert state(job_id) is JobState.CANCELLED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_a_waiting_job_is_cancelled_at_once_and_a_finished_one_never(app: Flask) -> None:
    waiting, done = queued(), queued()
    with writing() as session:
        cancel(session, waiting)
    assert child.perform_due() == 1
    with writing() as session:
        cancel(session, done)
    assert (state(waiting), state(done)) == (JobState.CANCELLED, JobState.DONE)


def test_every_failed_attempt_waits_longer_and_the_last_one_ends_it(app: Flask) -> None:
    job_id = queued()
    now = clock.now()
    pauses = []
    for _ in range(leases.MAX_ATTEMPTS):
        with writing() as session:
            lease = leases.claim(session, now)
            assert lease
            leases.put_back(session, lease, now, "its process ended by signal 11")
        run_at = db.session.scalars(sa.select(Job.run_at).where(Job.id == job_id)).one()
        pauses.append((run_at - now).total_seconds())
        now = max(now, run_at)
    assert pauses[:-1] == [2, 4, 8, 16]
    assert state(job_id) is JobState.FAILED


def test_a_job_whose_runners_always_disappear_is_given_up(app: Flask) -> None:
    job_id = queued()
    now = clock.now()
    for _ in range(leases.MAX_ATTEMPTS):
        with writing() as session:
            assert leases.claim(session, now)
        now += leases.LEASE + timedelta(seconds=1)
    with writing() as session:
        assert leases.claim(session, now) is None
    assert state(job_id) is JobState.FAILED


def test_a_stopping_runner_gives_its_job_back_untried(app: Flask) -> None:
    job_id = queued()
    lease = claimed()
    assert lease
    with writing() as session:
        leases.release(session, lease, clock.now())
    db.session.rollback()
    row = db.session.get_one(Job, job_id)
    assert (row.state, row.attempts, row.worker) == (JobState.QUEUED, 0, None)


def test_progress_is_seen_by_others_and_refused_to_a_former_holder(app: Flask) -> None:
    job_id = queued()
    lease = claimed()
    assert lease
    JobContext(job_id, lease.token, {}).progress(3, 12, "reading")
    row = db.session.get_one(Job, job_id)
    assert (row.done_units, row.total_units, row.step) == (3, 12, "reading")
    with pytest.raises(LeaseLost):
        JobContext(job_id, "0" * 32, {}).progress(4, 12)


def test_a_job_that_forgets_to_finish_is_a_bug_one_sees(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions["house"].jobs, "tests.forgetful", lambda job: None)
    queued("tests.forgetful")
    with pytest.raises(child.NotFinished):
        child.perform_due()


def test_periodic_work_is_queued_when_due_and_not_again(app: Flask) -> None:
    schedule = Schedule()
    schedule.enqueue_due()
    names = set(db.session.scalars(sa.select(Job.name)))
    assert names == set(app.extensions["house"].periodic) >= {"jobs.tidy"}
    db.session.rollback()
    child.perform_due()
    schedule.enqueue_due()
    assert db.session.scalar(sa.select(sa.func.count()).where(Job.state == JobState.QUEUED)) == 0


def test_old_finished_jobs_go_and_others_stay(app: Flask) -> None:
    periodic, kept, waiting = queued(), queued("tests.other"), queued("tests.other")
    old = clock.now() - timedelta(hours=2)
    with writing() as session:
        session.execute(sa.update(Job).where(Job.id.in_([periodic, kept])).values(state=JobState.DONE, finished_at=old))
        tidying = enqueue(session, "jobs.tidy", {}).id
        session.execute(sa.update(Job).where(Job.id == tidying).values(state=JobState.RUNNING, worker="t"))
    tidy(JobContext(tidying, "t", {}))
    assert set(db.session.scalars(sa.select(Job.id))) == {kept, waiting, tidying}
