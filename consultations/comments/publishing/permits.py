"""Who may call the pages of this part, and what the audit records of it."""

PERMITS = ()
ACTS = ()
