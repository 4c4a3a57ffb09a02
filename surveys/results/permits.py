"""Who may call the pages of results."""

from civic.identity.roles import PUBLIC, Role, Scope, permit

READ_BY = (Role.EDITOR, Role.APPROVER, Role.MODERATOR, Role.ANALYST, Role.ADMIN)

PERMITS = (
    permit("survey_results.results", "GET", "survey.results.read", PUBLIC),
    permit("survey_results.results_csv", "GET", "survey.results.read", PUBLIC),
    permit("survey_desk.results", "GET", "survey.results", READ_BY, Scope.DEPARTMENT),
    permit("survey_desk.crosstab", "GET", "survey.results", READ_BY, Scope.DEPARTMENT),
)
