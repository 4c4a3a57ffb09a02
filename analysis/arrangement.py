"""Which texts form which topic, in the order of the published ids: one or two levels, and one residual."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import cbrt, sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.consensus import CONSENSUS_LIMIT, UNITS, Clusters, cluster, extend
from analysis.constraints import Binding, Constraints, Unmet, bind, left_unmet
from analysis.cores import RESIDUAL_CORE_SHARE
from analysis.corpus import Corpus
from analysis.directions import Points
from analysis.features import Material, Matrix, Views, build_views
from analysis.representatives import Rows
from analysis.synonyms import with_meanings
from analysis.workers import each

TWO_LEVELS_FROM = 1_728
"""Texts from which topics are split once more, where the number of topics is left to the method."""

_SPLIT_FROM = 80
_SPLIT_STRENGTH = 0.5
_SPLIT_SAMPLE = 400
_SPLIT_THRIFT = 2
_MOST_TOPICS_OF_FEW_TEXTS = 24


@dataclass(frozen=True)
class Group:
    """One topic: `rows` of the corpus' texts, those of its second level included; `parent` is a place in the list.

    `name` is the one people pinned.
    """

    rows: Rows
    stability: float
    parent: int | None = None
    residual: bool = False
    name: str | None = None


@dataclass(frozen=True)
class Arrangement:
    """`groups` by falling number of comments, then smallest text, the residual last.

    Per text: `points` (unit vectors), `strength` (0–1), `core`, and the place of its own group in `groups`, the
    second-level one where it has one (-1 when there is nothing to group).
    """

    groups: tuple[Group, ...]
    points: Points
    strength: Matrix
    core: NDArray[np.bool_]
    group_of: NDArray[np.int64]
    unmet: tuple[Unmet, ...] = ()


def default_topics(texts: int) -> int:
    """How many topics to look for: ¾ √n, 24 between 1,000 and 14,000 texts, ∛n above.

    Fewer leave a third of a few hundred texts in clusters that hardly hang together.
    """
    return max(2, round(max(min(_MOST_TOPICS_OF_FEW_TEXTS, 0.75 * sqrt(texts)), cbrt(texts))))


def units(texts: int, topics: int | None) -> int:
    """How often `arrange` says at most that it got further."""
    if texts < 2:
        return 0
    return UNITS + (default_topics(texts) if topics is None and texts >= TWO_LEVELS_FROM else 0)


def arrange(
    corpus: Corpus,
    topics: int | None,
    seed: int,
    step: Callable[[str], None],
    constraints: Constraints = Constraints(),  # noqa: B008 frozen
) -> Arrangement:
    """Group the texts of a corpus; `topics` is how many to look for, the method's choice when None.

    `step` is called with the name of each finished step. `constraints` are what people decided.
    """
    n = len(corpus.texts)
    binding = bind(constraints, _rows_by_id(corpus))
    if n < 2:
        nothing = np.zeros(n, dtype=bool)
        return Arrangement(
            (), np.zeros((n, 1), dtype=np.float32), np.zeros(n), nothing, np.full(n, -1), tuple(binding.unmet)
        )
    views = _views(corpus, np.arange(n), seed)
    clusters = cluster(views, min(topics or default_topics(n), n), seed, step, binding)
    points = views.joined
    del views  # what else is in them is as large, and every process would hold it
    strength = np.round(clusters.strength, 9)
    core = clusters.core
    first, loose = _first_level(corpus, clusters, _names(binding, clusters))
    drafts = [(group, number) for number, group in enumerate(first)]
    if topics is None and n >= TWO_LEVELS_FROM:
        inner = [group.rows[core[group.rows]] for group in first]
        for number, parts in enumerate(each(partial(_second_level, corpus, points, seed), inner)):
            drafts.extend((child, number) for child in parts)
            step("second level")
    groups = _ordered(corpus, drafts, first)
    if len(loose):
        groups.append(Group(loose, 0.0, residual=True))
    group_of = np.full(n, -1)
    for second_level in (False, True):
        for place, group in enumerate(groups):
            if (group.parent is not None) == second_level:
                group_of[group.rows] = place
    unmet = left_unmet(binding, clusters.block_of, corpus.comment_id)
    return Arrangement(tuple(groups), points, strength, core, group_of, tuple(unmet))


def _rows_by_id(corpus: Corpus) -> dict[str, int | None]:
    rows: dict[str, int | None] = {
        each.comment.id: row for row, unit in enumerate(corpus.texts) for each in unit.members
    }
    return rows | {each.comment.id: None for unit in corpus.wordless for each in unit.members}


def _names(binding: Binding, clusters: Clusters) -> dict[int, str]:
    """The pinned name of a cluster; of two in one cluster, which `left_unmet` tells of, the first."""
    return {clusters.block_of[block]: name for name, block in reversed(binding.pinned)}


def _views(corpus: Corpus, rows: Rows, seed: int) -> Views:
    units = [corpus.texts[row] for row in rows]
    material = Material(
        [with_meanings(unit.first.words, corpus.meanings) for unit in units],
        [unit.first.wording for unit in units],
        [unit.text for unit in units],
    )
    return build_views(material, corpus.nouns, seed)


def _first_level(corpus: Corpus, clusters: Clusters, names: Mapping[int, str]) -> tuple[list[Group], Rows]:
    """The clusters that hang together and share a word, or that people named, and the rows of the others.

    Of many texts most were placed by some: a cluster of whose comments less than 30 % are core then is no topic either.
    """
    groups = []
    for label in np.unique(clusters.labels).tolist():
        inside = clusters.labels == label
        core = np.flatnonzero(inside & clusters.core)
        close = corpus.size(core) >= RESIDUAL_CORE_SHARE * corpus.size(np.flatnonzero(inside))
        if label in names or (label not in clusters.loose and close and _share_a_word(corpus, core)):
            groups.append(Group(np.flatnonzero(inside), float(clusters.stability[label]), name=names.get(label)))
    placed = np.concatenate([np.zeros(0, dtype=np.int64), *(group.rows for group in groups)])
    return groups, np.setdiff1d(np.arange(len(clusters.labels)), placed)


def _share_a_word(corpus: Corpus, rows: Rows) -> bool:
    """Whether a word stands in two of these texts: those with rare words alone are alike in nothing but that."""
    seen: set[str] = set()
    for row in rows.tolist():
        words = set(corpus.texts[row].first.words)
        if seen & words:
            return True
        seen |= words
    return False


def _second_level(corpus: Corpus, points: Points, seed: int, rows: Rows) -> list[Group]:
    """Two or more parts of a topic's core that hang together on their own; texts in between stay with the topic.

    Where there are many topics a sample of each is grouped by fewer runs; the others of its core are placed by it.
    """
    if len(rows) < _SPLIT_FROM:
        return []
    topics = max(2, round(sqrt(len(rows)) / 4))
    some = rows
    if len(corpus.texts) > CONSENSUS_LIMIT:
        some = rows[np.sort(np.random.default_rng(seed).permutation(len(rows))[:_SPLIT_SAMPLE])]
    clusters = cluster(
        _views(corpus, some, seed), topics, seed, lambda name: None, thrift=1 if some is rows else _SPLIT_THRIFT
    )
    if len(some) < len(rows):
        clusters = extend(clusters, np.searchsorted(rows, some), points[rows])
    inner = np.round(clusters.strength, 9) >= _SPLIT_STRENGTH
    children = []
    for label in np.unique(clusters.labels[inner]):
        members = rows[inner & (clusters.labels == label)]
        if len(members) >= _SPLIT_FROM / 4 and _share_a_word(corpus, members):
            children.append(Group(members, float(clusters.stability[label])))
    return children if len(children) > 1 else []


def _ordered(corpus: Corpus, drafts: Sequence[tuple[Group, int]], first: Sequence[Group]) -> list[Group]:
    """Both levels by falling size, then smallest text, a topic before its parts; `parent` as a place in the result."""

    def rank(draft: tuple[Group, int]) -> tuple[int, int, bool]:
        group, number = draft
        return -corpus.size(group.rows), int(group.rows[0]), group is not first[number]

    ordered = sorted(drafts, key=rank)
    place_of = {id(group): place for place, (group, _) in enumerate(ordered)}
    return [
        replace(group, parent=None if group is first[number] else place_of[id(first[number])])
        for group, number in ordered
    ]
