"""Who may bring in what was collected elsewhere, and what the audit records of it."""

from civic.audit.acts import act

ACTS = (
    act("survey.import_started", "channel", "file", "rows"),
    act("survey.imported", "channel", "stored", "already_there", "review"),
)
