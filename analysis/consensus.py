"""Many quick clusterings of samples, and what they agree on (analysis method, step 6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize

from analysis.features import Matrix, Views

Labels = NDArray[np.int64]
Run = tuple[NDArray[np.int64], Labels]
"""The rows of one sample and their cluster numbers."""

_SAMPLE = 0.8


def co_association(runs: Iterator[Run], n: int) -> NDArray[np.float32]:
    """How often two texts shared a cluster, among the runs that saw both; the diagonal is 1."""
    together = np.zeros((n, n), dtype=np.float32)
    seen = np.zeros((n, n), dtype=np.float32)
    for rows, labels in runs:
        member = np.zeros((n, labels.max() + 1), dtype=np.float32)
        member[rows, labels] = 1
        together += member @ member.T
        present = member.sum(axis=1)
        seen += np.outer(present, present)
    agreement: NDArray[np.float32] = together / np.maximum(seen, 1)
    np.fill_diagonal(agreement, 1)
    return agreement


def _samples(n: int, runs: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(runs):
        yield np.sort(random.permutation(n)[: max(2, round(n * _SAMPLE))])


def kmeans_runs(points: Matrix, topics: int, runs: int, random: np.random.Generator) -> Iterator[Run]:
    """k-means on samples of 80 %, k drawn from [k, 2k]."""
    for rows in _samples(len(points), runs, random):
        k = min(int(random.integers(topics, 2 * topics + 1)), len(rows))
        means = KMeans(k, n_init=1, max_iter=25, random_state=int(random.integers(2**31)))
        yield rows, means.fit_predict(points[rows]).astype(np.int64)


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


_CONSENSUS_LIMIT = 2000
"""More texts than this are placed by their nearest neighbours in a sample of this size."""

_NEIGHBOURS = 10


@dataclass(frozen=True)
class Clusters:
    """Per row: the nearest cluster and how strongly it belongs there (mean co-association, 0–1)."""

    labels: Labels
    strength: Matrix


def cluster(views: Views, topics: int, seed: int, progress: Callable[[str], None]) -> Clusters:
    """Group the rows of `views` into at most `topics` clusters by what many clusterings agree on."""
    n = len(views.joined)
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(n)[:_CONSENSUS_LIMIT])
    joined, embedded, words = views.joined[rows], views.embedded[rows], views.words[rows]
    together = np.zeros((len(rows), len(rows)), dtype=np.float32)
    sources = (
        ("words and characters", kmeans_runs(joined, topics, 60, random)),
        ("word vectors", kmeans_runs(embedded, topics, 60, random)),
        ("word mixtures", mixture_runs(words, topics, 12, random)),
    )
    for name, runs in sources:
        together += co_association(runs, len(rows)) / len(sources)
        progress(name)
    labels = _cut(together, topics, seed)
    belonging = _belonging(together, labels)
    if len(rows) < n:
        belonging = _extend(belonging, rows, views.joined)
    return Clusters(belonging.argmax(axis=1), belonging.max(axis=1))


def _belonging(together: NDArray[np.float32], labels: Labels) -> Matrix:
    """Mean co-association of every row with every cluster, itself left out."""
    member = np.eye(labels.max() + 1)[labels]
    sums = together @ member - member
    others = member.sum(axis=0) - member
    return np.asarray(sums / np.maximum(others, 1), dtype=np.float64)


def _cut(together: NDArray[np.float32], topics: int, seed: int) -> Labels:
    """k-means on the row-normalised leading directions of the co-association."""
    size = min(topics + 5, len(together))
    values, vectors = np.linalg.eigh(together.astype(np.float64))
    points = normalize(vectors[:, -size:] * np.sqrt(np.maximum(values[-size:], 0)))
    labels = KMeans(min(topics, len(points)), n_init=10, random_state=seed).fit_predict(points)
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
