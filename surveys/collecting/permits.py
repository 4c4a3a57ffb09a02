"""Who may bring in what was collected elsewhere, and what the audit records of it."""

from civic.audit.acts import act
from civic.identity.roles import Role, Scope, permit
from civic.intake.acts import acts_of

COLLECT = ("survey.collect", Role.EDITOR, Scope.DEPARTMENT)

PERMITS = (
    permit("survey_collecting.overview", "GET POST", *COLLECT),
    permit("survey_collecting.template", "GET", *COLLECT),
    permit("survey_collecting.progress", "GET", *COLLECT),
    permit("survey_collecting.imported", "GET POST", *COLLECT),
    permit("survey_collecting.review_file", "GET", *COLLECT),
    permit("survey_collecting.keying", "GET POST", *COLLECT),
    permit("survey_collecting.keyed", "GET", *COLLECT),
)

ACTS = (*acts_of("survey"), act("survey.form_keyed", "channel", "participation"))
