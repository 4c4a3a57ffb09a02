"""Every attack that a board, or a server that wrote it, could try: each a board file and the check that must refuse it."""

from collections.abc import Iterator

from tests.factories import attacks_on_ballots, attacks_on_boards, attacks_on_counts
from tests.factories.attacking import ATTACKS, Attack

__all__ = ["ATTACKS", "TABLES", "Attack", "files"]
TABLES = (attacks_on_ballots, attacks_on_boards, attacks_on_counts)


def files() -> Iterator[tuple[str, str, bytes]]:
    """Name, check and board file of every attack."""
    return ((one.name, one.check, one.make()) for one in ATTACKS)
