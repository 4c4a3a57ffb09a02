"""Texts → topics: the whole way from comments to a run, as one pure function.

Nothing here reads a clock, a file of the operator's, the network or global random state: the same comments, options
and seed give the same run, whatever the order of the comments.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.arrangement import Arrangement, arrange, default_topics, units
from analysis.constraints import Constraints
from analysis.cores import CLEARLY, CORE_STRENGTH, RESIDUAL_CORE_SHARE
from analysis.corpus import Corpus, read_corpus
from analysis.description import Described, describe
from analysis.evidence import Comments, Source
from analysis.joining import Profile
from analysis.lexicon import lexicon
from analysis.profiling import profile
from analysis.reading import AT_ONCE, read_all
from analysis.representatives import minority, represented
from analysis.run import Assignment, Duplicates, Place, Run
from analysis.text import Comment

REPRESENTED_SIMILARITY = 0.35
MINORITY = 20
LEADING = 3

Progress = Callable[[int, int, str], None]
"""Called with units done, units in all, and the name of the step."""


def analyse(
    comments: Sequence[Comment],
    language: str = "ja",
    topics: int | None = None,
    seed: int = 0,
    progress: Progress = lambda done, total, step: None,
    constraints: Constraints = Constraints(),  # noqa: B008 frozen
) -> Run:
    """Group `comments` (ids unique) into topics with labels, representatives and a summary that names its sources.

    `language` is ja or en, `topics` how many to look for (the method's choice when None), `seed` 0 to 2**32 - 1.
    `constraints` are what people decided before: it is respected where that can be, and the run says where it cannot.
    Nothing to group (fewer than two different texts with a word in them) gives no topic and every comment unassigned.
    """
    return analyse_with_profile(comments, language, topics, seed, progress, constraints)[0]


def analyse_with_profile(
    comments: Sequence[Comment],
    language: str = "ja",
    topics: int | None = None,
    seed: int = 0,
    progress: Progress = lambda done, total, step: None,
    constraints: Constraints = Constraints(),  # noqa: B008 frozen
) -> tuple[Run, Callable[[], Profile]]:
    """`analyse`, and what makes the profile by which later comments join (`analysis.joining`)."""
    corpus, steps = _read_all(comments, language, topics, progress)
    with threadpool_limits(1):  # sums in one order, and two threads on a busy machine took ten times as long
        arrangement = arrange(corpus, topics, seed, steps.finish, constraints)
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
    apart = np.array([row for row in apart if not _says_its_topic(corpus, arrangement, described, row)], dtype=np.int64)
    steps.end()
    run = Run(
        language=language,
        seed=seed,
        documents=len(comments),
        distinct=sum(1 for unit in corpus.units if unit.text.strip()),
        parameters={
            "topics": topics or default_topics(len(corpus.texts)),
            "core_strength": CORE_STRENGTH,
            "residual_core_share": RESIDUAL_CORE_SHARE,
            "clearly": CLEARLY,
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
        unmet=arrangement.unmet if constraints else None,
    )
    return run, partial(profile, corpus, arrangement)


class _Steps:
    """Counts finished units: batches of comments read, clusterings, resamples, topics split once more."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def expect(self, further: int) -> None:
        """What remains is known now."""
        self._total = self._done + further

    def finish(self, step: str) -> None:
        self._done += 1
        self._progress(self._done, self._total, step)

    def end(self) -> None:
        self._progress(self._total, self._total, "done")


def _read_all(
    comments: Sequence[Comment], language: str, topics: int | None, progress: Progress
) -> tuple[Corpus, _Steps]:
    words = lexicon(language)
    batches = -(-len(comments) // AT_ONCE)
    steps = _Steps(batches + units(len(comments), topics) + 1, progress)
    readings = read_all(comments, words, lambda: steps.finish("read"))
    corpus = read_corpus(readings, words)
    steps.expect(units(len(corpus.texts), topics) + 1)  # the last is what is said of the topics
    return corpus, steps


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


def _says_its_topic(corpus: Corpus, arrangement: Arrangement, described: Described, row: int) -> bool:
    """Whether a text at the edge of a topic has one of its leading words: what many say is no minority opinion."""
    if not described.topics:
        return False
    text = corpus.texts[row].text.casefold()
    words = described.topics[int(arrangement.group_of[row])].keywords[:LEADING]
    return any(word.casefold() in text for word in words)


def _duplicates(corpus: Corpus) -> Iterator[Duplicates]:
    for unit in corpus.units:
        if len(unit.members) > 1 and unit.text.strip():
            yield Duplicates(unit.first.comment.id, tuple(each.comment.id for each in unit.members), unit.kind)
