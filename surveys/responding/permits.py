"""Who may call the pages of answering."""

from civic.identity.roles import PUBLIC, Role, Scope, permit

TRIED_BY = (Role.EDITOR, Role.APPROVER, Role.MODERATOR, Role.ANALYST, Role.ADMIN)

PERMITS = (
    permit("surveys.entry", "GET", "survey.read", PUBLIC),
    permit("surveys.answer", "GET POST", "survey.answer", PUBLIC),
    permit("surveys.saved", "GET", "survey.answer", PUBLIC),
    permit("surveys.resume", "GET POST", "survey.answer", PUBLIC),
    permit("surveys.done", "GET POST", "survey.answer", PUBLIC),
    permit("survey_trial.trial", "GET POST", "survey.trial", TRIED_BY, Scope.DEPARTMENT),
)
