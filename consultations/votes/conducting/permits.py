"""Who may conduct a vote."""

from civic.identity.roles import Role, Scope, permit

INSPECTORS = (Role.EDITOR, Role.APPROVER, Role.ANALYST, Role.MODERATOR)
DEPARTMENT = Scope.DEPARTMENT

PERMITS = (permit("votes_conducting.conduct", "GET", "vote.inspect", INSPECTORS, DEPARTMENT),)
