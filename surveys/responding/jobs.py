"""Work in the background: drafts end after 30 days."""

from civic import clock
from civic.db import writing
from civic.jobs.context import JobContext
from surveys.responding import actions


def erase_drafts(job: JobContext) -> None:
    """Erase every draft nobody went on with for 30 days."""
    at = clock.now()
    erased = 0
    while gone := actions.erase_expired(at):
        erased += gone
        job.progress(erased)
    with writing() as session:
        job.finish(session)


JOBS = {"surveys.erase_drafts": erase_drafts}
PERIODIC = {"surveys.erase_drafts": 3600}
