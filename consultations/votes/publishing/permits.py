"""Who may read the board and the result: everybody."""

from civic.identity.roles import PUBLIC, permit

PERMITS = (
    permit("votes_public.board", "GET", "vote.read", PUBLIC),
    permit("votes_public.board_file", "GET", "vote.read", PUBLIC),
    permit("votes_public.entry_file", "GET", "vote.read", PUBLIC),
    permit("votes_public.manifest_file", "GET", "vote.read", PUBLIC),
    permit("votes_public.results", "GET", "vote.read", PUBLIC),
    permit("votes_public.results_csv", "GET", "vote.read", PUBLIC),
    permit("votes_public.results_json", "GET", "vote.read", PUBLIC),
    permit("votes_public.program", "GET", "vote.read", PUBLIC),
)
