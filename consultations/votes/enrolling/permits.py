"""Who may hand in the register of a vote. The files are only the person's who handed them in."""

from civic.identity.roles import Role, Scope, permit

ENROL = ("vote.enrol", Role.EDITOR, Scope.DEPARTMENT)

PERMITS = (
    permit("votes_enrolling.hand_in", "GET POST", *ENROL),
    permit("votes_enrolling.preview", "GET POST", *ENROL),
    permit("votes_enrolling.corrections", "GET POST", *ENROL),
    permit("votes_enrolling.bad_rows", "GET", *ENROL),
    permit("votes_enrolling.take_letters", "POST", *ENROL),
    permit("votes_enrolling.erase_letters", "POST", *ENROL),
)
