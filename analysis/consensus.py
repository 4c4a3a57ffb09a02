"""Many quick clusterings of samples, and what they agree on (analysis method, step 6)."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

from analysis.features import Matrix, Views

Labels = NDArray[np.int64]
Run = tuple[NDArray[np.int64], Labels]
"""The rows of one sample and their cluster numbers."""

_SAMPLE = 0.8


def co_association(runs: Sequence[Run], n: int) -> NDArray[np.float32]:
    """How often two of `n` texts shared a cluster, among the runs that saw both; the diagonal is 1."""
    if not runs:
        return np.eye(n, dtype=np.float32)
    clusters = [int(labels.max()) + 1 for _, labels in runs]
    member = np.zeros((n, sum(clusters)), dtype=np.float32)
    present = np.zeros((n, len(runs)), dtype=np.float32)
    for number, (rows, labels) in enumerate(runs):
        member[rows, sum(clusters[:number]) + labels] = 1
        present[rows, number] = 1
    agreement: NDArray[np.float32] = (member @ member.T) / np.maximum(present @ present.T, 1)
    np.fill_diagonal(agreement, 1)
    return agreement


def _samples(n: int, runs: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(runs):
        yield np.sort(random.permutation(n)[: max(2, round(n * _SAMPLE))])


def kmeans_runs(points: Matrix, topics: int, runs: int, random: np.random.Generator) -> Iterator[Run]:
    """k-means on samples of 80 %, k drawn from [k, 2k]."""
    for rows in _samples(len(points), runs, random):
        k = min(int(random.integers(topics, 2 * topics + 1)), len(rows))
        yield rows, _kmeans(points[rows], k, int(random.integers(2**31)), starts=1, rounds=25)


def _kmeans(points: Matrix, clusters: int, seed: int, starts: int, rounds: int) -> Labels:
    means = KMeans(clusters, n_init=starts, max_iter=rounds, random_state=seed)
    with warnings.catch_warnings():  # where texts share their vectors, fewer clusters than asked are right
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels: Labels = means.fit_predict(points).astype(np.int64)
    return labels


def mixture_runs(counts: sparse.csr_matrix, topics: int, runs: int, random: np.random.Generator) -> Iterator[Run]:
    """A mixture of multinomials by annealed EM: 15 rounds, the temperature falling from 3 to 1."""
    for rows in _samples(counts.shape[0], runs, random):
        sample = counts[rows]
        k = min(round(1.5 * topics), len(rows))
        share = random.dirichlet(np.ones(k), size=len(rows))
        for temperature in np.linspace(3, 1, 15):
            weight = np.log(share.sum(axis=0) + 1)
            words = (sample.T @ share).T + 0.1
            scores = (sample @ np.log(words / words.sum(axis=1, keepdims=True)).T + weight) / temperature
            scores -= scores.max(axis=1, keepdims=True)
            share = np.exp(scores)
            share /= share.sum(axis=1, keepdims=True)
        yield rows, share.argmax(axis=1)


_KMEANS_RUNS = 60
_MIXTURE_RUNS = 12
_RESAMPLES = 8

UNITS = 2 * _KMEANS_RUNS + _MIXTURE_RUNS + _RESAMPLES
"""How often `cluster` says that it got further: once per clustering and per resample."""

_CONSENSUS_LIMIT = 2000
"""More texts than this are placed by their nearest neighbours in a sample of this size."""

_NEIGHBOURS = 10
_EXTRA_DIRECTIONS = 5


@dataclass(frozen=True)
class Clusters:
    """Per row its nearest cluster and how strongly it belongs there (mean co-association, 0–1).

    `stability` is, per cluster, the mean Jaccard with its best match over resamples.
    """

    labels: Labels
    strength: Matrix
    stability: Matrix


def cluster(views: Views, topics: int, seed: int, progress: Callable[[str], None]) -> Clusters:
    """Group the rows of `views` into at most `topics` clusters by what many clusterings agree on."""
    n = len(views.joined)
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(n)[:_CONSENSUS_LIMIT])
    kinds = []
    for runs in (
        kmeans_runs(views.joined[rows], topics, _KMEANS_RUNS, random),
        kmeans_runs(views.embedded[rows], topics, _KMEANS_RUNS, random),
        mixture_runs(views.words[rows], topics, _MIXTURE_RUNS, random),
    ):
        kinds.append(list(_told(runs, progress)))
    together = _average(kinds, len(rows))
    labels = _cut(together, topics, seed)
    stability = _stability(kinds, labels, topics, random, progress)
    belonging = _belonging(together, labels)
    if len(rows) < n:
        belonging = _extend(belonging, rows, views.joined)
    return Clusters(belonging.argmax(axis=1), belonging.max(axis=1), stability)


def _told(runs: Iterator[Run], progress: Callable[[str], None]) -> Iterator[Run]:
    for run in runs:
        progress("cluster")
        yield run


def _average(kinds: Sequence[Sequence[Run]], n: int) -> NDArray[np.float32]:
    """The mean of one co-association per kind of run, so that no kind weighs more for having more runs."""
    total = np.zeros((n, n), dtype=np.float32)
    for runs in kinds:
        total += co_association(runs, n)
    return total / np.float32(len(kinds))


def _stability(
    kinds: Sequence[Sequence[Run]],
    labels: Labels,
    topics: int,
    random: np.random.Generator,
    progress: Callable[[str], None],
) -> Matrix:
    """Cluster 80 % of the texts anew from half of the runs, several times; each cluster's mean best Jaccard."""
    n = len(labels)
    scores = np.zeros((_RESAMPLES, labels.max() + 1))
    for score in scores:
        rows = next(_samples(n, 1, random))
        halves = [[runs[i] for i in sorted(random.permutation(len(runs))[: len(runs) // 2])] for runs in kinds]
        again = _cut(_average([[_among(run, rows, n) for run in half] for half in halves], len(rows)), topics, 0)
        shared = np.zeros((labels.max() + 1, again.max() + 1))
        np.add.at(shared, (labels[rows], again), 1)
        either = shared.sum(axis=1)[:, None] + shared.sum(axis=0) - shared
        score[:] = (shared / np.maximum(either, 1)).max(axis=1)
        progress("resample")
    means: Matrix = scores.mean(axis=0)
    return means


def _among(run: Run, kept: NDArray[np.int64], n: int) -> Run:
    """The run as seen by the `kept` rows only, renumbered."""
    number = np.full(n, -1)
    number[kept] = np.arange(len(kept))
    rows, labels = run
    inside = number[rows] >= 0
    return number[rows][inside], labels[inside]


def _belonging(together: NDArray[np.float32], labels: Labels) -> Matrix:
    """Mean co-association of every row with every cluster, itself left out."""
    member = np.eye(labels.max() + 1)[labels]
    sums = together @ member - member
    others = member.sum(axis=0) - member
    return np.asarray(sums / np.maximum(others, 1), dtype=np.float64)


def _cut(together: NDArray[np.float32], topics: int, seed: int) -> Labels:
    """k-means on the row-normalised leading directions of the co-association."""
    size = min(topics + _EXTRA_DIRECTIONS, len(together) - 1)
    values, vectors = eigsh(together.astype(np.float64), k=size, v0=np.ones(len(together)))
    points = normalize(vectors * np.sqrt(np.maximum(values, 0)))
    labels = _kmeans(points, min(topics, len(points)), seed, starts=10, rounds=300)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _extend(belonging: Matrix, rows: NDArray[np.int64], points: Matrix) -> Matrix:
    """Every row belongs as its nearest sampled rows do, in proportion to their similarity."""
    extended = np.zeros((len(points), belonging.shape[1]))
    for start in range(0, len(points), 2000):
        similarity = np.round(points[start : start + 2000] @ points[rows].T, 9)
        nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :_NEIGHBOURS]
        weights = np.maximum(np.take_along_axis(similarity, nearest, axis=1), 1e-9)
        weights /= weights.sum(axis=1, keepdims=True)
        extended[start : start + 2000] = np.einsum("ij,ijk->ik", weights, belonging[nearest])
    extended[rows] = belonging
    return extended
