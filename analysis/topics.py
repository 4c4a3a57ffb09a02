"""Texts → topics: the whole way from comments to a run, as one pure function.

Nothing here reads a clock, a file of the operator's, the network or global random state: the same comments, options
and seed give the same run, whatever the order of the comments.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from analysis.arrangement import CORE_STRENGTH, RESIDUAL_CORE_SHARE, Arrangement, arrange, default_topics
from analysis.corpus import Corpus, Reading, read, read_corpus
from analysis.description import describe
from analysis.evidence import Comments, Source
from analysis.lexicon import lexicon
from analysis.representatives import minority, represented
from analysis.run import Assignment, Duplicates, Place, Run
from analysis.text import Comment

REPRESENTED_SIMILARITY = 0.35
MINORITY = 20

Progress = Callable[[int, int, str], None]
"""Called with units done, units in all, and the name of the step."""


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
    corpus = _read_all(comments, language, progress)
    total = 2 * len(comments)
    arrangement = arrange(corpus, topics, seed, lambda step: progress(len(comments), total, step))
    assigned = {assignment.id: assignment for assignment in _assignments(corpus, arrangement)}
    evidence: Comments = {
        reading.comment.id: Source(
            reading.comment.text,
            tuple(mask.span for mask in reading.masks),
            assigned[reading.comment.id].topic,
        )
        for reading in corpus.readings
    }
    written = sum(1 for comment in comments if comment.text.strip())
    described = describe(corpus, arrangement, evidence, written)
    shown = list(described.representatives)
    represents = represented(arrangement.points, shown, REPRESENTED_SIMILARITY)
    in_core = arrangement.core & ~np.isin(np.arange(len(corpus.texts)), _residual(arrangement))
    apart = np.setdiff1d(np.flatnonzero(~arrangement.core), shown)
    progress(max(total, 1), max(total, 1), "done")
    return Run(
        language=language,
        seed=seed,
        documents=len(comments),
        distinct=sum(1 for unit in corpus.units if unit.text.strip()),
        parameters={
            "topics": topics or default_topics(len(corpus.texts)),
            "core_strength": CORE_STRENGTH,
            "residual_core_share": RESIDUAL_CORE_SHARE,
            "represented_similarity": REPRESENTED_SIMILARITY,
            "empty": len(comments) - written,
        },
        topics=described.topics,
        assignments=tuple(assigned[comment.id] for comment in comments),
        duplicates=tuple(_duplicates(corpus)),
        minority=tuple(corpus.comment_id(row) for row in minority(arrangement.points, apart, shown, MINORITY)),
        masks={reading.comment.id: reading.masks for reading in corpus.readings if reading.masks},
        assigned_share=float(corpus.weights[in_core].sum()) / max(written, 1),
        represented_share=float(corpus.weights[represents].sum()) / max(written, 1),
    )


def _read_all(comments: Sequence[Comment], language: str, progress: Progress) -> Corpus:
    words = lexicon(language)
    readings: list[Reading] = []
    for done, comment in enumerate(comments):
        if done % 100 == 0:
            progress(done, 2 * len(comments), "read")
        readings.append(read(comment, words))
    return read_corpus(readings, words)


def _assignments(corpus: Corpus, arrangement: Arrangement) -> Iterator[Assignment]:
    """One for every comment, copies with the text they repeat."""
    for row, unit in enumerate(corpus.texts):
        place = int(arrangement.group_of[row])
        for reading in unit.members:
            if place < 0:
                yield Assignment(reading.comment.id, None, "unassigned", 0.0)
            else:
                inside: Place = "core" if arrangement.core[row] else "fringe"
                yield Assignment(reading.comment.id, str(place + 1), inside, float(arrangement.strength[row]))
    for unit in corpus.wordless:
        for reading in unit.members:
            yield Assignment(reading.comment.id, None, "unassigned", 0.0)


def _residual(arrangement: Arrangement) -> list[int]:
    return [row for group in arrangement.groups if group.residual for row in group.rows.tolist()]


def _duplicates(corpus: Corpus) -> Iterator[Duplicates]:
    for unit in corpus.units:
        if len(unit.members) > 1 and unit.text.strip():
            yield Duplicates(unit.first.comment.id, tuple(each.comment.id for each in unit.members), unit.kind)
