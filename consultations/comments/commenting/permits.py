"""Who may call the residents' pages of a consultation."""

from civic.identity.roles import PUBLIC, permit

PERMITS = (permit("consultations.entry", "GET", "consultation.read", PUBLIC),)
ACTS = ()
