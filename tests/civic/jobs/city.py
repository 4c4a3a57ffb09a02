"""The application with one more feature, whose jobs can be stopped at named points. `flask --app tests.civic.jobs.city`."""

import atexit
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from civic.app import create_app
from civic.db import writing
from civic.features import Feature
from civic.identity.models import Department
from civic.jobs.context import JobContext
from wsgi import FEATURES

OUTSIDE = (0, 1, 2, 3, 8, 9)
INSIDE_THE_WRITE = (4, 5, 6, 7)


def in_two_halves(job: JobContext) -> None:
    """Writes two rows named after the job; stops once at the point its payload names, to be killed there."""
    stop = Stop(job.payload)
    stop.at(0)
    job.progress(1, 3, "first")
    stop.at(1)
    job.progress(3, 3, "last")
    stop.at(2)
    stop.at(3)
    with writing() as session:
        stop.at(4)
        session.add(half(job.payload["name"]))
        session.flush()
        stop.at(5)
        session.add(half(job.payload["name"]))
        session.flush()
        stop.at(6)
        job.finish(session)
        stop.at(7)
    stop.at(8)
    atexit.register(stop.at, 9)


def half(name: str) -> Department:
    return Department(code=f"{name}-{uuid4().hex[:8]}", name={"ja": name})


class Stop:
    """Waits at one point, the first time it is reached: a file says so and holds the process id."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        self.point = payload.get("point")
        self.mark = Path(payload["folder"]) / f"{payload['name']}.pid"

    def at(self, point: int) -> None:
        if self.point == point and not self.mark.exists():
            partial = self.mark.with_suffix(".partial")
            partial.write_text(str(os.getpid()))
            partial.rename(self.mark)
            time.sleep(120)


def failing(job: JobContext) -> None:
    raise ZeroDivisionError("this job always fails")


TESTS = Feature(name="tests", jobs={"tests.halves": in_two_halves, "tests.failing": failing})

app = create_app(features=(*FEATURES, TESTS))
app.extensions[
    "house"
].periodic = {}  # or a dozen periodic jobs, each a process, would come before the ones killed here
