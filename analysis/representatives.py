"""Which comments stand for a topic, and which stand apart from all of them (analysis method, step 8)."""

import numpy as np
from numpy.typing import NDArray

from analysis.directions import Points
from analysis.features import Matrix

Rows = NDArray[np.int64]


def representatives(points: Points, weights: Matrix, members: Rows, candidates: Rows, count: int) -> list[int]:
    """Up to `count` of `candidates`, by greedy facility location over `members`.

    Each choice adds most to the sum, weighted by copies, of every member's similarity (cosine of `points`, 0 at least)
    to its nearest choice (Nemhauser, Wolsey & Fisher 1978: at least 63 % of the best). Ties go to the earlier row.
    """
    similarity = np.maximum(points[members] @ points[candidates].T, 0)
    nearest = np.zeros(len(members))
    chosen: list[int] = []
    for _ in range(min(count, len(candidates))):
        gains = weights[members] @ np.maximum(similarity - nearest[:, None], 0)
        best = int(np.argmax(np.round(gains, 9)))
        if gains[best] <= 0:
            break
        chosen.append(int(candidates[best]))
        nearest = np.maximum(nearest, similarity[:, best])
    return chosen


def represented(points: Points, chosen: list[int], threshold: float) -> NDArray[np.bool_]:
    """Which rows lie at least as near (cosine) to one of `chosen` as `threshold`."""
    if not chosen:
        return np.zeros(len(points), dtype=bool)
    near: NDArray[np.bool_] = np.round((points @ points[chosen].T).max(axis=1), 9) >= threshold
    return near


def minority(points: Points, candidates: Rows, chosen: list[int], count: int) -> list[int]:
    """Up to `count` of `candidates`, farthest first from `chosen` and from each other (Gonzalez 1985)."""
    if not len(candidates):
        return []
    similarity = np.full(len(candidates), -1.0)
    if chosen:
        similarity = (points[candidates] @ points[chosen].T).max(axis=1)
    picked: list[int] = []
    for _ in range(min(count, len(candidates))):
        best = int(np.argmin(np.round(similarity, 9)))
        picked.append(int(candidates[best]))
        similarity = np.maximum(similarity, points[candidates] @ points[candidates[best]])
        similarity[best] = np.inf
    return picked
