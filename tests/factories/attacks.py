"""Every attack that a board, or a server that wrote it, could try: each a board file and the check that must refuse it."""

from tests.factories import attacks_on_ballots, attacks_on_boards, attacks_on_counts
from tests.factories.attacking import ATTACKS, Attack

__all__ = ["ATTACKS", "TABLES", "Attack"]
TABLES = (attacks_on_ballots, attacks_on_boards, attacks_on_counts)  # each enters its own into the table
