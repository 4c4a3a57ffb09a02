"""What the walks need of this part of consultations: what to plant, its forms by hand, who is let in where."""

from typing import Final

from tests.walks.sheet import Sheet
from tests.walks.town import Town

SHEETS: Final[dict[str, Sheet]] = {}
EXCUSED: Final[dict[str, str]] = {}
BY_HAND: Final[dict[str, str]] = {}
NOT_ALWAYS_THERE: Final[set[str]] = set()


def plant(town: Town) -> None:
    """Put behind the addresses of this part what they need."""
