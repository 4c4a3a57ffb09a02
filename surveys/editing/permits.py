"""Who may write questionnaires, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import Role, Scope, permit

INSPECTORS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)
DEPARTMENT = Scope.DEPARTMENT

PERMITS = (
    permit("surveys_editing.index", "GET", "survey.inspect", INSPECTORS, DEPARTMENT),
    permit("surveys_editing.new", "GET POST", "survey.create", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.copy", "GET POST", "survey.copy", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.questionnaire", "GET", "survey.inspect", INSPECTORS, DEPARTMENT),
    permit("surveys_editing.change_outline", "POST", "survey.edit", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.save_question", "POST", "survey.edit", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.save_section", "POST", "survey.edit", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.undo", "POST", "survey.edit", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.check", "GET", "survey.inspect", INSPECTORS, DEPARTMENT),
    permit("surveys_editing.confirm_missing", "POST", "survey.edit", Role.EDITOR, DEPARTMENT),
    permit("surveys_editing.versions", "GET", "survey.inspect", INSPECTORS, DEPARTMENT),
)

ACTS = (
    act("survey.copied", "source"),
    act("survey.words_corrected", "version", "note"),
    act("survey.missing_texts_confirmed", "revision"),
)
