"""What the copies of one text have in common, and where each wrote something of its own: a template with its slots."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from analysis.text import Normalised, normalise

SHARED = 0.8
"""Of the variants: what so many have belongs to the template."""

_SHORTEST = 4  # characters that agree by more than chance
_COMPARED = 50  # variants, the commonest first
_LONGEST = 2_000  # characters of a variant
_FILLINGS = 10
_CLOSING = "。！？!?.\n"


@dataclass(frozen=True)
class Filling:
    """What stands in a slot, as written in `posts` posts; empty where a post has nothing there."""

    text: str
    posts: int


@dataclass(frozen=True)
class Slot:
    """A part in which the variants differ: the commonest fillings, and how many posts have yet another."""

    fillings: tuple[Filling, ...]
    further: int


@dataclass(frozen=True)
class Template:
    """The text many posts share, in the spelling of the commonest variant, with slots where they differ.

    `variants` counts different texts, `compared` those the template was made from; `people` counts verified people and
    is None where nobody was verified.
    """

    parts: tuple[str | Slot, ...]
    posts: int
    variants: int
    compared: int
    people: int | None


def template(texts: Sequence[str], people: Sequence[str | None] = ()) -> Template:
    """The template of one fold's posts. `people` has the id of the verified person behind each post, if any.

    The texts must be such as may be shown: fillings are quoted as they are. The order of the posts does not matter.
    """
    posts = Counter(texts)
    variants = sorted(posts, key=lambda text: (-posts[text], len(text), text))
    compared = [normalise(text[:_LONGEST]) for text in variants[:_COMPARED]]
    weights = [posts[text] for text in variants[:_COMPARED]]
    verified = {person for person in people if person is not None}
    parts = _parts(variants[:_COMPARED], compared, weights)
    return Template(tuple(parts), len(texts), len(variants), len(compared), len(verified) if verified else None)


_Blocks = list[tuple[int, int, int]]
"""Where the anchor and a variant agree: place in the anchor, place in the variant, length."""


def _parts(texts: Sequence[str], compared: Sequence[Normalised], weights: Sequence[int]) -> list[str | Slot]:
    anchor = compared[0]
    blocks = [_blocks(anchor.text, variant.text) for variant in compared]
    fixed = _fixed(len(anchor.text), blocks)
    places = [[_where(segment, found) for segment in fixed] for found in blocks]
    parts: list[str | Slot] = [""]
    for number in range(len(fixed) + 1):
        fillings: Counter[str] = Counter()
        for text, variant, segments, weight in zip(texts, compared, places, weights, strict=True):
            start = 0 if number == 0 else segments[number - 1][1]
            end = len(variant.text) if number == len(fixed) else segments[number][0]
            if 0 <= start <= end:
                fillings[_original(text, variant, start, end)] += weight
        before = 0 if number == 0 else fixed[number - 1][1]
        after = len(anchor.text) if number == len(fixed) else fixed[number][0]
        if len({_said(text) for text in fillings}) > 1:
            parts += [_slot(fillings), ""]
        else:  # nothing, or the same but for its spaces and marks
            parts[-1] = f"{parts[-1]}{_original(texts[0], anchor, before, after)}"
        if number < len(fixed):
            parts[-1] = f"{parts[-1]}{_original(texts[0], anchor, *fixed[number])}"
    return [part for part in parts if part != ""]


def _blocks(anchor: str, variant: str) -> _Blocks:
    found = SequenceMatcher(None, anchor, variant, autojunk=False).get_matching_blocks()
    blocks = [(block.a, block.b, block.size) for block in found if block.size >= _SHORTEST]
    for number in range(len(blocks) - 1):
        first, second = blocks[number], blocks[number + 1]
        slid = _slide(anchor, variant, first, second)
        blocks[number] = (first[0], first[1], first[2] + slid)
        blocks[number + 1] = (second[0] + slid, second[1] + slid, second[2] - slid)
    return blocks


def _slide(anchor: str, variant: str, first: tuple[int, int, int], second: tuple[int, int, int]) -> int:
    """How far what a variant puts in can move on, so that it begins where a sentence does."""
    place, own = first[0] + first[2], first[1] + first[2]
    if second[0] != place:
        return 0
    best = 0
    for step in range(min(second[1] - own, second[2] - 1)):
        if anchor[place + step] != variant[own + step]:
            break
        if anchor[place + step] in _CLOSING:
            best = step + 1
    return best


def _fixed(length: int, blocks: Sequence[_Blocks]) -> list[tuple[int, int]]:
    """The stretches of the anchor that enough variants have, parted where one of them puts something in."""
    having = [0] * (length + 1)
    cuts = set()
    for found in blocks:
        for start, _, size in found:
            for place in range(start, start + size):
                having[place] += 1
        for (start, own, size), (_, following, _) in pairwise(found):
            if following - own - size >= _SHORTEST:
                cuts.add(start + size)
    segments = []
    start = 0
    for place, count in enumerate(having):
        kept = place < length and count >= SHARED * len(blocks)
        if kept and place not in cuts:
            continue
        if place - start >= _SHORTEST:
            segments.append((start, place))
        start = place if kept else place + 1
    return segments


def _where(segment: tuple[int, int], blocks: _Blocks) -> tuple[int, int]:
    """What of a variant lies in a stretch of the anchor; (-1, -1), which bounds no slot, where nothing does."""
    inside = [
        (max(at, segment[0]) - at + own, min(at + size, segment[1]) - at + own)
        for at, own, size in blocks
        if at < segment[1] and segment[0] < at + size
    ]
    return (inside[0][0], inside[-1][1]) if inside else (-1, -1)


def _original(text: str, normalised: Normalised, start: int, end: int) -> str:
    return "" if start == end else text[slice(*normalised.span(start, end))]


def _said(text: str) -> str:
    return "".join(filter(str.isalnum, normalise(text).text.casefold()))


def _slot(fillings: Counter[str]) -> Slot:
    ordered = sorted(fillings.items(), key=lambda each: (-each[1], each[0]))
    shown = tuple(Filling(text, posts) for text, posts in ordered[:_FILLINGS])
    return Slot(shown, sum(posts for _, posts in ordered[_FILLINGS:]))
