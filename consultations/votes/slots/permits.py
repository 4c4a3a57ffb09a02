"""Who names the last day of objections, and who destroys the map after it."""

from civic.identity.roles import Role, Scope, permit
from consultations.votes.conducting.permits import CONDUCT, INSPECT

PERMITS = (
    permit("votes_slots.slots", "GET", *INSPECT),
    permit("votes_slots.name_end", "POST", *CONDUCT),
    permit("votes_slots.destroy", "POST", "vote.destroy_map", Role.APPROVER, Scope.DEPARTMENT),
)
