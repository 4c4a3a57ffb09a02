"""Work in the background: the import of an uploaded table."""

from dataclasses import replace

from analysis.tabular import TableRefused
from civic.activities.models import Activity
from civic.db import db, writing
from civic.features import tables_of
from civic.identity.accounts import Actor
from civic.intake import importing, uploads
from civic.intake.importing import Watching
from civic.intake.queries import IMPORT_JOB
from civic.intake.reading import intake_from_json
from civic.jobs.context import JobContext
from civic.refusals import Busy, Refusal


def import_upload(job: JobContext) -> None:
    """Import what a clerk uploaded; another attempt goes on where this one stopped."""
    given = job.payload
    asked = intake_from_json(given["intake"])
    activity = db.session.get_one(Activity, given["activity"])
    command = tables_of(activity).command
    try:
        intake = replace(asked, path=uploads.as_csv(asked.path))
        watching = Watching(job.hold, job.finish, job.progress)
        actor = Actor(f"staff:{given['staff']}", given["staff"])
        importing.import_table(activity, intake, actor, watching=watching, job_id=job.job_id)
    except TableRefused as refused:
        uploads.remove(asked.path)
        raise uploads.refusal(refused, command) from refused
    except Busy:
        raise
    except Refusal:
        uploads.remove(asked.path)
        raise
    uploads.remove(asked.path)


def sweep_uploads(job: JobContext) -> None:
    """Remove uploads whose job never came to its end."""
    uploads.sweep()
    with writing() as session:
        job.finish(session)


SWEEPING_JOB = "intake.sweep_uploads"
JOBS = {IMPORT_JOB: import_upload, SWEEPING_JOB: sweep_uploads}
PERIODIC = {SWEEPING_JOB: 24 * 3600}
