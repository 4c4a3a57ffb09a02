"""What is said of each topic: its words and label, the comments that stand for it, and a summary with its sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrangement import Arrangement, Group
from analysis.corpus import Corpus
from analysis.evidence import Comments, Facts, Sentence, computed
from analysis.evidence.choosing import candidates, choose_quotes
from analysis.labels import Ranked, Vocabulary, keywords, label
from analysis.representatives import Rows, representatives
from analysis.run import Topic
from analysis.workers import each

REPRESENTATIVES = 5
_MOST_CANDIDATES = 500
_QUOTES = 3
_TOP_WORDS = 3

_WORTH_A_PROCESS = 20_000
"""Texts from which topics are described in several processes."""

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
    facts = Facts(comments)

    def told(place: int) -> tuple[list[int], tuple[Sentence, ...]]:
        """The rows that stand for a group, and what is said of it."""
        group = arrangement.groups[place]
        if group.residual:
            return [], ()
        figures = _figures(corpus, _query(place, arrangement), keywords(ranked[place]), facts)
        quotes = _quotes(corpus, arrangement, group, comments)
        return _representatives(corpus, arrangement, group, comments), (*figures, *quotes)

    topics, shown = list[Topic](), list[int]()
    every = range(len(arrangement.groups))
    for place, (rows, said) in zip(every, each(told, every, len(corpus.texts) >= _WORTH_A_PROCESS), strict=True):
        group = arrangement.groups[place]
        topics.append(
            Topic(
                id=str(place + 1),
                parent=None if group.parent is None else str(group.parent + 1),
                residual=group.residual,
                label=names[place],
                keywords=tuple(keywords(ranked[place])),
                size=corpus.size(group.rows),
                distinct=len(group.rows),
                share=corpus.size(group.rows) / written,
                stability=group.stability,
                representatives=tuple(corpus.comment_id(row) for row in rows),
                summary=said,
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
    found = [unit.first.terms for unit in corpus.texts]
    vocabulary = Vocabulary(found, [unit.first.comment.text for unit in corpus.texts])
    ranked: list[list[Ranked]] = []
    for group in arrangement.groups:
        core = group.rows[arrangement.core[group.rows]].tolist()
        if group.residual:
            ranked.append([])
        elif group.parent is None:
            ranked.append(vocabulary.rank(core, None, _CORPUS_LIFT))
        else:
            ranked.append(vocabulary.rank(core, arrangement.groups[group.parent].rows.tolist(), _PARENT_LIFT))
    return ranked


def _strong(arrangement: Arrangement, group: Group) -> Rows:
    """The stronger half of the core, which is about nothing else."""
    core = group.rows[arrangement.core[group.rows]]
    return core[arrangement.strength[core] >= np.median(arrangement.strength[core])] if len(core) else core


def _representatives(corpus: Corpus, arrangement: Arrangement, group: Group, comments: Comments) -> list[int]:
    """From all of the core, so that together they cover the topic; comments that can be quoted before others.

    Of a large core every second, third … is looked at.
    """
    core = group.rows[arrangement.core[group.rows]]
    core = core[:: -(-len(core) // _MOST_CANDIDATES) or 1]
    quotable = [row for row in core if candidates([corpus.comment_id(row)], comments, corpus.lexicon)]
    some = np.array(quotable) if len(quotable) >= REPRESENTATIVES else core
    return representatives(arrangement.points, corpus.weights, group.rows, some, REPRESENTATIVES)


def _query(place: int, arrangement: Arrangement) -> dict[str, object]:
    parts = [str(number + 1) for number, group in enumerate(arrangement.groups) if group.parent == place]
    return {"topic": str(place + 1)} | ({"parts": parts} if parts else {})


def _figures(corpus: Corpus, query: Mapping[str, object], words: Sequence[str], facts: Facts) -> Iterator[Sentence]:
    """How many, and about what."""
    language = corpus.lexicon.language
    yield computed({"claim": "share", **query}, facts, language)
    top = computed({"claim": "top", **query, "words": list(words), "n": _TOP_WORDS}, facts, language)
    if top.sources:
        yield top


def _quotes(corpus: Corpus, arrangement: Arrangement, group: Group, comments: Comments) -> list[Sentence]:
    """Up to three sentences of the stronger half of the core that cover all of the topic, each text with its copies."""
    members = {corpus.comment_id(row): float(corpus.weights[row]) for row in group.rows}
    meaning = {corpus.comment_id(row): arrangement.points[row] for row in group.rows}
    said = [corpus.comment_id(row) for row in _strong(arrangement, group)]
    return choose_quotes(members, said, comments, corpus.lexicon, _QUOTES, meaning)
