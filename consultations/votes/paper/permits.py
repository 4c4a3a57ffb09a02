"""Who may enter the paper ballots' count, and who releases it."""

from civic.identity.roles import Role, Scope, permit
from consultations.votes.conducting.permits import CONDUCT, INSPECT

PERMITS = (
    permit("votes_paper.count", "GET", *INSPECT),
    permit("votes_paper.record_count", "POST", *CONDUCT),
    permit("votes_paper.release", "POST", "vote.release", Role.APPROVER, Scope.DEPARTMENT),
)
