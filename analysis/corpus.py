"""Comments, read: normalised, masked, cut into words, copies folded, in an order that is not the input's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.features import Matrix
from analysis.folding import fold
from analysis.lexicon import Lexicon
from analysis.masking import Mask, find_masks
from analysis.text import Comment, Normalised, Span, lexicon_of, normalise
from analysis.tokens import CONTENT, Kind, Token, tokeniser


@dataclass(frozen=True)
class Reading:
    """One comment, read in its own language. `tokens` are those outside the masks."""

    comment: Comment
    lexicon: Lexicon
    normalised: Normalised
    masks: tuple[Mask, ...]
    tokens: tuple[Token, ...]


@dataclass(frozen=True)
class Unit:
    """One text with its copies; the first of `members` speaks for all."""

    members: tuple[Reading, ...]
    kind: Literal["exact", "near"]

    @property
    def first(self) -> Reading:
        return self.members[0]

    @property
    def text(self) -> str:
        """The normalised text all copies are compared by."""
        return self.first.normalised.text


@dataclass(frozen=True)
class Corpus:
    """All comments in canonical order. Of the `units`, `texts` have a content word and can be grouped."""

    lexicon: Lexicon
    readings: tuple[Reading, ...]
    units: tuple[Unit, ...]

    @cached_property
    def texts(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if self.words(unit))

    @cached_property
    def wordless(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if not self.words(unit))

    @cached_property
    def weights(self) -> Matrix:
        """Comments per text."""
        return np.array([len(unit.members) for unit in self.texts], dtype=float)

    def words(self, unit: Unit) -> list[str]:
        """The normalised forms of a text's words that carry meaning of their own, in order."""
        return content_words(unit.first)

    def wording(self, unit: Unit) -> list[str]:
        """The normalised forms of all words of a text, particles and stop words too, without marks and signs."""
        return [token.form for token in unit.first.tokens if any(map(str.isalnum, token.form))]

    def size(self, rows: NDArray[np.int64]) -> int:
        """How many comments, copies counted, stand behind rows of `texts`."""
        return int(self.weights[rows].sum())

    def comment_id(self, row: int) -> str:
        """The comment that speaks for a row of `texts`."""
        return self.texts[row].first.comment.id

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The forms that occur as nouns."""
        tokens = (token for unit in self.texts for token in unit.first.tokens)
        return frozenset(token.form for token in tokens if token.kind == Kind.NOUN)


def read_corpus(readings: Sequence[Reading], words: Lexicon) -> Corpus:
    """Fold the copies among `readings` and put the units in canonical order."""
    ordered = sorted(readings, key=lambda each: (each.normalised.text, each.comment.text, each.comment.id))
    folds = fold([reading.normalised.text for reading in ordered])
    units = tuple(Unit(tuple(ordered[row] for row in found.members), found.kind) for found in folds)
    return Corpus(words, tuple(ordered), units)


def read(comment: Comment, words: Lexicon) -> Reading:
    """Normalise and mask one comment and cut it into words of its script's language, of `words` where it has none."""
    normalised = normalise(comment.text)
    spoken = lexicon_of(normalised.text, words)
    tokens = tokeniser(spoken.language)(normalised.text)
    masks = tuple(find_masks(normalised, tokens))
    visible = tuple(
        token
        for token in tokens
        if not overlaps(normalised.span(token.start, token.end), [mask.span for mask in masks])
    )
    return Reading(comment, spoken, normalised, masks, visible)


def content_words(reading: Reading) -> list[str]:
    """The normalised forms of the words outside the masks that carry meaning of their own, in order."""
    return [
        token.form
        for token in reading.tokens
        if token.kind in CONTENT and not reading.lexicon.stops(token.form, token.base)
    ]


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether `span` shares a character with one of `others`."""
    return any(span[0] < end and start < span[1] for start, end in others)
