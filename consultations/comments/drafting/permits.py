"""Who may prepare consultations, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import PUBLIC, STAFF, Role, Scope, permit

INSPECTORS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)
DEPARTMENT = Scope.DEPARTMENT

PERMITS = (
    permit("consultations_drafting.index", "GET", "consultation.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_drafting.new", "GET POST", "consultation.create", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.draft", "GET", "consultation.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_drafting.save_draft", "POST", "consultation.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.version", "GET", "consultation.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_drafting.restore", "GET POST", "consultation.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.notice", "GET", "consultation.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_drafting.save_notice", "POST", "consultation.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.confirm_missing", "POST", "consultation.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.attachments", "GET", "consultation.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_drafting.add_attachment", "POST", "consultation.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.change_attachment", "POST", "consultation.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_drafting.look_at_attachment", "GET", "consultation.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_files.download", "GET", "consultation.read", PUBLIC),
    permit("consultations_rules.index", "GET", "rule.read", STAFF),
    permit("consultations_rules.show", "GET", "rule.read", STAFF),
    permit("consultations_rules.new", "GET POST", "rule.edit", Role.ADMIN),
    permit("consultations_rules.edit", "GET POST", "rule.edit", Role.ADMIN),
    permit("consultations_not_held.index", "GET", "not_held.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_not_held.new", "GET POST", "not_held.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_not_held.edit", "GET", "not_held.inspect", INSPECTORS, DEPARTMENT),
    permit("consultations_not_held.save", "POST", "not_held.edit", Role.EDITOR, DEPARTMENT),
    permit("consultations_not_held.publish", "GET POST", "not_held.publish", Role.APPROVER, DEPARTMENT),
    permit("not_held.index", "GET", "consultation.read", PUBLIC),
    permit("not_held.notice", "GET", "consultation.read", PUBLIC),
)
ACTS = (
    act("consultation.draft_saved", "version"),
    act("consultation.draft_restored", "version", "restored"),
    act("consultation.missing_texts_confirmed", "revision"),
    act("consultation.attachment_added", "number", "sha256"),
    act("consultation.attachment_removed", "number", "sha256"),
    act("rule.saved", "revision"),
    act("not_held.saved", "revision"),
    act("not_held.published", "revision"),
)
