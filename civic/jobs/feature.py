"""How background work joins the house."""

from civic.features import Feature
from civic.jobs import cli, models, schedule  # noqa: F401 - the table must be known before any query

FEATURE = Feature(
    name="jobs",
    commands=(cli.jobs,),
    jobs={"jobs.tidy": schedule.tidy},
    periodic={"jobs.tidy": 3600},
)
