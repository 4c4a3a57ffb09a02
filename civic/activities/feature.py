"""How the ledger's room joins the house."""

from civic.activities import jobs, views
from civic.activities.acts import ACTS
from civic.features import Feature, NavigationItem
from civic.identity.roles import PUBLIC, permit
from civic.messages import N_

FEATURE = Feature(
    name="activities",
    blueprints=(views.pages,),
    permits=(permit("activities.home", "GET", "home.read", PUBLIC),),
    navigation=(NavigationItem("resident", "activities.home", N_("Take part"), 10),),
    acts=ACTS,
    jobs={"activities.latches": jobs.set_latches},
    periodic={"activities.latches": 60},
)
