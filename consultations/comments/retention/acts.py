"""What the audit records of the end of a retention."""

from civic.audit.acts import act

ACTS = (act("consultation.authors_erased", "comments"),)
