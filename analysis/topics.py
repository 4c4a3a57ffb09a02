"""Texts → topics: the whole way from comments to a run, as one pure function.

Nothing here reads a clock, a file of the operator's, the network or global random state: the same comments, options
and seed give the same run, whatever the order of the comments.
"""

from collections.abc import Callable, Iterator, Sequence
from math import sqrt

import numpy as np

from analysis.consensus import Clusters, cluster
from analysis.corpus import Corpus, Reading, Unit, overlaps, read, read_corpus
from analysis.evidence import Comments, Sentence, Source, computed, quote
from analysis.features import build_views
from analysis.labels import Vocabulary, keywords, label
from analysis.lexicon import lexicon
from analysis.phrases import terms
from analysis.representatives import Rows, minority, represented, representatives
from analysis.run import Assignment, Duplicates, Run, Topic
from analysis.text import Comment, sentences

CORE_STRENGTH = 0.3
RESIDUAL_CORE_SHARE = 0.3
REPRESENTED_SIMILARITY = 0.35
REPRESENTATIVES = 5
MINORITY = 20
_QUOTES = 3
_QUOTE_LENGTH = range(10, 121)

Progress = Callable[[int, int, str], None]
"""Called with units done, units in all, and the name of the step."""


def default_topics(texts: int) -> int:
    """How many topics to look for: √(n/2), 20 between 800 and 8,000 texts, ∛n above."""
    return max(2, round(max(min(20.0, sqrt(texts / 2)), texts ** (1 / 3))))


def analyse(
    comments: Sequence[Comment],
    language: str = "ja",
    topics: int | None = None,
    seed: int = 0,
    progress: Progress = lambda done, total, step: None,
) -> Run:
    """Group `comments` (ids unique) into topics with labels, representatives and a summary that names its sources.

    `language` is ja or en, `topics` how many to look for (the method's choice when None), `seed` 0 to 2**32 - 1.
    Nothing to group (fewer than two different texts with a word in them) gives no topic and every comment unassigned.
    """
    words = lexicon(language)
    readings: list[Reading] = []
    for done, comment in enumerate(comments):
        readings.append(read(comment, words))
        if done % 200 == 0:
            progress(done, 2 * len(comments), "read")
    corpus = read_corpus(readings, words)
    findings = _Findings(corpus, topics, seed, lambda step: progress(len(comments), 2 * len(comments), step))
    run = findings.run(readings)
    progress(2 * max(len(comments), 1), 2 * max(len(comments), 1), "done")
    return run


class _Findings:
    """The clusters of a corpus under their final ids, and what is said of each."""

    def __init__(self, corpus: Corpus, topics: int | None, seed: int, step: Callable[[str], None]) -> None:
        self.corpus = corpus
        self.seed = seed
        self.wanted = min(topics or default_topics(len(corpus.texts)), len(corpus.texts))
        self.points = np.zeros((len(corpus.texts), 1))
        self.strength = np.zeros(len(corpus.texts))
        self.groups: list[Rows] = []
        self.residual = np.zeros(0, dtype=np.int64)
        if len(corpus.texts) >= 2:
            words = [corpus.words(unit) for unit in corpus.texts]
            views = build_views(words, corpus.nouns, [unit.text for unit in corpus.texts], seed)
            self.points = views.joined
            self._arrange(cluster(views, self.wanted, seed, step))
        self.core = self.strength >= CORE_STRENGTH

    def _arrange(self, clusters: Clusters) -> None:
        """Order the topics by falling size, then smallest text, and put what hardly hangs together into one residual."""
        self.strength = np.round(clusters.strength, 9)
        core = self.strength >= CORE_STRENGTH
        loose = []
        for label in np.unique(clusters.labels):
            rows = np.flatnonzero(clusters.labels == label)
            if self._size(rows[core[rows]]) < RESIDUAL_CORE_SHARE * self._size(rows):
                loose.append(rows)
            else:
                self.groups.append(rows)
        self.groups.sort(key=lambda rows: (-self._size(rows), int(rows[0])))
        self.residual = np.sort(np.concatenate(loose)) if loose else self.residual

    def _size(self, rows: Rows) -> int:
        return int(self.corpus.weights[rows].sum())

    def run(self, readings: Sequence[Reading]) -> Run:
        """The run, its assignments in the order of `readings`."""
        everything = [*self.groups, *([self.residual] if len(self.residual) else [])]
        assigned = self._assignments(everything)
        evidence: Comments = {
            reading.comment.id: Source(
                reading.comment.text,
                tuple(mask.span for mask in reading.masks),
                assigned[reading.comment.id].topic,
            )
            for reading in readings
        }
        written = sum(1 for source in evidence.values() if source.text.strip())
        chosen = [self._representatives(rows) for rows in self.groups]
        flat = [row for rows in chosen for row in rows]
        shown = represented(self.points, flat, REPRESENTED_SIMILARITY)
        in_core = sum(self._size(rows[self.core[rows]]) for rows in self.groups)
        topics = self._topics(chosen, evidence, written)
        apart = np.setdiff1d(np.flatnonzero(~self.core), flat)
        return Run(
            language=self.corpus.lexicon.language,
            seed=self.seed,
            documents=len(readings),
            distinct=len(self.corpus.texts) + len(self.corpus.wordless),
            parameters={
                "topics": self.wanted,
                "core_strength": CORE_STRENGTH,
                "residual_core_share": RESIDUAL_CORE_SHARE,
                "represented_similarity": REPRESENTED_SIMILARITY,
                "empty": len(readings) - written,
            },
            topics=tuple(topics),
            assignments=tuple(assigned[reading.comment.id] for reading in readings),
            duplicates=tuple(self._duplicates()),
            minority=tuple(self._id(row) for row in minority(self.points, apart, flat, MINORITY)),
            masks={reading.comment.id: reading.masks for reading in readings if reading.masks},
            assigned_share=in_core / max(written, 1),
            represented_share=float(self.corpus.weights[shown].sum()) / max(written, 1),
        )

    def _id(self, row: int) -> str:
        return self.corpus.texts[row].first.comment.id

    def _assignments(self, everything: Sequence[Rows]) -> dict[str, Assignment]:
        found = {}
        for number, rows in enumerate(everything, start=1):
            for row in rows:
                place = "core" if self.core[row] else "fringe"
                for member in self.corpus.texts[row].members:
                    comment_id = member.comment.id
                    found[comment_id] = Assignment(comment_id, str(number), place, float(self.strength[row]))
        for unit in self._unassigned(everything):
            for member in unit.members:
                found[member.comment.id] = Assignment(member.comment.id, None, "unassigned", 0.0)
        return found

    def _unassigned(self, everything: Sequence[Rows]) -> Iterator[Unit]:
        yield from self.corpus.wordless
        if not everything:
            yield from self.corpus.texts

    def _representatives(self, rows: Rows) -> list[int]:
        return representatives(self.points, self.corpus.weights, rows, rows[self.core[rows]], REPRESENTATIVES)

    def _duplicates(self) -> Iterator[Duplicates]:
        for unit in (*self.corpus.texts, *self.corpus.wordless):
            if len(unit.members) > 1 and unit.text.strip():
                yield Duplicates(unit.first.comment.id, tuple(member.comment.id for member in unit.members), unit.kind)

    def _topics(self, chosen: Sequence[list[int]], evidence: Comments, written: int) -> Iterator[Topic]:
        vocabulary = Vocabulary([terms(unit.first.tokens, self.corpus.lexicon) for unit in self.corpus.texts])
        ranked = [vocabulary.rank(rows[self.core[rows]].tolist(), range(len(self.corpus.texts))) for rows in self.groups]
        words = [keywords(each) for each in ranked]
        names: list[str] = []
        for each in ranked:
            names.append(label(each, {*names, self.corpus.lexicon.residual_label}, self.corpus.lexicon))
        for number, rows in enumerate(self.groups):
            topic_id = str(number + 1)
            yield Topic(
                id=topic_id,
                parent=None,
                residual=False,
                label=names[number],
                keywords=tuple(words[number]),
                size=self._size(rows),
                distinct=len(rows),
                share=self._size(rows) / max(written, 1),
                stability=float(self.strength[rows].mean()),
                representatives=tuple(self._id(row) for row in chosen[number]),
                summary=tuple(self._summary(topic_id, words[number], chosen[number], evidence)),
            )
        if len(self.residual):
            yield Topic(
                id=str(len(self.groups) + 1),
                parent=None,
                residual=True,
                label=self.corpus.lexicon.residual_label,
                keywords=(),
                size=self._size(self.residual),
                distinct=len(self.residual),
                share=self._size(self.residual) / max(written, 1),
                stability=float(self.strength[self.residual].mean()),
                representatives=(),
                summary=(),
            )

    def _summary(
        self, topic_id: str, words: Sequence[str], chosen: Sequence[int], evidence: Comments
    ) -> Iterator[Sentence]:
        language = self.corpus.lexicon.language
        yield computed({"claim": "share", "topic": topic_id}, evidence, language)
        if words:
            yield computed({"claim": "top", "topic": topic_id, "words": list(words), "n": 3}, evidence, language)
        quotes = 0
        for row in chosen:
            reading = self.corpus.texts[row].first
            sentence = _best_sentence(reading, self.corpus)
            if sentence and quotes < _QUOTES:
                quotes += 1
                yield sentence


def _best_sentence(reading: Reading, corpus: Corpus) -> Sentence | None:
    """The first sentence of a comment that is of readable length and shows no masked text."""
    text = reading.comment.text
    for span in sentences(text, corpus.lexicon):
        if span[1] - span[0] in _QUOTE_LENGTH and not overlaps(span, [mask.span for mask in reading.masks]):
            return quote(reading.comment.id, text, span)
    return None
