"""Who may call the residents' pages of a vote."""

from civic.identity.roles import PUBLIC, permit

PERMITS = (
    permit("votes.entry", "GET", "vote.read", PUBLIC),
    permit("votes.cast", "GET POST", "vote.cast", PUBLIC),
    permit("votes.receipt", "GET POST", "vote.cast", PUBLIC),
    permit("votes.receipt_file", "GET", "vote.cast", PUBLIC),
)
