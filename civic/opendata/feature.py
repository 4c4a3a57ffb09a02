"""How open data join the house."""

from civic.features import Feature
from civic.opendata import releasing
from civic.opendata.models import RELEASE_JOB

FEATURE = Feature(
    name="opendata",
    jobs={RELEASE_JOB: releasing.release_tables, "opendata.release_live": releasing.release_live},
    periodic={"opendata.release_live": 300},
)
