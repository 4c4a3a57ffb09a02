"""Who may bring in comments that came another way, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import Role, Scope, permit
from civic.intake.acts import acts_of

COLLECT = ("consultation.collect", Role.EDITOR, Scope.DEPARTMENT)

PERMITS = (
    permit("consultations_collecting.overview", "GET POST", *COLLECT),
    permit("consultations_collecting.template", "GET", *COLLECT),
    permit("consultations_collecting.progress", "GET", *COLLECT),
    permit("consultations_collecting.imported", "GET POST", *COLLECT),
    permit("consultations_collecting.review_file", "GET", *COLLECT),
    permit("consultations_collecting.keying", "GET POST", *COLLECT),
    permit("consultations_collecting.keyed", "GET", *COLLECT),
)
ACTS = (*acts_of("consultation"), act("consultation.comment_keyed", "channel", "participation"))
