"""Audited acts on activities of every kind."""

from civic.audit.acts import act

ACTS = (
    act("project.created"),
    act("activity.created"),
    act("activity.edited", "revision"),
    act("activity.submitted", "revision"),
    act("activity.returned", "note"),
    act("activity.approved", "revision"),
    act("activity.opened"),
    act("activity.ended"),
    act("activity.closed", "counted"),
    act("activity.answered"),
    act("activity.withdrawn", "reason"),
    act("activity.deleted"),
    act("period.proposed", "act", "new_end", "reason"),
    act("period.decided", "act", "approved"),
    act("conflict.proposed", "participation", "count_new", "reason"),
    act("conflict.decided", "participation", "count_new"),
    act("text.reviewed", "ref", "masks", "hidden"),
)
