"""Who may run analyses, name topics and confirm masks."""

from civic.identity.roles import Role, Scope, permit

READERS = (Role.ANALYST, Role.EDITOR, Role.MODERATOR, Role.APPROVER)
REVIEWERS = (Role.MODERATOR, Role.ANALYST, Role.EDITOR)
DEPARTMENT = Scope.DEPARTMENT

PERMITS = (
    permit("analysis_runs.index", "GET", "analysis.read", READERS, DEPARTMENT),
    permit("analysis_runs.desk", "GET", "analysis.read", READERS, DEPARTMENT),
    permit("analysis_runs.progress", "GET", "analysis.read", READERS, DEPARTMENT),
    permit("analysis_runs.output", "GET", "analysis.read", READERS, DEPARTMENT),
    permit("analysis_runs.start", "POST", "analysis.run", Role.ANALYST, DEPARTMENT),
    permit("analysis_runs.cancel", "POST", "analysis.run", Role.ANALYST, DEPARTMENT),
    permit("analysis_runs.name_topic", "POST", "analysis.edit", Role.ANALYST, DEPARTMENT),
    permit("analysis_runs.masks", "GET", "text.review", REVIEWERS, DEPARTMENT),
    permit("analysis_runs.confirm_masks", "POST", "text.review", REVIEWERS, DEPARTMENT),
)
