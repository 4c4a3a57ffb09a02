"""The runner: claims due jobs, gives each a process of its own, renews their leases, and never leaves one half-held."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from civic import clock
from civic.db import db, writing
from civic.jobs import leases
from civic.jobs.leases import Lease
from civic.jobs.models import Job, JobState
from civic.jobs.schedule import Schedule
from civic.refusals import Busy

log = logging.getLogger("civic.jobs")

BEAT: Final = 1.0  # seconds between two renewals of all leases
LOOK: Final = 0.1  # seconds between two looks at the processes
GRACE: Final = 10.0  # seconds a process may take to leave after its job ended
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # set before NumPy is loaded: same bytes


@dataclass
class Child:
    """A running attempt: the lease and the process, a group leader whose standard input is our lifeline to it."""

    lease: Lease
    process: "subprocess.Popen[bytes]"
    lost_at: float | None = None

    def kill(self) -> None:
        """End the process and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Runner:
    """Runs up to `places` jobs side by side until told to stop. `application` is what `flask --app` names."""

    def __init__(self, application: str, places: int = 2, lease: timedelta = leases.LEASE) -> None:
        self.application = application
        self.places = places
        self.lease = lease
        self.children: list[Child] = []
        self.stopping = False  # no Event: the signal that sets it may meet its own thread holding the Event's lock

    def stop(self, *signal_and_frame: Any) -> None:
        """Leave at the next look. May be called by a signal."""
        self.stopping = True

    def run(self, once: bool = False) -> None:
        """Work until stopped, then give back what is unfinished. `once`: until nothing is due, scheduling nothing."""
        steps = [self.renew, self.fill] if once else [Schedule().enqueue_due, self.renew, self.fill]
        beat_at = 0.0
        while not self.stopping:
            ended = self.reap()
            if ended or time.monotonic() >= beat_at:
                for step in steps:
                    self.patiently(step)
                beat_at = time.monotonic() + BEAT
            if once and not self.children and not self.anything_due():
                return
            time.sleep(LOOK)
        self.give_back()

    def patiently(self, step: Callable[[], None]) -> None:
        """Do `step`; when the database is locked, leave it for the next beat: the leases outlast several."""
        try:
            step()
        except Busy:
            log.warning("the database is busy; trying again at the next beat")
        finally:
            db.session.close()  # no snapshot stays open between two beats

    def anything_due(self) -> bool:
        found = db.session.scalar(sa.select(sa.exists().where(leases.due(clock.now()))))
        db.session.close()
        return bool(found)

    def fill(self) -> None:
        """Claim and start jobs while there is room. Looks before it claims, so that an idle runner takes no lock."""
        while len(self.children) < self.places and self.anything_due():
            with writing() as session:
                lease = leases.claim(session, clock.now(), self.lease)
            if lease is None:
                return
            self.start(lease)

    def start(self, lease: Lease) -> None:
        log.info("job %s %s starts", lease.job_id, lease.name)
        command = [sys.executable, "-m", "flask", "--app", self.application, "jobs", "child"]
        process = subprocess.Popen(
            [*command, str(lease.job_id), lease.token],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | ONE_THREAD,
        )
        self.children.append(Child(lease, process))

    def reap(self) -> bool:
        """Take leave of ended processes; True when there was one. What they did not finish is put back."""
        ended = [child for child in self.children if child.process.poll() is not None]
        for child in ended:
            child.kill()  # what it may have left behind in its group
            self.patiently(partial(self.put_back, child))
            self.children.remove(child)
        return bool(ended)

    def put_back(self, child: Child) -> None:
        code = child.process.returncode
        how = f"ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        with writing() as session:
            leases.put_back(session, child.lease, clock.now(), f"its process {how}")

    def renew(self) -> None:
        """Renew every lease; end the processes whose job was cancelled or taken over."""
        if not self.children:
            return
        with writing() as session:
            kept = {child.lease: leases.renew(session, child.lease, clock.now(), self.lease) for child in self.children}
        for child in self.children:
            if not kept[child.lease]:
                self.let_go(child)

    def let_go(self, child: Child) -> None:
        """End a process that holds its job no longer; one that has just finished gets time to leave by itself."""
        now = time.monotonic()
        child.lost_at = child.lost_at or now
        if now - child.lost_at > GRACE or self.state_of(child) is not JobState.DONE:
            log.info("job %s %s is stopped", child.lease.job_id, child.lease.name)
            child.kill()

    def state_of(self, child: Child) -> JobState | None:
        return db.session.scalar(sa.select(Job.state).where(Job.id == child.lease.job_id))

    def give_back(self) -> None:
        """Stop all processes and queue their jobs again, untried."""
        for child in self.children:
            child.kill()
        with writing() as session:
            for child in self.children:
                leases.release(session, child.lease, clock.now())
        self.children.clear()
