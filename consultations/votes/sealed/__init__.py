"""The sealed mode, for rankings and free text: boxes within boxes, opened and sorted off the server by one opener after the other.

For low stakes only: what it cannot show stands in SPEC.md, section 8, and in docs/votes.md. `python -m
consultations.votes.sealed` is its program; it knows no server.
"""
