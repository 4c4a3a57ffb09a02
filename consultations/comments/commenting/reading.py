"""How a draft is divided into pages and headed, so that a plan of twenty thousand passages reads like one of twenty. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from consultations.comments.stages import PassageKind

MOST_PASSAGES: Final = 200
"""Passages a page shows; a draft of no more stands on one page."""

MOST_PARTS: Final = 200
MOST_ENTRIES: Final = 200
FIRST_LEVEL: Final = 2
LAST_LEVEL: Final = 6


class Worded(Protocol):
    """A passage as it is read; a stored one is such."""

    kind: PassageKind
    depth: int
    label: str
    text: str
    html: str


P = TypeVar("P", bound=Worded)


@dataclass(frozen=True)
class Part:
    """The passages `[start, stop)` of a draft that stand on one page; parts are numbered from 1."""

    number: int
    start: int
    stop: int


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents: a chapter's words, its anchor, and the part in which it begins."""

    title: str
    anchor: str
    part: int
    current: bool = False


@dataclass(frozen=True)
class Head:
    """Where a chapter begins."""

    position: int
    anchor: str
    title: str


def parts(starts: Sequence[int], total: int) -> list[Part]:
    """The pages of a draft whose chapters begin at `starts`: one chapter each.

    A draft of at most 200 passages is one page. A longer chapter goes on over several pages; where that would make more
    than 200 pages, short neighbours share one.
    """
    if total <= MOST_PASSAGES:
        return [Part(1, 0, total)]
    bounds = sorted({0, *starts, total})
    pieces = [
        (at, min(at + MOST_PASSAGES, stop))
        for start, stop in pairwise(bounds)
        for at in range(start, stop, MOST_PASSAGES)
    ]
    if len(pieces) > MOST_PARTS:
        pieces = list(joined(pieces))
    return [Part(number, *piece) for number, piece in enumerate(pieces, 1)]


def joined(pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces together, as many as one page holds."""
    first, last = pieces[0]
    for start, stop in pieces[1:]:
        if stop - first > MOST_PASSAGES:
            yield first, last
            first = start
        last = stop
    yield first, last


def part_of(pages: Sequence[Part], position: int) -> Part:
    """The part in which a passage stands."""
    return next(part for part in pages if position < part.stop)


def contents(heads: Sequence[Head], pages: Sequence[Part], now: Part) -> list[Entry]:
    """The table of contents, the chapter of the present page marked; of very many chapters, the first of each page."""
    here = chapter_of(heads, now)
    entries: list[Entry] = []
    for head in heads:
        part = part_of(pages, head.position)
        if len(heads) > MOST_ENTRIES and entries and entries[-1].part == part.number:
            continue
        entries.append(Entry(head.title, head.anchor, part.number, len(pages) > 1 and head is here))
    return entries


def chapter_of(heads: Sequence[Head], part: Part) -> Head | None:
    """The chapter a page begins in, or the first that begins on it."""
    before = [head for head in heads if head.position <= part.start]
    return before[-1] if before else next((head for head in heads if head.position < part.stop), None)


def is_heading(passage: Worded) -> bool:
    """A heading's HTML is its words alone; everything else of a draft is a block of its own."""
    heads = (PassageKind.CHAPTER, PassageKind.SECTION, PassageKind.ARTICLE)
    return passage.kind in heads and not passage.html.startswith("<")


def levelled(passages: Sequence[P]) -> Iterator[tuple[P, int]]:
    """Each passage with the level of its heading, or of the heading it stands under.

    The page's title has level 1; no level is left out going down, whatever the draft's author left out.
    """
    level = FIRST_LEVEL - 1
    for passage in passages:
        if is_heading(passage):
            level = min(level + 1, passage.depth + FIRST_LEVEL - 1, LAST_LEVEL)
        yield passage, level


def says_its_number(passage: Worded) -> bool:
    """Whether a passage's own words begin with its number (第2章, 2-1), so that no page needs to print it before."""
    rest = passage.text.removeprefix(passage.label)
    return rest != passage.text and not (passage.label[-1:].isdigit() and rest[:1].isdigit())
