"""How consultations join the house: what each sub-package brings, composed."""

from pathlib import Path

from civic.features import ActivityKind, Feature
from civic.messages import N_
from consultations.comments import models, opening, sources, tasks
from consultations.comments.answering import permits as answering
from consultations.comments.answering import staff as answerer
from consultations.comments.collecting import permits as collecting
from consultations.comments.commenting import permits as commenting
from consultations.comments.commenting import views as residents
from consultations.comments.desk import permits as desk
from consultations.comments.drafting import permits as drafting
from consultations.comments.drafting import staff as drafter
from consultations.comments.publishing import permits as publishing

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
        opening_problems=opening.opening_problems,
    ),
    blueprints=(residents.pages, drafter.pages, answerer.pages),
    permits=tuple(row for part in PARTS for row in part.PERMITS),
    acts=tuple(act for part in PARTS for act in part.ACTS),
    triggers={engine: frozenset({"comment_body_is_final"}) for engine in ("sqlite", "postgresql")},
    locales=Path(models.__file__).parents[1] / "locales",
    texts=sources.texts,
    resolve=sources.resolve,
    discard=opening.discard,
    tasks=tasks.tasks,
)
