"""Many quick clusterings from different views, and what they agree on (analysis method, step 6)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.constraints import Binding, place_blocks
from analysis.cores import asked_of_cores, in_core, loose_clusters, settled
from analysis.directions import Points, common_directions, unit_rows
from analysis.features import Matrix, Views
from analysis.kmeans import k_means
from analysis.mixtures import Labels, annealed_mixture, one_topic_per_text
from analysis.workers import each

Run = tuple[NDArray[np.int64], Labels]
"""The rows of one sample and their cluster numbers."""

_SAMPLE = 0.8
_COMPONENTS = 1.5
"""Components of a mixture per topic looked for: a start too many costs nothing, empty ones fall away."""

_RESAMPLES = 8
_PARTS = 4
"""The clusterings of every kind are dealt to so many parts; a resample sees half of them."""

_COMPARED = 400
"""Texts by whose pairs the kinds are compared with each other."""

CONSENSUS_LIMIT = 2000
"""More texts than this are placed by their nearest neighbours in a sample of this size."""

_NEIGHBOURS = 10
_FLATTER = 0.25
"""A leading direction counts by this power of its eigenvalue: small topics are seen beside large ones."""

WORTH_A_PROCESS = 300
"""Texts from which clustering takes longer than starting a process."""

_AT_ONCE = 2000
_WORTH_PLACING = 20_000


@dataclass(frozen=True)
class Kind:
    """One way to cluster one view, done `runs` times; `subject`: by what is said, not by how it is put."""

    runs: int
    subject: bool
    cluster: Callable[[Views, int, np.random.Generator], Run]


def _kmeans_run(view: Callable[[Views], Points], views: Views, topics: int, random: np.random.Generator) -> Run:
    """k-means on a sample of 80 %, k drawn from [k, 2k]."""
    points = view(views)
    rows = np.sort(random.permutation(len(points))[: max(2, round(len(points) * _SAMPLE))])
    k = min(int(random.integers(topics, 2 * topics + 1)), len(rows))
    return rows, k_means(points[rows], k, random, starts=1, rounds=25)


def _mixture_run(
    fit: Callable[[sparse.csr_matrix, int, np.random.Generator], Labels],
    view: Callable[[Views], sparse.csr_matrix],
    views: Views,
    topics: int,
    random: np.random.Generator,
) -> Run:
    """All texts: a random start differs enough from another."""
    counts = view(views)
    if not counts.shape[1]:
        return np.arange(counts.shape[0]), np.zeros(counts.shape[0], dtype=np.int64)
    components = min(round(_COMPONENTS * topics), counts.shape[0])
    return np.arange(counts.shape[0]), fit(counts, components, random)


KINDS = (
    Kind(32, True, partial(_kmeans_run, lambda views: views.joined)),
    Kind(32, True, partial(_kmeans_run, lambda views: views.embedded)),
    Kind(12, True, partial(_mixture_run, annealed_mixture, lambda views: views.words)),
    Kind(8, True, partial(_mixture_run, one_topic_per_text, lambda views: views.words)),
    Kind(8, False, partial(_mixture_run, annealed_mixture, lambda views: views.pieces)),
    Kind(8, False, partial(_mixture_run, one_topic_per_text, lambda views: views.wording)),
)

UNITS = sum(kind.runs for kind in KINDS) + _RESAMPLES
"""How often `cluster` says that it got further: once per clustering and per resample."""


@dataclass(frozen=True)
class Clusters:
    """Per row its cluster and how strongly it belongs there: mean co-association by what is said, 0–1.

    `core` has the rows that belong there strongly enough, and clearly more than anywhere else. `stability` is, per
    cluster, the mean Jaccard with its best match over resamples. `block_of` gives the cluster of each block of the
    binding, `belonging` how strongly each row that was grouped belongs to every cluster; those in `loose` hang together
    too little to be a topic.
    """

    labels: Labels
    strength: Matrix
    core: NDArray[np.bool_]
    stability: Matrix
    belonging: Matrix
    block_of: tuple[int, ...] = ()
    loose: frozenset[int] = frozenset()


def cluster(
    views: Views,
    topics: int,
    seed: int,
    progress: Callable[[str], None],
    binding: Binding | None = None,
    thrift: int = 1,
) -> Clusters:
    """Group the rows of `views` into at most `topics` clusters by what many clusterings agree on.

    What people bound together or kept apart (`binding`) is laid into that agreement before it is cut, and holds after.
    Of the runs of every kind one in `thrift` is made.
    """
    n = len(views.joined)
    bound = binding or Binding()
    order = np.random.default_rng(seed).permutation(n)
    limit = max(CONSENSUS_LIMIT, len(bound.rows))
    rows = np.sort(np.concatenate([bound.rows, order[~np.isin(order, bound.rows)]])[:limit]).astype(np.int64)
    inside = bound.within(rows)
    sample = views.of(rows)
    kinds = list(_runs(sample, topics, seed, progress, thrift))
    parts = _parts(kinds, len(rows), kind_weights(kinds, len(rows)))
    subject = _mean_agreement([runs for kind, runs in zip(KINDS, kinds, strict=True) if kind.subject], len(rows))
    together: NDArray[np.float32] = np.mean(np.stack(parts), axis=0, dtype=np.float32)
    _lay_in(inside, together)
    labels = _cut(together, topics, seed)
    _lay_in(inside, subject)
    belonging = _belonging(subject, labels)
    blocks = place_blocks(inside, labels, belonging)
    for block, place in zip(inside.blocks, blocks, strict=True):
        labels[block] = place
    loose = loose_clusters(labels, belonging, {blocks[block] for _, block in inside.pinned})
    stability = _stability(parts, labels, topics, seed, progress)
    labels = settled(labels, belonging, loose, inside)
    strength = belonging[np.arange(len(rows)), labels]
    core = in_core(belonging, labels, asked_of_cores(belonging, labels))
    found = Clusters(labels, strength, core, stability, belonging, tuple(blocks), loose)
    return found if len(rows) == n else extend(found, rows, views.joined)


def _lay_in(binding: Binding, together: NDArray[np.float32]) -> None:
    """A block agrees with itself wholly, with others as its mean does, and with its opponents not at all."""
    for block in binding.blocks:
        mean = together[block].mean(axis=0)
        together[block] = mean
        together[:, block] = mean[:, None]
        together[np.ix_(block, block)] = 1
    for first, second in binding.apart:
        together[np.ix_(binding.blocks[first], binding.blocks[second])] = 0
        together[np.ix_(binding.blocks[second], binding.blocks[first])] = 0


def _runs(
    views: Views, topics: int, seed: int, progress: Callable[[str], None], thrift: int
) -> Iterator[Sequence[Run]]:
    """The runs of one kind after another; each has chance of its own, so that they may be made in any process."""
    numbers = [max(kind.runs // thrift, 1) for kind in KINDS]
    tasks = [(kind, number) for kind, runs in enumerate(numbers) for number in range(runs)]

    def make(task: tuple[int, int]) -> Run:
        return KINDS[task[0]].cluster(views, topics, np.random.default_rng([seed, *task]))

    made: list[Run] = []
    for (kind, _), run in zip(tasks, each(make, tasks, len(views.joined) >= WORTH_A_PROCESS), strict=True):
        made.append(run)
        progress("cluster")
        if len(made) == numbers[kind]:
            yield made
            made = []


def _parts(kinds: Sequence[Sequence[Run]], n: int, weights: Matrix) -> list[NDArray[np.float32]]:
    """Four agreements, each of every fourth run of every kind."""
    return [_mean_agreement([runs[part::_PARTS] for runs in kinds], n, weights) for part in range(_PARTS)]


def _mean_agreement(kinds: Sequence[Sequence[Run]], n: int, weights: Matrix | None = None) -> NDArray[np.float32]:
    """The (weighted) mean of one co-association per kind, so that no kind weighs more for having more runs."""
    each_weighs = np.ones(len(kinds)) if weights is None else weights
    total = np.zeros((n, n), dtype=np.float32)
    for runs, weight in zip(kinds, each_weighs, strict=True):
        total += np.float32(weight) * co_association(runs, n)
    return total / np.float32(each_weighs.sum())


def kind_weights(kinds: Sequence[Sequence[Run]], n: int) -> Matrix:
    """What each kind weighs: half the same, half by how well its agreement correlates with that of the others.

    Which views tell the subjects apart differs from one collection to the next; a view that finds by itself what the
    others find as well is one of them, and no label is needed to see it. Compared over the pairs of some texts; the
    mean weight is 1.
    """
    texts = np.unique(np.linspace(0, n - 1, min(n, _COMPARED)).astype(np.int64))
    pairs = np.triu_indices(len(texts), 1)
    agreements = np.stack([co_association(_among(texts, runs), len(texts))[pairs].astype(np.float64) for runs in kinds])
    others = agreements.sum(axis=0) - agreements
    found = np.array([_correlation(ours, theirs) for ours, theirs in zip(agreements, others, strict=True)])
    alike = np.ones(len(kinds))
    return np.round((alike + found / found.mean()) / 2, 6) if found.any() else alike


def _among(texts: NDArray[np.int64], runs: Sequence[Run]) -> list[Run]:
    """The runs as they are for these texts (sorted) alone."""
    found = []
    for rows, labels in runs:
        inside = np.isin(rows, texts)
        if inside.any():
            found.append((np.searchsorted(texts, rows[inside]), labels[inside]))
    return found


def _correlation(ours: Matrix, theirs: Matrix) -> float:
    """Pearson's, rounded; 0 where it is negative or one of the two is constant."""
    ours, theirs = ours - ours.mean(), theirs - theirs.mean()
    length = np.sqrt((ours**2).sum() * (theirs**2).sum())
    return max(round(float((ours * theirs).sum() / length), 6), 0.0) if length > 0 else 0.0


def co_association(runs: Sequence[Run], n: int) -> NDArray[np.float32]:
    """How often two of `n` texts shared a cluster, among the runs that saw both; the diagonal is 1."""
    if not runs:
        return np.eye(n, dtype=np.float32)
    together = np.zeros((n, n), dtype=np.min_scalar_type(len(runs)))
    present = np.zeros((n, len(runs)), dtype=np.float32)
    for number, (rows, labels) in enumerate(runs):
        narrow = np.min_scalar_type(-int(labels.max(initial=0)) - 3)
        ours, theirs = np.full((2, n), [[-1], [-2]], dtype=narrow)  # who was not seen is like nobody
        ours[rows] = theirs[rows] = labels
        together += (ours[:, None] == theirs).view(np.uint8)
        present[rows, number] = 1
    agreement: NDArray[np.float32] = together / np.maximum(present @ present.T, 1)
    np.fill_diagonal(agreement, 1)
    return agreement


def _stability(
    parts: Sequence[NDArray[np.float32]],
    labels: Labels,
    topics: int,
    seed: int,
    progress: Callable[[str], None],
) -> Matrix:
    """Cluster 80 % of the texts anew from half of the runs, several times; each cluster's mean best Jaccard."""
    n, clusters = len(labels), int(labels.max()) + 1

    def score(number: int) -> Matrix:
        random = np.random.default_rng([seed, len(KINDS), number])
        rows = np.sort(random.permutation(n)[: max(2, round(n * _SAMPLE))])
        first, second = random.permutation(len(parts))[:2]
        again = _cut((parts[first][np.ix_(rows, rows)] + parts[second][np.ix_(rows, rows)]) / 2, topics, 0)
        return best_overlap(labels[rows], again, clusters)

    scores = []
    for one in each(score, range(_RESAMPLES), n >= WORTH_A_PROCESS):
        scores.append(one)
        progress("resample")
    means: Matrix = np.mean(scores, axis=0)
    return means


def best_overlap(labels: Labels, others: Labels, clusters: int) -> Matrix:
    """The Jaccard of each of `clusters` with the cluster of `others` that matches it best; 0 for an empty one."""
    shared = np.zeros((clusters, int(others.max()) + 1))
    np.add.at(shared, (labels, others), 1)
    either = shared.sum(axis=1)[:, None] + shared.sum(axis=0) - shared
    best: Matrix = (shared / np.maximum(either, 1)).max(axis=1)
    return best


def _belonging(together: NDArray[np.float32], labels: Labels) -> Matrix:
    """Mean co-association of every row with every cluster, itself left out."""
    member = np.eye(labels.max() + 1)[labels]
    sums = together @ member - member
    others = member.sum(axis=0) - member
    return np.asarray(sums / np.maximum(others, 1), dtype=np.float64)


def _cut(together: NDArray[np.float32], topics: int, seed: int) -> Labels:
    """k-means on the row-normalised leading directions of who agrees with the same others as who."""
    values, vectors = common_directions(together, min(topics, len(together) - 1))
    points = unit_rows(vectors * np.maximum(values, 0) ** _FLATTER)
    labels = k_means(points, min(topics, len(points)), np.random.default_rng(seed), starts=10, rounds=300)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def extend(clusters: Clusters, rows: NDArray[np.int64], points: Points) -> Clusters:
    """From the clusters of these rows those of all `points`.

    Every point joins the cluster most of its nearest grouped ones are in, weighed by similarity, and belongs as they do.
    """
    member, sampled = np.eye(clusters.belonging.shape[1])[clusters.labels], points[rows]
    asked = asked_of_cores(clusters.belonging, clusters.labels)

    def place(start: int) -> tuple[Labels, Matrix, NDArray[np.bool_]]:
        similarity = points[start : start + _AT_ONCE] @ sampled.T
        count = min(_NEIGHBOURS, similarity.shape[1] - 1)
        nearest = np.sort(np.argpartition(-similarity, count, axis=1)[:, :count], axis=1)
        weights = np.maximum(np.take_along_axis(similarity, nearest, axis=1).astype(np.float64), 1e-9)
        weights /= weights.sum(axis=1, keepdims=True)
        found = np.round(np.einsum("ij,ijk->ik", weights, member[nearest]), 6).argmax(axis=1)
        belonging = np.einsum("ij,ijk->ik", weights, clusters.belonging[nearest])
        return found, belonging[np.arange(len(found)), found], in_core(belonging, found, asked)

    some = list(each(place, range(0, len(points), _AT_ONCE), len(points) >= _WORTH_PLACING))
    placed, strength, core = (np.concatenate(parts) for parts in zip(*some, strict=True))
    placed[rows], strength[rows], core[rows] = clusters.labels, clusters.strength, clusters.core
    return replace(clusters, labels=placed, strength=strength, core=core)
