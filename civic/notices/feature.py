"""How notices join the house."""

from civic.features import Feature, NavigationItem
from civic.identity.roles import PUBLIC, STAFF, Role, permit
from civic.messages import N_
from civic.notices import answered, models, sending, views  # noqa: F401 - the table must be known before any query
from civic.notices.outbox import SENDING_JOB

FEATURE = Feature(
    name="notices",
    blueprints=(views.pages,),
    permits=(
        permit("notices.feed", "GET", "feed.read", PUBLIC),
        permit("notices.demo_outbox", "GET", "outbox.read_demo", STAFF),
        permit("notices.outbox", "GET", "outbox.read", Role.ADMIN),
    ),
    navigation=(NavigationItem("admin", "notices.outbox", N_("Outgoing mail"), 80),),
    jobs={
        SENDING_JOB: sending.send_due,
        "notices.answered": answered.tell,
        "notices.erase-addresses": answered.erase_overdue,
    },
    periodic={SENDING_JOB: 300, "notices.erase-addresses": 6 * 3600},
)
