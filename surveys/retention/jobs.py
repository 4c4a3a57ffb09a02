"""The daily look for answers whose retention has ended."""

from civic import clock
from civic.db import db, writing
from civic.jobs.context import JobContext
from surveys.retention import actions


def erase_answers(job: JobContext) -> None:
    """Erase the answers of every survey past its day, batch by batch; an interrupted one is taken up again."""
    ids = actions.due(db.session, clock.today())
    db.session.rollback()
    for done, survey_id in enumerate(ids):
        last = 0
        while last := actions.erase_batch(survey_id, last):
            job.progress(done, len(ids), "erase")
        actions.finish(survey_id, clock.now())
    with writing() as session:
        job.finish(session)


JOBS = {"surveys.erase_answers": erase_answers}
PERIODIC = {"surveys.erase_answers": 6 * 3600}
