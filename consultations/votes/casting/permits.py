"""Who may call the residents' pages of a vote."""

from civic.identity.roles import PUBLIC, permit

PERMITS = (permit("votes.entry", "GET", "vote.read", PUBLIC),)
