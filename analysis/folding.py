"""Copies of one text: counted, never removed (analysis method, step 3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.text import comparison_key


@dataclass(frozen=True)
class Fold:
    """Rows that say the same; the first of `members` is the one shown."""

    members: tuple[int, ...]
    kind: Literal["exact", "near"]


def fold(texts: Sequence[str]) -> list[Fold]:
    """Put every row of normalised `texts` into one fold; a text without a copy is an exact fold of one."""
    rows = defaultdict(list)
    for row, text in enumerate(texts):
        rows[comparison_key(text)].append(row)
    return [Fold(tuple(members), "exact") for members in rows.values()]
