"""Work in the background: removing bytes that no row names any more."""

from civic.db import writing
from civic.files import storing
from civic.jobs.context import JobContext


def sweep(job: JobContext) -> None:
    """Remove the content named in the payload, unless a row names it (again)."""
    with writing() as session:
        job.hold(session)
        storing.sweep(session, job.payload["sha256"])
        job.finish(session)


JOBS = {storing.SWEEP_JOB: sweep}
