"""How surveys join the house: what each sub-package brings, composed."""

from pathlib import Path

from civic.features import ActivityKind, Feature, NavigationItem, Tables
from civic.messages import N_
from surveys import api, models, opening, recording
from surveys.cli import surveys
from surveys.collecting import permits as collecting
from surveys.collecting import staff as collector
from surveys.collecting import tables as collected
from surveys.collecting import tasks as collecting_tasks
from surveys.editing import permits as editing
from surveys.editing import staff as editor
from surveys.responding import jobs as responding_jobs
from surveys.responding import permits as responding
from surveys.responding import trial
from surveys.responding import views as answering
from surveys.results import captions, panels, queries, recounting, sources
from surveys.results import permits as results
from surveys.results import staff as counts
from surveys.results import views as released
from surveys.retention import acts as retention
from surveys.retention import jobs as retention_jobs
from surveys.seeds.demo import SEEDS

FEATURE = Feature(
    name="surveys",
    activity=ActivityKind(
        kind="survey",
        model=models.Survey,
        label=N_("Survey"),
        icon="survey",
        resident_endpoint="surveys.entry",
        staff_endpoint="surveys_editing.questionnaire",
        opening_problems=opening.opening_problems,
    ),
    blueprints=(answering.pages, trial.pages, editor.pages, released.pages, counts.pages, collector.pages, api.pages),
    permits=(*responding.PERMITS, *editing.PERMITS, *results.PERMITS, *collecting.PERMITS, *api.PERMITS),
    navigation=(
        NavigationItem("staff", "surveys_editing.index", N_("Surveys"), 30),
        NavigationItem("staff.begin", "surveys_editing.new", N_("Make a survey"), 10),
    ),
    acts=(*editing.ACTS, *collecting.ACTS, *retention.ACTS),
    commands=(surveys,),
    jobs={**responding_jobs.JOBS, **retention_jobs.JOBS},
    periodic={**responding_jobs.PERIODIC, **retention_jobs.PERIODIC},
    tables=Tables(collected.COMMAND, collected.read_table),
    tasks=collecting_tasks.tasks,
    seeds=SEEDS,
    locales=Path(models.__file__).parent / "locales",
    datasets=queries.tables_of,
    captions=captions.captions,
    texts=sources.texts,
    text_counts=sources.text_counts,
    resolve=sources.resolve,
    panels=panels.PANELS,
    recounts=recounting.recounts,
    counting=recording.counting,
    discard=opening.discard,
)
