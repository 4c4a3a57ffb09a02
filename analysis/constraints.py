"""What people decided about a question's comments, as input of the next run: who belongs together, who does not, names.

A file of constraints is JSON: `{"version": 1, "must_link": [[id, id, …], …], "cannot_link": [[id, id], …],
"topics": [{"name": …, "comments": [id, …]}, …]}`, each part optional. A pinned topic's comments belong together, and two
pinned topics never fall into one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

Rows = NDArray[np.int64]

_PARTS = {"version", "must_link", "cannot_link", "topics"}

Problem = Literal["unknown", "no words", "contradiction", "copies", "no place"]


class ConstraintsRefused(ValueError):
    """The file is not constraints; the message says what stands where."""


@dataclass(frozen=True)
class Pinned:
    """A topic people keep: its name and the comments that show what it is about."""

    name: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Constraints:
    """Comment ids that belong together, pairs that do not, and pinned topics."""

    must_link: tuple[tuple[str, ...], ...] = ()
    cannot_link: tuple[tuple[str, str], ...] = ()
    topics: tuple[Pinned, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.must_link or self.cannot_link or self.topics)


@dataclass(frozen=True)
class Unmet:
    """What a run could not respect: the comments, and why.

    `unknown`: no such comment; `no words`: it has nothing to group by; `contradiction`: the same comments are kept
    together by others; `copies`: they are one text; `no place`: there are fewer topics than must be apart.
    """

    comments: tuple[str, ...]
    problem: Problem


def read_constraints(content: str) -> Constraints:
    """Parse a file's content. Raises ConstraintsRefused."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ConstraintsRefused(f"The constraints are not JSON: {error}.") from error
    if not isinstance(found, dict) or found.get("version") != 1:
        raise ConstraintsRefused('The constraints are not an object with "version": 1.')
    if set(found) - _PARTS:
        raise ConstraintsRefused(f"The constraints have an unknown part: {', '.join(sorted(set(found) - _PARTS))}.")
    together = tuple(_ids(group, "must_link", at) for at, group in enumerate(_list(found, "must_link"), start=1))
    apart = tuple(_ids(group, "cannot_link", at) for at, group in enumerate(_list(found, "cannot_link"), start=1))
    for at, group in enumerate(apart, start=1):
        if len(group) != 2:
            raise ConstraintsRefused(f"cannot_link, entry {at}: two ids are needed.")
    topics = tuple(_pinned(each, at) for at, each in enumerate(_list(found, "topics"), start=1))
    if len({topic.name for topic in topics}) < len(topics):
        raise ConstraintsRefused("Two pinned topics have the same name.")
    return Constraints(together, tuple((group[0], group[1]) for group in apart), topics)


def _list(found: Mapping[str, Any], part: str) -> list[Any]:
    entries = found.get(part, [])
    if not isinstance(entries, list):
        raise ConstraintsRefused(f"{part} is not a list.")
    return entries


def _ids(group: object, part: str, at: int, least: int = 2) -> tuple[str, ...]:
    if not isinstance(group, list) or not all(isinstance(each, str) for each in group) or len(set(group)) < least:
        raise ConstraintsRefused(f"{part}, entry {at}: {least} or more different comment ids (strings) are needed.")
    return tuple(dict.fromkeys(group))


def _pinned(entry: object, at: int) -> Pinned:
    if not isinstance(entry, dict) or set(entry) != {"name", "comments"} or not isinstance(entry["name"], str):
        raise ConstraintsRefused(f"topics, entry {at}: a name and comments are needed.")
    if not entry["name"].strip():
        raise ConstraintsRefused(f"topics, entry {at}: the name is empty.")
    return Pinned(entry["name"].strip(), _ids(entry["comments"], "topics", at, 1))


@dataclass
class Binding:
    """The constraints on rows of texts: `blocks` stay whole, `apart` are pairs of blocks, `pinned` name a block."""

    blocks: list[list[int]] = field(default_factory=list)
    apart: list[tuple[int, int]] = field(default_factory=list)
    pinned: list[tuple[str, int]] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        return sorted({row for block in self.blocks for row in block})

    def within(self, rows: Rows) -> "Binding":
        """The same on places in `rows`, which hold every bound row."""
        place = {int(row): at for at, row in enumerate(rows)}
        return Binding([[place[row] for row in block] for block in self.blocks], self.apart, self.pinned, self.unmet)


def bind(constraints: Constraints, row_of: Mapping[str, int | None]) -> Binding:
    """Translate ids into rows (`row_of` is None for a comment without words), and find what contradicts itself."""
    binding = Binding()
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        parent.setdefault(row, row)
        while parent[row] != row:
            row = parent[row]
        return row

    def known(ids: Sequence[str]) -> list[int]:
        binding.unmet.extend(Unmet((each,), "unknown") for each in ids if each not in row_of)
        binding.unmet.extend(Unmet((each,), "no words") for each in ids if each in row_of and row_of[each] is None)
        return [row for each in ids if (row := row_of.get(each)) is not None]

    groups = [known(ids) for ids in constraints.must_link]
    pins = [(topic, known(topic.comments)) for topic in constraints.topics]
    pairs = [(pair, known(pair)) for pair in constraints.cannot_link]
    for rows in [*groups, *(rows for _, rows in pins), *(rows for _, rows in pairs)]:
        for row in rows:
            root(row)
    for rows in [*groups, *(rows for _, rows in pins)]:
        for row in rows[1:]:
            first, second = sorted((root(rows[0]), root(row)))
            parent[second] = first
    roots = sorted({root(row) for row in parent})
    number = {each: place for place, each in enumerate(roots)}
    binding.blocks = [[] for _ in roots]
    for row in sorted(parent):
        binding.blocks[number[root(row)]].append(row)
    for pair, rows in pairs:
        if len(rows) == 2 and rows[0] == rows[1]:
            binding.unmet.append(Unmet(pair, "copies"))
        elif len(rows) == 2 and root(rows[0]) == root(rows[1]):
            binding.unmet.append(Unmet(pair, "contradiction"))
        elif len(rows) == 2:
            binding.apart.append((number[root(rows[0])], number[root(rows[1])]))
    for topic, rows in pins:
        if rows:
            block = number[root(rows[0])]
            if block in [each for _, each in binding.pinned]:
                binding.unmet.append(Unmet(topic.comments, "contradiction"))
            else:
                binding.pinned.append((topic.name, block))
    binding.apart += [(first, second) for (_, first), (_, second) in combinations(binding.pinned, 2)]
    return binding


def left_unmet(binding: Binding, cluster_of: Sequence[int], comment_id: Callable[[int], str]) -> list[Unmet]:
    """What `bind` found, and the pairs of blocks that share a cluster all the same."""
    met = [
        Unmet((comment_id(binding.blocks[first][0]), comment_id(binding.blocks[second][0])), "no place")
        for first, second in binding.apart
        if cluster_of[first] == cluster_of[second]
    ]
    return [*binding.unmet, *dict.fromkeys(met)]


def place_blocks(binding: Binding, labels: Rows, belonging: Matrix) -> list[int]:
    """The cluster of each block: the one it belongs to most that none of its opponents, placed before, is in.

    Blocks with a pinned name choose first, then the larger ones. Where every cluster holds an opponent a block goes to
    the best one all the same, and its pairs are unmet.
    """
    opponents: dict[int, set[int]] = {}
    for first, second in binding.apart:
        opponents.setdefault(first, set()).add(second)
        opponents.setdefault(second, set()).add(first)
    named = {block for _, block in binding.pinned}
    order = sorted(range(len(binding.blocks)), key=lambda at: (at not in named, -len(binding.blocks[at]), at))
    chosen: dict[int, int] = {}
    for block in order:
        rows = np.array(binding.blocks[block])
        scores = np.round(belonging[rows].mean(axis=0) + np.bincount(labels[rows], minlength=belonging.shape[1]), 9)
        taken = {chosen[other] for other in opponents.get(block, ()) if other in chosen}
        free = [cluster for cluster in np.argsort(-scores, kind="stable").tolist() if cluster not in taken]
        chosen[block] = free[0] if free else int(np.argmax(scores))
    return [chosen[block] for block in range(len(binding.blocks))]
