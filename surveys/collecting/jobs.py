"""Work in the background: the import of an uploaded table."""

from pathlib import Path

from analysis.tabular import TableRefused
from civic.activities.states import Channel
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.jobs.context import JobContext
from civic.refusals import Busy, Refusal
from surveys.collecting import importing, uploads
from surveys.collecting.importing import Watching
from surveys.collecting.queries import IMPORT_JOB
from surveys.collecting.reading import Intake
from surveys.models import Survey
from surveys.results.queries import survey_with_questionnaire


def import_upload(job: JobContext) -> None:
    """Import what a clerk uploaded; another attempt goes on where this one stopped."""
    given = job.payload
    upload = Path(given["path"])
    try:
        intake = Intake(
            uploads.as_csv(upload),
            given["name"],
            Channel(given["channel"]),
            given["column_map"],
            tuple(given["key"]),
            given["person"],
            max_cells=uploads.MOST_CELLS,
        )
        survey, questionnaire = survey_with_questionnaire(db.session.get_one(Survey, given["survey"]).slug)
        watching = Watching(job.hold, job.finish, job.progress)
        actor = Actor(f"staff:{given['staff']}", given["staff"])
        importing.import_responses(survey, questionnaire, intake, actor, watching=watching, job_id=job.job_id)
    except TableRefused as refused:
        uploads.remove(upload)
        raise uploads.refusal(refused) from refused
    except Busy:
        raise
    except Refusal:
        uploads.remove(upload)
        raise
    uploads.remove(upload)


def sweep_uploads(job: JobContext) -> None:
    """Remove uploads whose job never came to its end."""
    uploads.sweep()
    with writing() as session:
        job.finish(session)


JOBS = {IMPORT_JOB: import_upload, "surveys.sweep_uploads": sweep_uploads}
PERIODIC = {"surveys.sweep_uploads": 24 * 3600}
