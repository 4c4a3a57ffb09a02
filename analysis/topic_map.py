"""Where topics lie on the map of a page: near each other when worded alike, never over one another.

A run's JSON holds no coordinates, so they are made here from the comments of each topic's core. The same comments give
the same map. References: Borg and Groenen, Modern Multidimensional Scaling (2005), ch. 8 and 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.directions import unit_rows

Floats = NDArray[np.float64]

_COMMENTS_READ = 100
"""Of each topic, its strongest: enough for its wording, and 50 topics take a second."""

_ROUNDS = 300
_PARTING_ROUNDS = 400
_TRIES = 10
_CONTRAST = 0.8
"""How much of the smallest distance is taken off all: every two topics differ in most of their words."""

_GOLDEN = pi * (3 - sqrt(5))


@dataclass(frozen=True)
class Likeness:
    """How alike topics are worded: `matrix[i, j]` is a cosine, 0 to 1, in the order of `topics`."""

    topics: tuple[str, ...]
    matrix: Floats

    def nearest(self, topic: str) -> str | None:
        """The other topic worded most alike; None where there is none with a likeness above 0."""
        place = self.topics.index(topic)
        others = self.matrix[place].copy()
        others[place] = 0.0
        return self.topics[int(others.argmax())] if others.max() > 0 else None


@dataclass(frozen=True)
class Spot:
    """A topic on the map: the middle of its circle."""

    x: float
    y: float


def likeness(texts: Mapping[str, Sequence[str]]) -> Likeness | None:
    """Compare the wording of topics by character 2- and 3-grams; None with fewer than two topics that have text.

    `texts` are the comments of each topic, what is masked taken out, the strongest first.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # its start takes as long as grouping 1,000 comments

    topics = [topic for topic in texts if any(any(map(str.isalnum, text)) for text in texts[topic])]
    if len(topics) < 2:
        return None
    read = [(place, text) for place, topic in enumerate(topics) for text in texts[topic][:_COMMENTS_READ]]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True).fit_transform(
        [text for _, text in read]
    )
    owner = np.array([place for place, _ in read])
    means = np.vstack([np.asarray(vectors[owner == place].mean(axis=0)) for place in range(len(topics))])
    units = unit_rows(means)
    return Likeness(tuple(topics), np.clip(np.round(units @ units.T, 6), 0.0, 1.0))


def placed(
    alike: Likeness, sizes: Sequence[tuple[float, float]], width: float, slant: float
) -> tuple[dict[str, Spot], float]:
    """Spots for boxes of `sizes` (width, height) in a map of `width`, and the map's height, `slant` times that or more.

    No two boxes overlap.
    """
    points = _scaled(alike.matrix)
    span = points.max(axis=0) - points.min(axis=0)
    points = (points - points.min(axis=0)) / np.where(span > 0, span, 1.0)
    boxes = np.array(sizes)
    fitting = max(width, float(boxes[:, 0].max()))
    height = max(slant * fitting, 1.5 * float((boxes[:, 0] * boxes[:, 1]).sum()) / fitting)
    for _ in range(_TRIES):
        spots = boxes / 2 + points * np.maximum(np.array([fitting, height]) - boxes, 0.0)
        if _part(spots, boxes, fitting):
            break
        height *= 1.2
    top = float((spots[:, 1] - boxes[:, 1] / 2).min())
    bottom = float((spots[:, 1] + boxes[:, 1] / 2).max())
    found = {
        topic: Spot(round(float(x), 1), round(float(y) - top, 1))
        for topic, (x, y) in zip(alike.topics, spots, strict=True)
    }
    return found, round(bottom - top, 1)


def sunflower(dots: int, gap: float) -> list[Spot]:
    """Places for `dots` around (0, 0), from the middle outwards, one every `gap`² of the plane."""
    return [
        Spot(round(gap * sqrt(n + 0.5) * cos(n * _GOLDEN), 1), round(gap * sqrt(n + 0.5) * sin(n * _GOLDEN), 1))
        for n in range(dots)
    ]


def _scaled(matrix: Floats) -> Floats:
    """Points in the plane whose distances follow the likeness: classical scaling, then stress majorisation."""
    distances = np.sqrt(np.maximum(2 - 2 * matrix, 0.0))
    apart = ~np.eye(len(matrix), dtype=bool)
    distances = np.where(apart, np.maximum(distances - _CONTRAST * distances[apart].min(), 0.01), 0.0)
    middle = np.eye(len(matrix)) - 1 / len(matrix)
    values, vectors = np.linalg.eigh(-middle @ distances**2 @ middle / 2)
    points = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 1e-9))
    points *= np.where(points[np.abs(points).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)  # an axis has no direction
    for _ in range(_ROUNDS):
        found = np.linalg.norm(points[:, None] - points[None], axis=2)
        pull = np.where(apart, -distances / np.maximum(found, 1e-9), 0.0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        points = np.asarray(pull @ points / len(matrix))
    rounded: Floats = np.round(points, 6)
    return rounded


def _part(spots: Floats, boxes: Floats, width: float) -> bool:
    """Move boxes that overlap apart, each the shorter way, within the width; False when they still overlap."""
    for turn in range(_PARTING_ROUNDS):
        moved = False
        for first in range(len(spots)):
            for second in range(first):
                room = (boxes[first] + boxes[second]) / 2
                offset = spots[first] - spots[second]
                lacking = room - np.abs(offset)
                if (lacking > 0.5).all():
                    axis = int(lacking.argmin()) if turn < _PARTING_ROUNDS / 2 else 1  # downwards there is room
                    push = (lacking[axis] + 0.2) / 2 * (1.0 if offset[axis] >= 0 else -1.0)
                    spots[first, axis] += push
                    spots[second, axis] -= push
                    moved = True
        spots[:, 0] = np.clip(spots[:, 0], boxes[:, 0] / 2, np.maximum(width - boxes[:, 0] / 2, boxes[:, 0] / 2))
        if not moved:
            return True
    return False
