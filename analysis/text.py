"""Comments as received, their normalised form for comparison, their language and their sentences.

Normalising serves comparison only: everything shown is a code-point span `[start, end)` of the comment as received, so
the normalised form carries a map back.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.lexicon import Lexicon, lexicon

Span = tuple[int, int]
"""A half-open range of code points of the comment as received."""

_SPACES = re.compile(r"\s+")
_LINE_ENDS = "\r\n\v\f\x85\u2028\u2029"
_PLAIN = re.compile(r"[\n -~、。「」々〇ぁ-ゖァ-ヺー一-鿿]+")
"""Characters that NFKC leaves as they are and that join none before them."""

_JAPANESE = re.compile(r"[々〆ぁ-ゖァ-ヺーｦ-ﾟ㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏＡ-Ｚａ-ｚ]")
_LATIN_PER_JAPANESE = 3
"""Letters an English word needs where Japanese needs one character."""

_AS_WRITTEN = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict(zip("｡｢｣､\r\v\f\x85\u2028\u2029", "。「」、\n\n\n\n\n\n", strict=True))
)


@dataclass(frozen=True, slots=True)
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
    """The text in NFKC (UAX #15), every line end (UAX #14's BK, CR, LF, NL) a `\\n`, every character with its origin.

    Works one cluster at a time: a character with the marks and jamo after it, which NFKC may join to it. A span never
    parts a cluster (か and its dakuten, ﾊ and ﾞ, CR and LF).
    """
    if _PLAIN.fullmatch(text):
        return Normalised(text, range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        piece = text[start:end]
        if piece[0] in _LINE_ENDS:
            piece = "\n"
        elif not _PLAIN.fullmatch(piece):
            piece = unicodedata.normalize("NFKC", piece)
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return Normalised("".join(pieces), starts, ends)


def _clusters(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = start + 1
        if text[start] in _LINE_ENDS:
            end += text.startswith("\r\n", start)
        else:
            while end < len(text) and _joins(text[end]):
                end += 1
        yield start, end
        start = end


@cache
def _joins(character: str) -> bool:
    """Whether NFKC may change or move `character` because of what stands before it: marks, vowel and final jamo."""
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def comparison_key(normalised: str) -> str:
    """What two copies of one text share: case, spaces and closing punctuation do not matter."""
    key = _SPACES.sub("", normalised).casefold()
    end = len(key)
    while end and unicodedata.category(key[end - 1])[0] in "PSZC":
        end -= 1
    return key[:end] or key


def language_of(text: str, fallback: str) -> str:
    """`ja` or `en`, by the script most of the text is written in; `fallback` where neither script occurs.

    Script is all that is looked at: Chinese counts as Japanese, French as English, Korean and numbers as neither.
    """
    japanese, latin = len(_JAPANESE.findall(text)), len(_LATIN.findall(text))
    if not japanese and not latin:
        return fallback
    return "ja" if _LATIN_PER_JAPANESE * japanese >= latin else "en"


def lexicon_of(text: str, words: Lexicon) -> Lexicon:
    """The lexicon of the language this one text is written in; `words`, the run's, where no script tells."""
    return lexicon(language_of(text, words.language))


def sentences(text: str, words: Lexicon) -> list[Span]:
    """The sentences of a comment as spans of it, without the white space around them. `words` are those of its language.

    A sentence ends after its closing mark and the brackets that close with it, and at a line end unless the line
    visibly goes on. Full stops inside numbers, dates, abbreviations and addresses end nothing; nor does a mark inside
    quotation marks after which the sentence goes on. Every visible character is in exactly one sentence.
    """
    spans = []
    for match in words.sentence.finditer(_written_alike(text)):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans


def _written_alike(text: str) -> str:
    """As many characters, each in the one width the patterns of sentences know; CRLF is a space and a line end."""
    return text.replace("\r\n", " \n").translate(_AS_WRITTEN)
