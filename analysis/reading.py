"""One comment, read: normalised, masked, cut into words, and the terms in it that could name a topic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any
from zlib import crc32

from analysis.lexicon import Lexicon, lexicon
from analysis.masking import Mask, find_masks
from analysis.phrases import Term, terms
from analysis.text import Comment, Span, lexicon_of, normalise
from analysis.tokens import CONTENT, Kind, Token, Word, tokeniser
from analysis.workers import each

AT_ONCE = 250
"""Comments one process reads before it hands them over."""

_WORTH_A_PROCESS = 500
"""Comments from which reading takes longer than starting a process."""

_NAMING = 30_000
"""So many comments are enough to find names for topics in; the terms of further ones are not looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A comment, read in its own language, without the words under its masks.

    `text` is normalised. `words` are the normalised forms of the words that carry meaning of their own, in order;
    `nouns` are the nouns among them; `wording` has all words, particles and stop words too, without marks and signs.
    `terms` is empty where nobody asked for them.
    """

    comment: Comment
    lexicon: Lexicon
    text: str
    masks: tuple[Mask, ...]
    words: tuple[str, ...]
    nouns: tuple[str, ...]
    wording: tuple[str, ...]
    terms: tuple[Term, ...]


def read_all(comments: Sequence[Comment], words: Lexicon, done: Callable[[], None]) -> list[Reading]:
    """Read comments in several processes, in order; `done` is called after every `AT_ONCE` of them."""
    share = min(1.0, _NAMING / max(len(comments), 1))

    def read_some(start: int) -> list[tuple[Any, ...]]:
        some = comments[start : start + AT_ONCE]
        return [_packed(read(comment, words, _gives_names(comment, share))) for comment in some]

    found: list[Reading] = []
    known: dict[Term, Term] = {}
    starts = range(0, len(comments), AT_ONCE)
    for start, packed in zip(starts, each(read_some, starts, len(comments) >= _WORTH_A_PROCESS), strict=True):
        found += [
            _unpacked(comment, one, known)
            for comment, one in zip(comments[start : start + AT_ONCE], packed, strict=True)
        ]
        done()
    return found


def _gives_names(comment: Comment, share: float) -> bool:
    """Whether a comment is one of a sample of this share, the same whatever the order."""
    return share == 1 or crc32(comment.text.encode("utf-8", "surrogatepass")) < share * 2**32


def _packed(reading: Reading) -> tuple[Any, ...]:
    text = None if reading.text == reading.comment.text else reading.text
    nouns = None if reading.nouns is reading.words else reading.nouns
    return reading.lexicon.language, text, reading.masks, reading.words, nouns, reading.wording, reading.terms


def _unpacked(comment: Comment, packed: tuple[Any, ...], known: dict[Term, Term]) -> Reading:
    """Every word and term one object, however many processes have seen it."""
    language, text, masks, words, nouns, wording, found = packed
    forms = tuple(map(intern, words))
    return Reading(
        comment,
        lexicon(language),
        comment.text if text is None else text,
        masks,
        forms,
        forms if nouns is None else tuple(map(intern, nouns)),
        tuple(map(intern, wording)),
        tuple([known.setdefault(term, term) for term in found]),
    )


def read(comment: Comment, words: Lexicon, named: bool = True) -> Reading:
    """Read one comment in its script's language, in that of `words` where it has none; `named`: with its terms."""
    normalised = normalise(comment.text)
    spoken = lexicon_of(normalised.text, words)
    tokens = tokeniser(spoken.language)(normalised.text)
    masks = tuple(find_masks(normalised, tokens))
    if masks:
        spans = [mask.span for mask in masks]
        tokens = [token for token in tokens if not overlaps(normalised.span(token.start, token.end), spans)]
    carrying = [token.word for token in tokens if _carries_meaning(token.word, spoken.language)]
    forms = tuple([word.form for word in carrying])
    nouns = tuple([word.form for word in carrying if word.kind is Kind.NOUN])
    return Reading(
        comment,
        spoken,
        normalised.text,
        masks,
        forms,
        forms if len(nouns) == len(forms) else nouns,
        _wording(tokens),
        tuple(terms(tokens, spoken)) if named else (),
    )


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether `span` shares a character with one of `others`."""
    return any(span[0] < end and start < span[1] for start, end in others)


@lru_cache(2**16)
def _carries_meaning(word: Word, language: str) -> bool:
    return word.kind in CONTENT and _is_said(word.form) and not lexicon(language).stops(word.form, word.base)


def _wording(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple([token.word.form for token in tokens if _is_said(token.word.form)])


@lru_cache(2**16)
def _is_said(form: str) -> bool:
    return any(map(str.isalnum, form))
