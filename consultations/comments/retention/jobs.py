"""The look for names and addresses whose retention has ended, four times a day."""

from civic import clock
from civic.db import db, writing
from civic.jobs.context import JobContext
from consultations.comments.retention import actions


def erase_authors(job: JobContext) -> None:
    """Erase who wrote the comments of every consultation past its day, batch by batch; it may be interrupted."""
    ids = actions.due(db.session, clock.today())
    db.session.rollback()
    erased = 0
    for consultation_id in ids:
        while batch := actions.erase_batch(consultation_id):
            erased += batch
            job.progress(erased)
    with writing() as session:
        job.finish(session)


JOBS = {"consultations.erase_authors": erase_authors}
PERIODIC = {"consultations.erase_authors": 6 * 3600}
