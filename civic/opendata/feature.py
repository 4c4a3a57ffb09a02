"""How open data join the house."""

from civic.features import Feature, NavigationItem
from civic.identity.roles import PUBLIC, permit
from civic.messages import N_
from civic.opendata import api, releasing, views
from civic.opendata.models import RELEASE_JOB

FEATURE = Feature(
    name="opendata",
    blueprints=(views.pages, api.pages),
    permits=(
        *(permit(f"opendata.{name}", "GET", "opendata.read", PUBLIC) for name in ("index", "csv", "tables", "catalog")),
        *(permit(f"api.{name}", "GET", "opendata.read", PUBLIC) for name in ("description", "activities", "tables")),
    ),
    navigation=(NavigationItem("footer", "opendata.index", N_("Open data"), 40),),
    jobs={RELEASE_JOB: releasing.release_tables, "opendata.release_live": releasing.release_live},
    periodic={"opendata.release_live": 300},
)
