"""Audited acts of the reporting room."""

from civic.audit.acts import act

ACTS = (
    act("analysis.requested", "run", "question", "seed", "topics"),
    act("analysis.cancelled", "run"),
    act("topic.named", "run", "topic", "label"),
    act("topic.name_undone", "run", "topic"),
    act("report.created"),
    act("report.edited", "revision"),
    act("report.submitted", "revision"),
    act("report.returned", "revision"),
    act("report.published", "edition", "sha256"),
)
