"""How consultations join the house: what each sub-package brings, composed."""

from pathlib import Path

from civic.features import ActivityKind, Feature, NavigationItem, Tables
from civic.messages import N_
from consultations.comments import models, opening, sources, tasks
from consultations.comments.answering import permits as answering
from consultations.comments.answering import staff as answerer
from consultations.comments.cli import consultations
from consultations.comments.collecting import permits as collecting
from consultations.comments.collecting import staff as collector
from consultations.comments.collecting import tables as collected
from consultations.comments.commenting import panels as own
from consultations.comments.commenting import permits as commenting
from consultations.comments.commenting import views as residents
from consultations.comments.desk import comments as reader
from consultations.comments.desk import panels as desk_panels
from consultations.comments.desk import permits as desk
from consultations.comments.drafting import panels as drafting_panels
from consultations.comments.drafting import permits as drafting
from consultations.comments.drafting import staff as drafter
from consultations.comments.drafting import views as attachments
from consultations.comments.drafting.notheld import staff as not_held_desk
from consultations.comments.drafting.notheld import views as not_held
from consultations.comments.drafting.rulebook import staff as rulebook
from consultations.comments.publishing import checking, datasets, panels, preparing
from consultations.comments.publishing import permits as publishing
from consultations.comments.publishing import staff as publisher_desk
from consultations.comments.publishing import views as results
from consultations.comments.retention import acts as retention
from consultations.comments.retention import jobs as retention_jobs
from consultations.comments.seeds.demo import SEEDS

PARTS = (drafting, commenting, collecting, desk, answering, publishing)

FEATURE = Feature(
    name="comments",
    activity=ActivityKind(
        kind="consultation",
        model=models.Consultation,
        label=N_("Public comment"),
        icon="talk",
        resident_endpoint="consultations.entry",
        staff_endpoint="consultations_drafting.draft",
        answer_endpoint="consultation_results.responses",
        opening_problems=opening.opening_problems,
        answer_problems=checking.answer_problems,
        facts="comments/staff/facts.html",
    ),
    blueprints=(
        residents.pages,
        drafter.pages,
        rulebook.pages,
        not_held_desk.pages,
        not_held.pages,
        attachments.pages,
        collector.pages,
        reader.pages,
        answerer.pages,
        results.pages,
        publisher_desk.pages,
    ),
    permits=tuple(row for part in PARTS for row in part.PERMITS),
    navigation=(
        NavigationItem("staff", "consultations_drafting.index", N_("Public comment"), 35),
        NavigationItem("staff.begin", "consultations_drafting.new", N_("Start a public comment"), 20),
    ),
    acts=(*(act for part in PARTS for act in part.ACTS), *retention.ACTS),
    triggers={engine: frozenset({"comment_body_is_final"}) for engine in ("sqlite", "postgresql")},
    commands=(consultations,),
    jobs=retention_jobs.JOBS,
    periodic=retention_jobs.PERIODIC,
    locales=Path(models.__file__).parents[1] / "locales",
    texts=sources.texts,
    text_counts=sources.text_counts,
    resolve=sources.resolve,
    discard=opening.discard,
    seeds=SEEDS,
    tables=Tables(collected.COMMAND, collected.read_table),
    datasets=datasets.tables_of,
    captions=datasets.captions,
    publication=preparing.prepare,
    panels=(*drafting_panels.PANELS, *desk_panels.PANELS, *panels.PANELS, *own.PANELS),
    tasks=tasks.tasks,
)
