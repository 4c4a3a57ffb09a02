"""What the audit records of the end of a retention."""

from civic.audit.acts import act

ACTS = (act("survey.answers_erased", "responses"),)
