"""Audited acts on activities of every kind."""

from civic.audit.acts import act

ACTS = (
    act("project.created"),
    act("project.edited", "revision"),
    act("activity.created"),
    act("activity.edited", "revision"),
    act("activity.corrected", "revision"),
    act("activity.submitted", "revision"),
    act("activity.returned", "note"),
    act("activity.approved", "revision"),
    act("activity.opened"),
    act("activity.ended"),
    act("activity.collected_elsewhere", "channel"),
    act("activity.closed", "counted"),
    act("activity.answer_written", "revision"),
    act("activity.answered", "revision"),
    act("activity.withdrawn", "reason"),
    act("activity.deleted"),
    act("period.proposed", "change", "new_end", "reason"),
    act("period.decided", "change", "approved"),
    act("conflict.proposed", "participation", "count_new", "reason"),
    act("conflict.decided", "participation", "count_new", "approved"),
    act("participation.withdrawn", "participation", "reason"),
    act("text.reviewed", "ref", "masks", "hidden"),
)
