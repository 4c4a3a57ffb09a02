"""Comments as received, their normalised form for comparison, and their sentences.

Normalising serves comparison only: everything shown is a code-point span `[start, end)` of the comment as received, so
the normalised form carries a map back.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.lexicon import Lexicon

Span = tuple[int, int]
"""A half-open range of code points of the comment as received."""

_SPACES = re.compile(r"\s+")
_VOICING_MARKS = "\N{HALFWIDTH KATAKANA VOICED SOUND MARK}\N{HALFWIDTH KATAKANA SEMI-VOICED SOUND MARK}"


@dataclass(frozen=True)
class Comment:
    """One text and the id its sender or file gave it."""

    id: str
    text: str


@dataclass(frozen=True)
class Normalised:
    """NFKC with `\\n` line ends; `starts[i]` and `ends[i]` bound what character `i` came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The span of the original behind `text[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """Normalise one cluster (a character and the marks on it) at a time, so that every character keeps its origin."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and (unicodedata.combining(text[end]) or text[end] in _VOICING_MARKS):
            end += 1
        if text[start] == "\r":
            end = start + 2 if text[start + 1 : start + 2] == "\n" else start + 1
            piece = "\n"
        else:
            piece = unicodedata.normalize("NFKC", text[start:end])
        characters.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
        start = end
    return Normalised("".join(characters), starts, ends)


def comparison_key(normalised: str) -> str:
    """What two copies of one text share: case, spaces and closing punctuation do not matter."""
    key = _SPACES.sub("", normalised).casefold()
    end = len(key)
    while end and unicodedata.category(key[end - 1])[0] in "PSZC":
        end -= 1
    return key[:end] or key


def sentences(text: str, lexicon: Lexicon) -> list[Span]:
    """The sentences of a comment as spans of it, without the white space around them.

    A sentence ends after its closing mark and the brackets that close with it, and at a line end unless the line
    visibly goes on. Full stops inside numbers, dates and addresses end nothing.
    """
    spans = []
    for match in lexicon.sentence.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans
