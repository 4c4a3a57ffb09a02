"""How surveys join the house: what each sub-package brings, composed."""

from pathlib import Path

from civic.features import ActivityKind, Feature
from civic.messages import N_
from surveys import models, recording
from surveys.responding import jobs as responding_jobs
from surveys.responding import permits as responding
from surveys.responding import trial
from surveys.responding import views as answering

FEATURE = Feature(
    name="surveys",
    activity=ActivityKind(
        kind="survey",
        model=models.Survey,
        label=N_("Survey"),
        icon="survey",
        resident_endpoint="surveys.entry",
        staff_endpoint="survey_trial.trial",
    ),
    blueprints=(answering.pages, trial.pages),
    permits=responding.PERMITS,
    jobs=responding_jobs.JOBS,
    periodic=responding_jobs.PERIODIC,
    locales=Path(models.__file__).parent / "locales",
    counting=recording.counting,
)
