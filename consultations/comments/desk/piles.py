"""A pile: an opinion item as the desk shows it, with its copies in the same place; what a clerk saw when she chose it."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Pile:
    """One row of the desk. `group` is the number of the group the clerk saw it in, None for none of them.

    `copies` counts the items of copies of one text with the same place in it; `last` is the highest id among them, so
    that a copy that came later is not moved unseen.
    """

    item: int
    comment: int
    start: int
    stop: int
    group: int | None = None
    copies: int = 1
    last: int = 0

    def __str__(self) -> str:
        """As a form's box holds it; `parsed` reads it back."""
        numbers = (self.item, self.comment, self.start, self.stop, self.group or 0, self.copies, self.last or self.item)
        return ".".join(map(str, numbers))

    @classmethod
    def parsed(cls, text: str) -> Self | None:
        """The pile a box holds, or None for what no page of ours wrote."""
        parts = text.split(".")
        if len(parts) != 7 or not all(one.isascii() and one.isdigit() and len(one) < 16 for one in parts):
            return None
        item, comment, start, stop, group, copies, last = map(int, parts)
        return cls(item, comment, start, stop, group or None, copies, last) if copies else None
