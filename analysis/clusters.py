"""Points on a plane into two to five clusters, the same ones in whatever order the points come.

K-means with many starts (k-means++, Arthur & Vassilvitskii 2007): the usual single start made the grouping of most real
conversations depend on who came first. The number of clusters is the one with the best mean silhouette (Rousseeuw 1987).
Many points are first gathered on a grid, as weighted points: 100,000 people cost no more than 1,600.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

STARTS = 60
MAX_CLUSTERS = 5
_ROUNDS = 100
_EXACT = 1_600
_GRID = 40
_PEOPLE_PER_CLUSTER = 12


@dataclass(frozen=True)
class Clusters:
    """`centres` (k × 2) and the place of each point's centre; `silhouette` is the weighted mean, -1 to 1."""

    centres: Floats
    labels: Places
    silhouette: float


def cluster(points: Floats, chance: np.random.Generator, clusters: int | None = None) -> Clusters:
    """Clusters of `points` (n × 2), as many as `clusters` or as the silhouette says (2 to 5; one if all points are equal).

    At most 2 + n / 12, as in Polis: few people cannot show many groups.
    """
    gathered, weights = gather(points)
    most = min(MAX_CLUSTERS, 2 + len(points) // _PEOPLE_PER_CLUSTER) if clusters is None else clusters
    wanted = range(2 if clusters is None else clusters, most + 1)
    distances = _distances(gathered)
    found = []
    for number in wanted:
        if 1 < number <= len(gathered):
            centres = k_means(gathered, weights, number, chance)
            labels = nearest(gathered, centres)
            found.append(Clusters(centres, labels, _silhouette(distances, weights, labels, number)))
    if not found:
        return Clusters(points.mean(axis=0, keepdims=True), np.zeros(len(points), dtype=np.int64), 0.0)
    best = max(found, key=lambda one: round(one.silhouette, 9))
    centres = best.centres if len(gathered) == len(points) else _settle(points, best.centres)
    return Clusters(centres, nearest(points, centres), best.silhouette)


def gather(points: Floats) -> tuple[Floats, Floats]:
    """Equal points once with their number; above 1,600 different ones, the mean of each cell of a 40 × 40 grid."""
    different, weights = np.unique(points, axis=0, return_counts=True)
    if len(different) <= _EXACT:
        return different, weights.astype(float)
    low, high = np.quantile(points, (0.005, 0.995), axis=0)
    scaled = np.clip((points - low) / np.where(high > low, high - low, 1) * _GRID, 0, _GRID - 1).astype(np.int64)
    _, cells, counts = np.unique(scaled[:, 0] * _GRID + scaled[:, 1], return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(cells, points[:, axis]) for axis in range(points.shape[1])], axis=1)
    return sums / counts[:, None], counts.astype(float)


def k_means(points: Floats, weights: Floats, number: int, chance: np.random.Generator, starts: int = STARTS) -> Floats:
    """The centres (number × 2) with the least weighted sum of squares over all starts, from left to right."""
    centres = _seeds(points, weights, number, chance, starts)
    labels, moving = _nearest_of_each(points, centres), np.arange(starts)
    for _ in range(_ROUNDS):
        centres[moving] = _means(points, weights, labels[moving], centres[moving])
        new = _nearest_of_each(points, centres[moving])
        changed = (new != labels[moving]).any(axis=1)
        labels[moving] = new
        moving = moving[changed]
        if not len(moving):
            break
    at_home = np.take_along_axis(centres, labels[:, :, None], axis=1)
    spread = (((points - at_home) ** 2).sum(axis=2) * weights).sum(axis=1)
    best: Floats = centres[np.argmin(np.round(spread, 9))]
    ordered: Floats = best[np.lexsort(best.T[::-1])]
    return ordered


def nearest(points: Floats, centres: Floats) -> Places:
    """The place of the nearest centre of each point; the first of two that are equally near."""
    away = np.stack([((points - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    labels: Places = away.argmin(axis=1)
    return labels


def agreement(first: Places, second: Places) -> float:
    """The adjusted Rand index of two groupings of the same people (Hubert & Arabie 1985): 1 equal, 0 by chance."""
    table = np.zeros((first.max(initial=-1) + 1, second.max(initial=-1) + 1))
    np.add.at(table, (first, second), 1)
    pairs = (table * (table - 1)).sum() / 2
    rows, columns = (sums * (sums - 1) / 2 for sums in (table.sum(axis=1), table.sum(axis=0)))
    everybody = len(first) * (len(first) - 1) / 2
    expected = rows.sum() * columns.sum() / everybody if everybody else 0.0
    most = (rows.sum() + columns.sum()) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))


def _seeds(points: Floats, weights: Floats, number: int, chance: np.random.Generator, starts: int) -> Floats:
    seeds = np.empty((starts, number, points.shape[1]))
    away = np.full((starts, len(points)), np.inf)
    odds = np.broadcast_to(weights, away.shape)
    for place in range(number):
        heap = odds.cumsum(axis=1)
        drawn = chance.random(starts) * heap[:, -1]
        chosen = np.minimum((heap < drawn[:, None]).sum(axis=1), len(points) - 1)
        seeds[:, place] = points[chosen]
        apart = [(points[:, axis] - seeds[:, place, axis, None]) ** 2 for axis in range(points.shape[1])]
        away = np.minimum(away, sum(apart))
        odds = weights * away
    return seeds


def _nearest_of_each(points: Floats, centres: Floats) -> Places:
    """The place of each point's nearest centre in every start (starts × n)."""
    away = (centres**2).sum(axis=2)[:, :, None] - 2 * centres @ points.T
    labels = np.zeros((len(centres), len(points)), dtype=np.int64)
    least = away[:, 0].copy()
    for place in range(1, centres.shape[1]):
        nearer = away[:, place] < least
        np.copyto(least, away[:, place], where=nearer)
        labels[nearer] = place
    return labels


def _means(points: Floats, weights: Floats, labels: Places, centres: Floats) -> Floats:
    starts, number = centres.shape[:2]
    flat = (labels + np.arange(starts)[:, None] * number).ravel()
    held = np.bincount(flat, np.broadcast_to(weights, labels.shape).ravel(), starts * number)
    moved = np.empty_like(centres)
    for axis in range(points.shape[1]):
        sums = np.bincount(flat, np.broadcast_to(weights * points[:, axis], labels.shape).ravel(), starts * number)
        moved[:, :, axis] = np.divide(sums, held, out=centres[:, :, axis].ravel().copy(), where=held > 0).reshape(
            starts, number
        )
    return moved


def _settle(points: Floats, centres: Floats) -> Floats:
    ones, labels = np.ones(len(points)), nearest(points, centres)
    for _ in range(_ROUNDS):
        centres = _means(points, ones, labels[None], centres[None])[0]
        new = nearest(points, centres)
        if (new == labels).all():
            break
        labels = new
    return centres


def _distances(points: Floats) -> Floats:
    squares = (points**2).sum(axis=1)
    away = squares[:, None] + squares[None] - 2 * points @ points.T
    roots: Floats = np.sqrt(np.maximum(away, 0))
    return roots


def _silhouette(distances: Floats, weights: Floats, labels: Places, number: int) -> float:
    members = (labels[:, None] == np.arange(number)) * weights[:, None]
    held = members.sum(axis=0)
    to_all = distances @ members
    own = np.take_along_axis(to_all, labels[:, None], axis=1)[:, 0]
    mates = held[labels] - 1
    within = np.divide(own, mates, out=np.zeros_like(own), where=mates > 0)
    others = to_all / np.maximum(held, 1)
    others[np.arange(len(labels)), labels] = np.inf
    outside = others.min(axis=1)
    larger = np.maximum(within, outside)
    scores = np.divide(outside - within, larger, out=np.zeros_like(own), where=(larger > 0) & (mates > 0))
    return float(weights @ scores / weights.sum())
