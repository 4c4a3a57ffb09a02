"""k-means of many points in many dimensions, from starts that are drawn far apart.

`analysis.clusters` does the same for the plane, where sixty starts are made at once.
"""

from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.directions import Points

Labels = NDArray[np.int64]

_STILL = 1e-4
"""Of the mean variance: centres that move less in a round have arrived."""


def k_means(
    points: NDArray[np.floating], clusters: int, random: np.random.Generator, starts: int, rounds: int
) -> Labels:
    """The cluster of every point, in the best of `starts`; fewer clusters than asked where points are alike."""
    centred = np.asarray(points - points.mean(axis=0), dtype=np.float32)
    squares = np.einsum("ij,ij->i", centred, centred)
    still = _STILL * float(squares.mean()) / centred.shape[1]
    best, least = np.zeros(len(points), dtype=np.int64), np.inf
    for _ in range(starts):
        labels, spread = _lloyd(centred, squares, _far_apart(centred, squares, clusters, random), rounds, still)
        if spread < least:
            best, least = labels, spread
    return best


def _far_apart(points: Points, squares: Points, clusters: int, random: np.random.Generator) -> Points:
    """Greedy k-means++ (Arthur & Vassilvitskii 2007): of a few points drawn by distance, the one that helps most."""
    tries = 2 + int(log(clusters))
    chosen = [int(random.integers(len(points)))]
    away = _from(points, squares, np.array(chosen))[:, 0]
    for _ in range(1, clusters):
        heap = np.cumsum(away, dtype=np.float64)
        drawn = np.searchsorted(heap, random.random(tries) * heap[-1])
        left = np.minimum(_from(points, squares, np.minimum(drawn, len(points) - 1)), away[:, None])
        helps = int(left.sum(axis=0, dtype=np.float64).argmin())
        chosen.append(int(min(drawn[helps], len(points) - 1)))
        away = left[:, helps]
    return points[chosen]


def _from(points: Points, squares: Points, rows: NDArray[np.int64]) -> Points:
    """Squared distances of all points from some (points × rows)."""
    distances: Points = squares[:, None] + squares[rows] - 2 * (points @ points[rows].T)
    return np.maximum(distances, 0, out=distances)


def _lloyd(points: Points, squares: Points, centres: Points, rounds: int, still: float) -> tuple[Labels, float]:
    """Labels and their sum of squared distances; a centre that loses all its points stays where it is."""
    labels = np.full(len(points), -1)
    for _ in range(rounds):
        distances = np.einsum("ij,ij->i", centres, centres) - 2 * (points @ centres.T)
        before, labels = labels, distances.argmin(axis=1)
        if (labels == before).all():
            break
        member = sparse.csc_matrix(
            (np.ones(len(points), np.float32), labels, np.arange(len(points) + 1)), (len(centres), len(points))
        )
        held = np.bincount(labels, minlength=len(centres))[:, None]
        moved = np.where(held > 0, (member @ points) / np.maximum(held, 1).astype(np.float32), centres)
        shift, centres = float(((moved - centres) ** 2).sum()), moved
        if shift <= still:
            break
    spread = float((squares + np.take_along_axis(distances, labels[:, None], axis=1)[:, 0]).sum(dtype=np.float64))
    return labels, spread
