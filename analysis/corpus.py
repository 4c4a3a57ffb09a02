"""All comments of a run, read: copies folded, in an order that is not the input's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.features import Matrix
from analysis.folding import fold
from analysis.lexicon import Lexicon
from analysis.reading import Reading
from analysis.synonyms import meaning_like, shared_meanings
from analysis.tokens import synonym_groups


@dataclass(frozen=True, slots=True)
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
        return self.first.text


@dataclass(frozen=True)
class Corpus:
    """All comments in canonical order. Of the `units`, `texts` have a content word and can be grouped."""

    lexicon: Lexicon
    readings: tuple[Reading, ...]
    units: tuple[Unit, ...]

    @cached_property
    def texts(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.first.words)

    @cached_property
    def wordless(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if not unit.first.words)

    @cached_property
    def weights(self) -> Matrix:
        """Comments per text."""
        return np.array([len(unit.members) for unit in self.texts], dtype=float)

    def size(self, rows: NDArray[np.int64]) -> int:
        """How many comments, copies counted, stand behind rows of `texts`."""
        return int(self.weights[rows].sum())

    def comment_id(self, row: int) -> str:
        """The comment that speaks for a row of `texts`."""
        return self.texts[row].first.comment.id

    @cached_property
    def meanings(self) -> dict[str, str]:
        """What a form stands for beside itself, where others here have the same meaning; in Japanese texts."""
        japanese = (unit.first.words for unit in self.texts if unit.first.lexicon.language == "ja")
        return shared_meanings(japanese, synonym_groups)

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The forms that occur as nouns, and what they stand for."""
        forms = frozenset(chain.from_iterable(unit.first.nouns for unit in self.texts))
        return forms | meaning_like(forms, self.meanings)


def read_corpus(readings: Sequence[Reading], words: Lexicon) -> Corpus:
    """Fold the copies among `readings` and put the units in canonical order."""
    ordered = sorted(readings, key=lambda each: (each.text, each.comment.text, each.comment.id))
    folds = fold([reading.text for reading in ordered])
    units = tuple(Unit(tuple(ordered[row] for row in found.members), found.kind) for found in folds)
    return Corpus(words, tuple(ordered), units)
