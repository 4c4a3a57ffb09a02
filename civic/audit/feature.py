"""How the audit joins the house."""

from civic.audit import models, views  # noqa: F401 - the table must be known before any query
from civic.features import Feature, NavigationItem
from civic.identity.roles import Role, permit
from civic.messages import N_

TRIGGERS = {
    "sqlite": frozenset({"audit_record_no_update", "audit_record_no_delete", "audit_record_no_replace"}),
    "postgresql": frozenset({"audit_record_no_update", "audit_record_no_truncate"}),
}

FEATURE = Feature(
    name="audit",
    triggers=TRIGGERS,
    blueprints=(views.pages,),
    permits=(
        permit("audit.records", "GET", "audit.read", Role.ADMIN),
        permit("audit.acts", "GET", "audit.read", Role.ADMIN),
    ),
    navigation=(NavigationItem("admin", "audit.records", N_("Audit"), 70),),
)
