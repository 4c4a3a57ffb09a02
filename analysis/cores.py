"""Which texts are the core of a cluster, and which clusters hang together enough to be a topic (analysis method, step 6).

`belonging` (rows × clusters, 0–1) says how strongly each text belongs to each cluster, `labels` which one it is in.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.constraints import Binding
from analysis.features import Matrix
from analysis.mixtures import Labels

CORE_STRENGTH = 0.3
RESIDUAL_CORE_SHARE = 0.3
CLEARLY = 1.5
"""A text clearly belongs to a cluster when it does so 1.5 times as much as to another."""

_LEAST_CORE = 5
"""A topic needs so many texts in its core to be named and quoted."""


def loose_clusters(labels: Labels, belonging: Matrix, named: set[int]) -> frozenset[int]:
    """The clusters, but those people named, with less than 30 % who belong there strongly.

    Where topics are broad nobody agrees with many others, and yet with his own more than with the rest: a cluster with
    some core is none of these when 30 % of its texts are core or clearly belong there.
    """
    strong, clear = _strong(belonging, labels), _clear(belonging, labels)
    found = set()
    for number in set(np.unique(labels).tolist()) - named:
        inside = labels == number
        close = strong[inside].mean() >= RESIDUAL_CORE_SHARE
        apart = strong[inside].sum() >= _LEAST_CORE and (strong | clear)[inside].mean() >= RESIDUAL_CORE_SHARE
        if not close and not apart:
            found.add(number)
    return frozenset(found)


def settled(labels: Labels, belonging: Matrix, loose: frozenset[int], bound: Binding) -> Labels:
    """A text of a loose cluster that clearly belongs to a topic joins it, but for those that people bound.

    Nobody joins a topic of which less than 30 % would then be core.
    """
    topics = np.setdiff1d(np.unique(labels), sorted(loose))
    free = np.isin(labels, sorted(loose))
    for block in bound.blocks:
        free[block] = False
    if not len(topics) or not free.any():
        return labels
    nearest = topics[np.round(belonging[:, topics], 9).argmax(axis=1)]
    rows = np.arange(len(labels))
    clear = np.round(belonging[rows, nearest] - CLEARLY * belonging[rows, labels], 9) >= 0
    moved = np.where(free & clear & (belonging[rows, nearest] > 0), nearest, labels)
    thinned = loose_clusters(moved, belonging, set()) - loose
    return np.where(np.isin(moved, sorted(thinned)), labels, moved)


def in_core(belonging: Matrix, labels: Labels, asked: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The rows in the core of their cluster, by what its cluster asks (`asked_of_cores`)."""
    strong, clear = _strong(belonging, labels), _clear(belonging, labels)
    return np.choose(asked[labels], [strong & clear, strong, strong | clear])


def asked_of_cores(belonging: Matrix, labels: Labels) -> NDArray[np.int64]:
    """What each cluster asks of its core, as a place in: both, strong, either.

    To belong there strongly, and clearly more than anywhere else. Where that leaves less than 30 % of its texts, or too few
    to quote, to belong there strongly, since there are clusters as alike as two ways of putting one thing; where that
    leaves less than 30 % as well, either of the two: of a broad subject nobody agrees with many others.
    """
    strong, clear = _strong(belonging, labels), _clear(belonging, labels)
    width = belonging.shape[1]
    least = RESIDUAL_CORE_SHARE * np.bincount(labels, minlength=width)
    both, strongly = (np.bincount(labels[rows], minlength=width) for rows in (strong & clear, strong))
    return np.where((both >= _LEAST_CORE) & (both >= least), 0, np.where(strongly >= least, 1, 2))


def _strong(belonging: Matrix, labels: Labels) -> NDArray[np.bool_]:
    """The rows that belong to their cluster strongly enough for its core."""
    strong: NDArray[np.bool_] = np.round(belonging[np.arange(len(labels)), labels], 9) >= CORE_STRENGTH
    return strong


def _clear(belonging: Matrix, labels: Labels) -> NDArray[np.bool_]:
    """The rows that belong to their cluster and clearly more than to any other."""
    own = belonging[np.arange(len(labels)), labels]
    clear: NDArray[np.bool_] = (own > 0) & (np.round(own - CLEARLY * _best_of_others(belonging, labels), 9) >= 0)
    return clear


def _best_of_others(belonging: Matrix, labels: Labels) -> Matrix:
    """How strongly each row belongs to the cluster other than its own that it is nearest to; 0 without any."""
    others = belonging.copy()
    others[np.arange(len(labels)), labels] = 0
    best: Matrix = others.max(axis=1)
    return best
