"""Names of topics: what residents wrote more often here than elsewhere (analysis method, step 7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import ceil, log

from analysis.lexicon import Lexicon
from analysis.phrases import Term

_MIN_COUNT = 2
_MIN_SHARE = 0.05
"""A keyword is in at least this share of the topic's texts, up to five of them."""

_KEYWORDS = 8
_LABEL_PARTS = 3
_PHRASE_SHARE = 0.12
"""A phrase names a topic when at least this share of its texts say it."""

_COVERED = 0.5
"""A part of compounds is left out when this share of its texts have one of them."""

_NOUN_WEIGHT = 2.0
"""Nouns come first: they name the subject."""

_SPREAD = 16
_SAID_AGAIN = 0.5
"""Among the leading words a text counts half for each of them that it already has: the next one speaks for others."""


@dataclass(frozen=True)
class Ranked:
    """Terms of one topic, best first, in the spelling most writers used."""

    written: str
    kind: str
    form: str
    parts: frozenset[str]
    share: float


class Vocabulary:
    """The terms of all texts, counted once for any number of topics.

    `written` are the texts as they came, where a normalised spelling may not stand.
    """

    def __init__(self, texts: Sequence[Sequence[Term]], written: Sequence[str] | None = None) -> None:
        self._everything = None if written is None else "\0".join(written).casefold()
        self._verbatim = {(term.form, term.written) for text in texts for term in text if term.verbatim}
        self._spelled: dict[str, str | None] = {}
        self._present = [{term.form for term in text} for text in texts]
        self._terms: dict[str, Term] = {}
        self._written: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for term in text:
                self._terms[term.form] = term
                self._written[term.form][term.written] += 1

    def rank(self, rows: Sequence[int], background: Sequence[int] | None, min_lift: float) -> list[Ranked]:
        """The terms at least `min_lift` times as frequent in `rows` as in `background` (else all that are left).

        Without a background they are held against all texts.

        Only what stands in some text as it is printed, since a dictionary form may be nobody's word (待たす of 待たされる).
        Ranked by their share of the topic times the logarithm of that lift (the topic's part of the Kullback–Leibler
        divergence), nouns weighing more; what a listed term covers, contains or spells otherwise is left out. The
        leading words are then put in an order in which each speaks for texts that those before it do not.
        """
        inside = self._rows_by_form(rows)
        around = self._everywhere if background is None else self._frequency(background)
        others = len(self._present if background is None else background)
        least = max(_MIN_COUNT, min(ceil(len(rows) * _MIN_SHARE), 5))
        lifts = {
            form: len(found) / len(rows) / (around[form] / others)
            for form, found in inside.items()
            if len(found) >= least and self._spelling(form) is not None
        }
        telling = {form for form, lift in lifts.items() if lift >= min_lift} or set(lifts)
        scores = {form: self._weight(form) * len(inside[form]) / len(rows) * log(lifts[form]) for form in telling}
        order = sorted(scores, key=lambda form: (-round(scores[form], 9), form))
        covered = self._covered(order, inside)
        kept: dict[str, Term] = {}
        for form in order:
            term = self._terms[form]
            repeats = term.kind == "noun" and any(part in kept for part in term.parts)
            respelled = any(term.reading == other.reading for other in kept.values())
            if form not in covered and not repeats and not respelled:
                kept[form] = term
        words = [form for form in kept if kept[form].kind != "phrase"]
        phrases = [form for form in kept if kept[form].kind == "phrase"]
        ranked = [*_spread(words[:_SPREAD], scores, inside), *words[_SPREAD:], *phrases]
        return [self._ranked(form, len(inside[form]) / len(rows)) for form in ranked]

    @cached_property
    def _everywhere(self) -> Counter[str]:
        return self._frequency(range(len(self._present)))

    def _frequency(self, rows: Iterable[int]) -> Counter[str]:
        """In how many of these rows each form stands."""
        return Counter(chain.from_iterable(self._present[row] for row in rows))

    def _rows_by_form(self, rows: Sequence[int]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            for form in self._present[row]:
                found[form].add(row)
        return found

    def _weight(self, form: str) -> float:
        return _NOUN_WEIGHT if self._terms[form].kind == "noun" else 1.0

    def _covered(self, order: Sequence[str], inside: Mapping[str, set[int]]) -> set[str]:
        """The words that mostly occur inside the listed compounds."""
        within: dict[str, set[int]] = defaultdict(set)
        for form in order:
            if self._terms[form].kind == "noun":
                for part in self._terms[form].parts:
                    within[part] |= inside[form]
        return {part for part, rows in within.items() if len(rows) >= _COVERED * len(inside[part])}

    def _spelling(self, form: str) -> str | None:
        """The commonest spelling of a term that stands in a text as it is; None where none does."""
        if form not in self._spelled:
            spellings = self._written[form]
            order = sorted(spellings, key=lambda spelling: (-spellings[spelling], spelling))
            self._spelled[form] = next((one for one in order if self._stands(form, one)), None)
        return self._spelled[form]

    def _stands(self, form: str, spelling: str) -> bool:
        as_received = self._everything is None or spelling.casefold() in self._everything
        return as_received and (form, spelling) in self._verbatim

    def _ranked(self, form: str, share: float) -> Ranked:
        term = self._terms[form]
        return Ranked(self._spelling(form) or term.written, term.kind, form, term.parts, share)


def _spread(forms: Sequence[str], scores: Mapping[str, float], inside: Mapping[str, set[int]]) -> list[str]:
    """The forms in the order of what each adds: its score, by how new it is to the texts that have it."""
    said: Counter[int] = Counter()
    left, ordered = list(forms), list[str]()

    def adds(form: str) -> float:
        return round(scores[form] * sum(_SAID_AGAIN ** said[row] for row in inside[form]) / len(inside[form]), 9)

    while left:
        best = max(left, key=adds)  # the first of equals
        left.remove(best)
        ordered.append(best)
        said.update(inside[best])
    return ordered


def keywords(ranked: Sequence[Ranked]) -> list[str]:
    """Up to eight words, no phrases, no two alike."""
    words = dict.fromkeys(term.written for term in ranked if term.kind != "phrase")
    return list(words)[:_KEYWORDS]


def label(ranked: Sequence[Ranked], taken: set[str], lexicon: Lexicon) -> str:
    """A name not yet `taken`: the leading noun, with its predicate where many say it, and one or two words more."""
    parts = _label_parts(ranked)
    for length in range(min(_LABEL_PARTS, len(parts)), len(parts) + 1):
        name = lexicon.joiner.join(parts[:length])
        if name and name not in taken:
            return name
    name = lexicon.joiner.join(parts[:_LABEL_PARTS]) or lexicon.unnamed_label
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})" if name in taken else name


def _label_parts(ranked: Sequence[Ranked]) -> list[str]:
    words = [term for term in ranked if term.kind != "phrase"][:_KEYWORDS]
    nouns = [term for term in words if term.kind == "noun"]
    parts: list[str] = []
    said: set[str] = set()
    for word in [*nouns[:_LABEL_PARTS], *(term for term in words if term.kind != "noun"), *nouns[_LABEL_PARTS:]]:
        if word.form in said or any(word.written in part or part in word.written for part in parts):
            continue
        phrase = next(
            (
                term
                for term in ranked
                if term.kind == "phrase"
                and word.form in term.parts
                and term.share >= _PHRASE_SHARE
                and not said & term.parts
            ),
            word,
        )
        parts.append(phrase.written)
        said |= phrase.parts | {word.form}
    return list(dict.fromkeys(parts))
