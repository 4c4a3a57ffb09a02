"""Where the files of a run live while it computes: texts as they came, so that nothing may be left of them.

A folder is named after its job and the token of the attempt that made it. A process that was ended could not clean up
after itself; what it left is known by a job that holds that token no more.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from civic.db import db
from civic.jobs.context import JobContext
from civic.jobs.models import Job, JobState


def private_folder() -> Path:
    """The folder of all runs: in the instance folder, for this user only."""
    folder: Path = current_app.extensions["settings"].instance / "runs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def folder_of(job: JobContext) -> Iterator[Path]:
    """A new folder (mode 0700) for this attempt, removed afterwards; what earlier attempts left goes first."""
    for left in private_folder().glob(f"{job.job_id}-*"):
        shutil.rmtree(left)
    folder = private_folder() / f"{job.job_id}-{job.token}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove every folder whose attempt holds its job no more; returns how many."""
    present = list(private_folder().iterdir())  # before asking who holds what: an attempt is known before its folder
    running = sa.select(Job.id, Job.worker).where(Job.state == JobState.RUNNING)
    held = {f"{job_id}-{token}" for job_id, token in db.session.execute(running)}
    db.session.rollback()
    left = [folder for folder in present if folder.name not in held]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)
