"""What is said of each topic: its words and label, the comments that stand for it, and a summary with its sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrangement import Arrangement, Group
from analysis.corpus import Corpus, Reading, overlaps
from analysis.evidence import Comments, Sentence, computed, quote
from analysis.labels import Ranked, Vocabulary, keywords, label
from analysis.phrases import terms
from analysis.representatives import representatives
from analysis.run import Topic
from analysis.text import sentences

REPRESENTATIVES = 5
_QUOTES = 3
_QUOTE_LENGTH = range(15, 121)
_FALL_BACK_LENGTH = range(6, 161)
_TOP_WORDS = 3

_CORPUS_LIFT = 2.5
_PARENT_LIFT = 1.5
"""A part is told from its topic by less, since it can hold at most all of the topic's uses of a word."""


@dataclass(frozen=True)
class Described:
    """The topics in published order, and the rows of all their representatives."""

    topics: tuple[Topic, ...]
    representatives: tuple[int, ...]


def describe(corpus: Corpus, arrangement: Arrangement, comments: Comments, written: int) -> Described:
    """Describe every group; `written` is the number of comments with text."""
    ranked = _ranked(corpus, arrangement)
    names = _names(corpus, arrangement, ranked)
    topics = []
    shown: list[int] = []
    for place, group in enumerate(arrangement.groups):
        rows = [] if group.residual else _representatives(corpus, arrangement, group)
        leading = keywords(ranked[place])
        query = _query(place, arrangement)
        topics.append(
            Topic(
                id=str(place + 1),
                parent=None if group.parent is None else str(group.parent + 1),
                residual=group.residual,
                label=names[place],
                keywords=tuple(leading),
                size=corpus.size(group.rows),
                distinct=len(group.rows),
                share=corpus.size(group.rows) / written,
                stability=group.stability,
                representatives=tuple(corpus.comment_id(row) for row in rows),
                summary=() if group.residual else tuple(_summary(corpus, rows, query, leading, comments)),
            )
        )
        shown.extend(rows)
    return Described(tuple(topics), tuple(dict.fromkeys(shown)))


def _names(corpus: Corpus, arrangement: Arrangement, ranked: Sequence[Sequence[Ranked]]) -> list[str]:
    """One name per group, no two alike; what people pinned stands as they wrote it."""
    taken = {group.name for group in arrangement.groups if group.name is not None} | {corpus.lexicon.residual_label}
    names: list[str] = []
    for group, words in zip(arrangement.groups, ranked, strict=True):
        if group.residual:
            names.append(corpus.lexicon.residual_label)
        else:
            names.append(group.name or label(words, {*taken, *names}, corpus.lexicon))
    return names


def _ranked(corpus: Corpus, arrangement: Arrangement) -> list[list[Ranked]]:
    """The words of each group's core: against all texts, or against the topic it is a part of."""
    found = [terms(unit.first.tokens, corpus.lexicon) for unit in corpus.texts]
    vocabulary = Vocabulary(found, [unit.first.comment.text for unit in corpus.texts])
    ranked: list[list[Ranked]] = []
    for group in arrangement.groups:
        core = group.rows[arrangement.core[group.rows]].tolist()
        if group.residual:
            ranked.append([])
        elif group.parent is None:
            ranked.append(vocabulary.rank(core, range(len(corpus.texts)), _CORPUS_LIFT))
        else:
            ranked.append(vocabulary.rank(core, arrangement.groups[group.parent].rows.tolist(), _PARENT_LIFT))
    return ranked


def _representatives(corpus: Corpus, arrangement: Arrangement, group: Group) -> list[int]:
    """From the stronger half of the core, which is about nothing else; comments that can be quoted before others."""
    core = group.rows[arrangement.core[group.rows]]
    strong = core[arrangement.strength[core] >= np.median(arrangement.strength[core])] if len(core) else core
    quotable = [row for row in strong if _best_sentence(corpus.texts[row].first, corpus) is not None]
    candidates = np.array(quotable) if len(quotable) >= REPRESENTATIVES else strong
    return representatives(arrangement.points, corpus.weights, group.rows, candidates, REPRESENTATIVES)


def _query(place: int, arrangement: Arrangement) -> dict[str, object]:
    parts = [str(number + 1) for number, group in enumerate(arrangement.groups) if group.parent == place]
    return {"topic": str(place + 1)} | ({"parts": parts} if parts else {})


def _summary(
    corpus: Corpus, rows: Sequence[int], query: Mapping[str, object], words: Sequence[str], comments: Comments
) -> Iterator[Sentence]:
    """How many, about what, and up to three of the representatives in their own words."""
    language = corpus.lexicon.language
    yield computed({"claim": "share", **query}, comments, language)
    top = computed({"claim": "top", **query, "words": list(words), "n": _TOP_WORDS}, comments, language)
    if top.sources:
        yield top
    found = [_best_sentence(corpus.texts[row].first, corpus) for row in rows]
    yield from [sentence for sentence in found if sentence is not None][:_QUOTES]


def _best_sentence(reading: Reading, corpus: Corpus) -> Sentence | None:
    """The first sentence of good length that shows no masked text, else the first of a length still readable."""
    text = reading.comment.text
    masks = [mask.span for mask in reading.masks]
    spans = [span for span in sentences(text, corpus.lexicon) if not overlaps(span, masks)]
    for lengths in (_QUOTE_LENGTH, _FALL_BACK_LENGTH):
        for start, end in spans:
            if end - start in lengths:
                return quote(reading.comment.id, text, (start, end))
    return None
