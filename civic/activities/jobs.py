"""Work in the background: the latches no request came to set."""

from civic import clock
from civic.activities import actions, queries
from civic.db import writing
from civic.jobs.context import JobContext


def set_latches(job: JobContext) -> None:
    """Open and end whatever is due now."""
    at = clock.now()
    for activity_id in queries.with_due_latches(at):
        actions.set_due_latches(activity_id, at)
    with writing() as session:
        job.finish(session)
