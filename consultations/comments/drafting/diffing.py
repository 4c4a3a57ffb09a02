"""What changed between two texts, word by word, and between two versions of a draft, passage by passage. Pure.

Words are runs of one script: 計画 | は | 2026 | 年 | bus. Whatever the pieces, those that are equal or deleted make up the
text before, those that are equal or inserted the text after.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile
from typing import Final, Generic, Protocol, TypeVar

WORD: Final = re.compile(
    r"[一-鿿㐀-䶿々〆〇\U00020000-\U0003ffff]+|[ぁ-ゖゝゞ]+|[ァ-ヺーヽヾｦ-ﾟ]+|[A-Za-zＡ-Ｚａ-ｚÀ-ɏ]+|[0-9０-９]+|\s+|.",
    re.DOTALL,
)
MOST_PAIRS: Final = 1_000_000
"""Beyond this many pairs of words two texts are shown as one replaced by the other."""


class Change(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, went or came. Never empty."""

    change: Change
    text: str


class Anchored(Protocol):
    """A passage of a version: `passages.Passage` is one, and so is the stored `models.Passage`."""

    @property
    def anchor(self) -> str: ...
    @property
    def text(self) -> str: ...


P = TypeVar("P", bound=Anchored)
Of = TypeVar("Of")  # without the bound: mypy asks it of stored passages before it knows their columns


@dataclass(frozen=True)
class PassageChange(Generic[Of]):
    """A passage that differs between two versions; `before` is None where it is new, `after` where it is gone."""

    before: Of | None
    after: Of | None
    pieces: tuple[Piece, ...]


def words(text: str) -> list[str]:
    """The text cut into words; joined they are the text again."""
    return WORD.findall(text)


def word_diff(before: str, after: str) -> list[Piece]:
    """What stayed, went and came, in the order of reading; where words were replaced, the old ones stand first."""
    old, new = words(before), words(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    changes = [
        (Change.EQUAL, "".join(old[:head])),
        *_compared(old[head : len(old) - tail], new[head : len(new) - tail]),
        (Change.EQUAL, "".join(old[len(old) - tail :])),
    ]
    return list(_joined(_without_specks(changes)))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, str]]:
    if len(old) * len(new) > MOST_PAIRS:
        yield Change.DELETED, "".join(old)
        yield Change.INSERTED, "".join(new)
        return
    for act, start, stop, new_start, new_stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            yield Change.EQUAL, "".join(old[start:stop])
        else:
            yield Change.DELETED, "".join(old[start:stop])
            yield Change.INSERTED, "".join(new[new_start:new_stop])


def _without_specks(changes: Sequence[tuple[Change, str]]) -> Iterator[tuple[Change, str]]:
    """One equal character between two changes belongs to both: 「を」 alone tells nobody anything."""
    for place, (change, text) in enumerate(changes):
        inside = 0 < place < len(changes) - 1 and changes[place - 1][0] is not Change.EQUAL
        if change is Change.EQUAL and len(text) == 1 and inside and any(text for _change, text in changes[place + 1 :]):
            yield Change.DELETED, text
            yield Change.INSERTED, text
        else:
            yield change, text


def _joined(changes: Iterator[tuple[Change, str]]) -> Iterator[Piece]:
    """Neighbouring changes as one deleted and one inserted piece."""
    deleted = inserted = equal = ""
    for change, text in changes:
        if change is Change.EQUAL and text:
            yield from _pieces("", deleted, inserted)
            deleted = inserted = ""
            equal += text
        elif text:
            yield from _pieces(equal, "", "")
            equal = ""
            deleted += text if change is Change.DELETED else ""
            inserted += text if change is Change.INSERTED else ""
    yield from _pieces(equal, deleted, inserted)


def _pieces(equal: str, deleted: str, inserted: str) -> Iterator[Piece]:
    found = ((Change.EQUAL, equal), (Change.DELETED, deleted), (Change.INSERTED, inserted))
    return (Piece(change, text) for change, text in found if text)


def changed_passages(before: Sequence[P], after: Sequence[P]) -> list[PassageChange[P]]:
    """Passages that differ, paired by anchor, in the order of the newer version; what is gone stands where it stood."""
    old, kept = {one.anchor: one for one in before}, {one.anchor for one in after}
    gone: dict[str | None, list[P]] = {}
    last: str | None = None
    for one in before:
        if one.anchor in kept:
            last = one.anchor
        else:
            gone.setdefault(last, []).append(one)
    found = [_gone(one) for one in gone.get(None, ())]
    for one in after:
        earlier = old.get(one.anchor)
        if earlier is None:
            found.append(PassageChange(None, one, tuple(_pieces("", "", one.text))))
        elif earlier.text != one.text:
            found.append(PassageChange(earlier, one, tuple(word_diff(earlier.text, one.text))))
        found += [_gone(missing) for missing in gone.get(one.anchor, ())]
    return found


def _gone(one: P) -> PassageChange[P]:
    return PassageChange(one, None, tuple(_pieces("", one.text, "")))
