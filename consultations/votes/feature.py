"""How votes join the house."""

from pathlib import Path

from civic.features import ActivityKind, Feature, NavigationItem
from civic.messages import N_
from consultations.votes import acts, cli, models, opening, recounting
from consultations.votes.casting import panels as own
from consultations.votes.casting import permits as casting
from consultations.votes.casting import views as residents
from consultations.votes.conducting import jobs, panels, readying, running, tasks
from consultations.votes.conducting import permits as conducting
from consultations.votes.conducting import staff as conductor
from consultations.votes.enrolling import jobs as enrolments
from consultations.votes.enrolling import permits as enrolling
from consultations.votes.enrolling import staff as enroller
from consultations.votes.paper import permits as papers
from consultations.votes.paper import staff as paper
from consultations.votes.publishing import datasets
from consultations.votes.publishing import permits as publishing
from consultations.votes.publishing import views as publisher
from consultations.votes.seeds.demo import SEEDS
from consultations.votes.slots import permits as mapping
from consultations.votes.slots import staff as slots

ONLY_ADDED = ("board_entry", "board_checkpoint", "board_cosignature")

FEATURE = Feature(
    name="votes",
    activity=ActivityKind(
        kind="vote",
        model=models.Vote,
        label=N_("Residents' vote"),
        icon="vote",
        resident_endpoint="votes.entry",
        staff_endpoint="votes_conducting.conduct",
        answer_endpoint="votes_public.results",
        closed_words=N_("Thank you for voting. The result stands on the page of the vote."),
        opening_problems=opening.opening_problems,
        answer_problems=opening.answer_problems,
        facts="votes/staff/facts.html",
        own_admission=True,
        close_endpoint="votes_running.close",
        fixed_end=opening.FIXED_END,
    ),
    blueprints=(
        residents.pages,
        publisher.pages,
        conductor.pages,
        readying.pages,
        enroller.pages,
        running.pages,
        paper.pages,
        slots.pages,
    ),
    permits=(
        *casting.PERMITS,
        *publishing.PERMITS,
        *conducting.PERMITS,
        *enrolling.PERMITS,
        *papers.PERMITS,
        *mapping.PERMITS,
    ),
    navigation=(
        NavigationItem("staff", "votes_conducting.index", N_("Votes"), 37),
        NavigationItem("staff.begin", "votes_conducting.new", N_("Start a vote"), 30),
    ),
    acts=acts.ACTS,
    commands=(cli.votes,),
    jobs={**jobs.JOBS, **enrolments.JOBS},
    periodic={**jobs.PERIODIC, **enrolments.PERIODIC},
    triggers={
        "sqlite": frozenset(f"{table}_no_{act}" for table in ONLY_ADDED for act in ("update", "delete", "replace")),
        "postgresql": frozenset(f"{table}_no_{act}" for table in ONLY_ADDED for act in ("update", "truncate")),
    },
    discard=opening.discard,
    tasks=tasks.tasks,
    seeds=SEEDS,
    recounts=recounting.recounts,
    panels=(*panels.PANELS, *own.PANELS),
    datasets=datasets.tables_of,
    captions=datasets.captions,
    locales=Path(models.__file__).parents[1] / "locales",
)
