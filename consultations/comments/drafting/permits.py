"""Who may prepare consultations, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import Role, Scope, permit

INSPECTORS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)

PERMITS = (permit("consultations_drafting.draft", "GET", "consultation.inspect", INSPECTORS, Scope.DEPARTMENT),)
ACTS = (act("consultation.draft_saved", "version"),)
