"""Opinion groups: people who react alike, a map of them, and what each group says. Polis' published mathematics.

Method: Small, Bjorkegren, Erkkilä, Shaw & Megill, Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces
(2021), and compdemocracy/polis, math/: the first two principal components of the centred reactions, where not having
reacted counts as the statement's mean; each participant's place stretched by √(statements / reactions), as few reactions
pull to the middle; k-means on the map. Two things differ: many starts, and people put in the order of their reactions
before any sum, so that neither order nor names of participants can change the groups.

Groups are a lens on those who took part, not a census of anybody, and no share of the population.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

from analysis.clusters import Floats, Places, agreement, cluster, gather, k_means, nearest
from analysis.reactions import AGREE, DISAGREE, Reactions
from analysis.standpoints import Consensus, Divisive, Representative, Tally, consensus, divisive, representative

MIN_VOTES = 7
"""Fewer reactions than this give a participant a place on the map, but no group."""

STABLE = 0.8
"""Below this agreement of resamples the page must say that the groups are a matter of chance."""

RESAMPLES = 20
_RESAMPLED = 10_000
_DENSE = 600
_STARTS_AGAIN = 12
_LOOSE = 1e-3


@dataclass(frozen=True)
class Group:
    """A group of participants. `votes` stand behind it in all; `stability` is the mean Jaccard over resamples, 0 to 1."""

    id: str
    size: int
    votes: int
    stability: float
    representative: tuple[Representative, ...]


@dataclass(frozen=True)
class Place:
    """Where a participant stands; `group` is None with fewer than 7 reactions (than all, where there are fewer)."""

    participant: str
    group: str | None
    x: float
    y: float


@dataclass(frozen=True)
class Opinions:
    """The groups by falling size, a place for each participant in the input's order, and the statements that matter.

    `stability` is the mean adjusted Rand index of the grouping with those of resamples, 1 for the same every time;
    `silhouette` says how well the groups are apart. `rejected` is what all groups disagree with.
    """

    participants: int
    statements: int
    seed: int
    groups: tuple[Group, ...]
    places: tuple[Place, ...]
    consensus: tuple[Consensus, ...]
    rejected: tuple[Consensus, ...]
    divisive: tuple[Divisive, ...]
    stability: float
    silhouette: float

    @property
    def stable(self) -> bool:
        """Whether the groups may be shown without the warning that they are a matter of chance."""
        return self.stability >= STABLE

    def to_json(self) -> dict[str, Any]:
        """The published format ("opinions", version 1); further keys come after those it names."""
        return {
            "version": 1,
            "participants": self.participants,
            "statements": self.statements,
            "groups": [
                {
                    "id": group.id,
                    "size": group.size,
                    "representative": [one.to_json() for one in group.representative],
                    "votes": group.votes,
                    "stability": group.stability,
                }
                for group in self.groups
            ],
            "assignments": [
                {"participant": one.participant, "group": one.group, "x": one.x, "y": one.y} for one in self.places
            ],
            "consensus": [one.to_json() for one in self.consensus],
            "divisive": [one.to_json() for one in self.divisive],
            "rejected": [one.to_json() for one in self.rejected],
            "seed": self.seed,
            "stability": {"agreement": self.stability, "stable": self.stable, "resamples": RESAMPLES},
            "silhouette": self.silhouette,
        }


def opinion_groups(
    reactions: Reactions,
    *,
    groups: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int, str], None] = lambda done, total, step: None,
) -> Opinions:
    """The opinion groups of `reactions`, two to five by silhouette unless `groups` says how many.

    Where nobody differs there is one group; where nobody has reactions enough there is none. Same reactions and seed:
    same answer, whoever comes first. `progress` hears of each resample. Memory grows with the number of reactions, time
    with that and, little, with people.
    """
    order = _by_reactions(reactions)
    centred = _centred(reactions)
    axes = _axes(centred[order])
    points = _stretched(centred @ axes, reactions)
    members = (
        reactions.votes >= min(MIN_VOTES, len(reactions.statements)) if reactions.statements else reactions.votes > 0
    )
    chance = np.random.default_rng(seed)
    labels = np.full(len(points), -1, dtype=np.int64)
    silhouette, stability = 0.0, 1.0
    alike: list[float] = []
    if members.any():
        found = cluster(points[members], chance, groups)
        labels[members] = _by_size(found.labels)
        silhouette = found.silhouette
        grouped = order[members[order]]
        stability, alike = _stability(reactions, centred, labels, grouped, len(found.centres), chance, progress)
    tally = _tally(reactions, labels)
    votes = reactions.votes
    return Opinions(
        len(reactions.participants),
        len(reactions.statements),
        seed,
        tuple(
            Group(
                str(place + 1),
                int((labels == place).sum()),
                int(votes[labels == place].sum()),
                alike[place],
                representative(tally, place),
            )
            for place in range(labels.max(initial=-1) + 1)
        ),
        tuple(
            Place(name, str(label + 1) if label >= 0 else None, x, y)
            for name, label, (x, y) in zip(reactions.participants, labels.tolist(), points.tolist(), strict=True)
        ),
        consensus(tally, AGREE),
        consensus(tally, DISAGREE),
        divisive(tally),
        stability,
        silhouette,
    )


def _by_reactions(reactions: Reactions) -> NDArray[np.int64]:
    """The places of participants in the order of what they reacted to and how: an order that names no one."""
    codes = (reactions.columns.astype(np.int64) * 3 + reactions.values + 1).astype(">i4").tobytes()
    ends = (reactions.starts * 4).tolist()
    keys = [codes[start:end] for start, end in pairwise(ends)]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _centred(reactions: Reactions) -> csr_array:
    """Reactions less their statement's mean; not having reacted is the mean, so 0. Moderated statements are 0 for all."""
    statements = len(reactions.statements)
    seen = np.bincount(reactions.columns, minlength=statements)
    sums = np.bincount(reactions.columns, reactions.values, statements)
    means = np.divide(sums, seen, out=np.zeros(statements), where=seen > 0)
    values = reactions.values - means[reactions.columns]
    if reactions.moderated:
        values[np.isin(reactions.columns, sorted(reactions.moderated))] = 0
    shape = (len(reactions.participants), statements)
    return csr_array((values, reactions.columns, reactions.starts), shape=shape)


def _axes(centred: csr_array, tolerance: float = 1e-10) -> Floats:
    """The first two principal axes (statements × 2), each with a sign that no order can change; zeros where none is.

    `tolerance` is of the largest eigenvalues, where statements are too many for all of them.
    """
    statements = centred.shape[1]
    axes = np.zeros((statements, 2))
    if not centred.nnz or not np.abs(centred.data).max():
        return axes
    if statements <= _DENSE:
        _, vectors = np.linalg.eigh((centred.T @ centred).toarray())
        found = vectors[:, ::-1][:, :2]
    else:
        turned = centred.T.tocsr()
        product = LinearOperator(
            (statements, statements), matvec=lambda vector: turned @ (centred @ vector), dtype=float
        )
        start = np.sqrt(np.bincount(centred.indices, centred.data**2, statements))
        _, vectors = eigsh(product, k=2, v0=start, tol=tolerance)
        found = vectors[:, ::-1]
    for place in range(found.shape[1]):
        axis = found[:, place]
        axes[:, place] = axis if (axis**3).sum() >= 0 else -axis
    return axes


def _stretched(points: Floats, reactions: Reactions) -> Floats:
    """Places on the map, stretched by √(statements / seen); a moderated statement counts as seen by everybody."""
    statements = len(reactions.statements)
    seen = reactions.votes.astype(float)
    if reactions.moderated:
        out = np.isin(reactions.columns, sorted(reactions.moderated))
        rows = np.repeat(np.arange(len(seen)), reactions.votes)
        seen += len(reactions.moderated) - np.bincount(rows[out], minlength=len(seen))
    stretched: Floats = points * np.sqrt(statements / np.maximum(seen, 1))[:, None]
    return np.round(stretched, 9) + 0.0


def _by_size(labels: Places) -> Places:
    """Labels by falling number of members; of equal ones the one further left stays first."""
    sizes = np.bincount(labels)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return rank[labels]


def _stability(
    reactions: Reactions,
    centred: csr_array,
    labels: Places,
    grouped: NDArray[np.int64],
    number: int,
    chance: np.random.Generator,
    progress: Callable[[int, int, str], None],
) -> tuple[float, list[float]]:
    """How far resamples of people (with replacement, at most 10,000) give the same groups: mean ARI, Jaccard by group."""
    if number < 2:
        return 1.0, [1.0] * number
    agreements, alike = [], []
    for time in range(RESAMPLES):
        progress(time, RESAMPLES, "resample")
        drawn = np.sort(chance.integers(0, len(grouped), min(len(grouped), _RESAMPLED)))
        people = grouped[drawn]
        sample = centred[people]
        points = _stretched(sample @ _axes(sample, _LOOSE), _of(reactions, people))
        gathered, weights = gather(points)
        if len(gathered) < number:
            continue
        centres = k_means(gathered, weights, number, chance, _STARTS_AGAIN)
        again = nearest(points, centres)
        agreements.append(agreement(labels[people], again))
        alike.append(_jaccard(labels[people], again, number))
    progress(RESAMPLES, RESAMPLES, "resample")
    if not agreements:
        return 0.0, [0.0] * number
    return float(np.mean(agreements)), np.mean(alike, axis=0).tolist()


def _of(reactions: Reactions, people: NDArray[np.int64]) -> Reactions:
    """The reactions of some people, some of them several times."""
    votes = reactions.votes[people]
    starts = np.concatenate([[0], np.cumsum(votes)])
    kept = np.repeat(reactions.starts[people] - starts[:-1], votes) + np.arange(starts[-1])
    names = tuple(map(str, range(len(people))))
    moderated = reactions.moderated
    return Reactions(names, reactions.statements, starts, reactions.columns[kept], reactions.values[kept], moderated)


def _jaccard(labels: Places, again: Places, number: int) -> list[float]:
    table = np.zeros((number, number))
    np.add.at(table, (labels, again), 1)
    either = table.sum(axis=1)[:, None] + table.sum(axis=0)[None] - table
    shares: Sequence[float] = np.divide(table, either, out=np.zeros_like(table), where=either > 0).max(axis=1).tolist()
    return list(shares)


def _tally(reactions: Reactions, labels: Places) -> Tally:
    """Reactions by group and statement: seen, agreed, disagreed; moderated statements are left out."""
    number, statements = int(labels.max(initial=-1)) + 1, len(reactions.statements)
    rows = np.repeat(labels, reactions.votes)
    inside = rows >= 0
    if reactions.moderated:
        inside &= ~np.isin(reactions.columns, sorted(reactions.moderated))
    flat = rows * statements + reactions.columns

    def count(which: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(flat[which], minlength=number * statements).reshape(number, statements)

    counted: Mapping[int, NDArray[np.int64]] = {
        direction: count(inside & (reactions.values == direction)) for direction in (AGREE, DISAGREE)
    }
    return Tally(reactions.statements, count(inside), counted[AGREE], counted[DISAGREE])
