"""Who may call the residents' pages of a consultation."""

from civic.identity.roles import PUBLIC, permit

PERMITS = (
    permit("consultations.entry", "GET", "consultation.read", PUBLIC),
    permit("consultations.comment", "GET POST", "consultation.comment", PUBLIC),
    permit("consultations.done", "GET POST", "consultation.comment", PUBLIC),
    permit("consultations.withdraw", "GET POST", "consultation.comment", PUBLIC),
    permit("consultations.comments", "GET", "consultation.read", PUBLIC),
)
ACTS = ()
