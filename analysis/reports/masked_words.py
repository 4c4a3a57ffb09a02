"""Which words of a run may be published: none that a person hid with a mask, none that no shown text holds any more."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.evidence import Source, unmasked
from analysis.lexicon import lexicon

LABEL_WORDS = 3


@dataclass(frozen=True)
class Words:
    """The words of a run's comments: `comments` are the visible ones with their masks, `common` how many make one common.

    A word inside a mask is hidden everywhere, unless it is but a small part of the mask and so many other comments say
    it in the open that it can name nobody (駐車場 in 田中さんの家の駐車場).
    """

    comments: Mapping[str, Source]
    common: int = 5

    @cached_property
    def _masks(self) -> Sequence[str]:
        return [
            fold(source.text[start:end])
            for source in self.comments.values()
            for start, end in source.masks
            if start < end
        ]

    @cached_property
    def _open(self) -> Sequence[str]:
        return [fold(unmasked(source)) for source in self.comments.values()]

    def hides(self, word: str) -> bool:
        """Whether `word` may not be published."""
        sought = fold(word)
        said = sum(sought in text for text in self._open)
        covering = [mask for mask in self._masks if sought in mask or (len(mask) > 1 and mask in sought)]
        if not covering:
            return said == 0
        return said < self.common or any(len(mask) <= 2 * len(sought) for mask in covering)

    def shown(self, words: Sequence[str]) -> list[str]:
        """Those of `words` that may be published."""
        return [word for word in words if not self.hides(word)]

    def label(self, label: str, keywords: Sequence[str], language: str) -> str:
        """A machine's label without hidden words: itself, else the leading words that may be shown, else no name."""
        spoken = lexicon(language)
        told = any(self.hides(word) and fold(word) in fold(label) for word in keywords)
        if not told and not any(self._masked(part) for part in label.split(spoken.joiner)):
            return label
        return spoken.joiner.join(self.shown(keywords)[:LABEL_WORDS]) or spoken.unnamed_label

    def _masked(self, part: str) -> bool:
        """Whether a part of a label, which need not stand in any text as it is, tells what a mask hides."""
        sought = fold(part)
        return any(mask in sought or sought in mask for mask in self._masks if len(mask) > 1) and self.hides(part)


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
