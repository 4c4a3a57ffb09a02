"""The recorded Polis conversations: our groups against theirs, and against ours when people come in another order.

`python -m benchmarks.polis FOLDER` takes one of them, in a process of its own, and prints what it found as JSON.
The floor is the usual start of k-means, the first different points in the order people came.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from analysis.clusters import agreement
from analysis.opinions import Opinions, opinion_groups
from analysis.reactions import Reactions, moderated_out, reactions_from, read_reactions
from analysis.tabular import iter_rows, read_table
from benchmarks.crosstabs import ONE_THREAD
from benchmarks.measuring import Measured, own_peak, run

NEEDS_DATA = True
ORDERS = 5
MAX_SECONDS = 5


def measure(data: Path) -> Iterator[Measured]:
    for folder in sorted((data / "polis-open-data").iterdir()):
        if folder.is_dir():
            told = json.loads(run([sys.executable, "-m", "benchmarks.polis", str(folder)], ONE_THREAD).output)
            yield Measured(
                f"Polis {folder.name[:20]}", told["seconds"], told["megabytes"], MAX_SECONDS,
                yardstick=told["bare"], note=told["note"], well=told["well"],
            )  # fmt: skip


def timed(folder: Path) -> dict[str, object]:
    comments, votes = read_table(folder / "comments.csv"), folder / "participants-votes.csv"
    out = moderated_out(comments.headers, comments.rows)
    with iter_rows(votes) as stream:
        reactions = read_reactions(stream, out)
    table = read_table(votes)
    place = table.headers.index("group-id")
    recorded = np.array([int(row[place]) if row[place] else -1 for row in table.rows])
    start = time.process_time()
    found = opinion_groups(reactions)
    seconds = time.process_time() - start
    megabytes = own_peak()
    theirs = len(set(recorded[recorded >= 0]))
    fixed = opinion_groups(reactions, groups=theirs)
    chance = np.random.default_rng(0)
    orders = [chance.permutation(len(recorded)) for _ in range(ORDERS)]
    ours = [agreement(labels(found)[order], labels(opinion_groups(mixed(reactions, order)))) for order in orders]
    start = time.process_time()
    usual = [first_come(found, order) for order in orders]
    bare = (time.process_time() - start) / ORDERS
    alike = float(np.mean([agreement(usual[0], one) for one in usual[1:]]))
    few = int((reactions.votes[recorded >= 0] < 7).sum())
    note = (
        f"{len(recorded)} people, {len(found.groups)} groups, recorded {theirs} (of them {few} with under 7 votes): "
        f"ARI {against(found, recorded):.3f}, at their number {against(fixed, recorded):.3f}; "
        f"stability {found.stability:.2f}; other orders {min(ours):.3f}, usual start {alike:.3f}"
    )
    return {"seconds": seconds, "bare": bare, "megabytes": megabytes, "note": note, "well": min(ours) == 1}


def labels(found: Opinions) -> np.ndarray:
    return np.array([int(one.group) if one.group else 0 for one in found.places])


def against(found: Opinions, recorded: np.ndarray) -> float:
    both = (labels(found) > 0) & (recorded >= 0)
    return agreement(labels(found)[both], recorded[both])


def mixed(reactions: Reactions, order: np.ndarray) -> Reactions:
    """The same people in another order and under other names."""
    rows = np.repeat(np.arange(len(order)), reactions.votes)
    moved = np.argsort(order)
    names = [f"somebody {number}" for number in range(len(order))]
    moderated = [reactions.statements[place] for place in reactions.moderated]
    return reactions_from(names, reactions.statements, moved[rows], reactions.columns, reactions.values, moderated)


def first_come(found: Opinions, order: np.ndarray) -> np.ndarray:
    """The groups of one k-means that starts from the first different points, in the people's first order."""
    points = np.array([(one.x, one.y) for one in found.places])[order]
    inside = labels(found)[order] > 0
    _, first = np.unique(points[inside], axis=0, return_index=True)
    centres = points[inside][np.sort(first)[: max(2, len(found.groups))]]
    grouped = KMeans(len(centres), init=centres, n_init=1).fit(points[inside]).labels_
    result = np.full(len(points), -1)
    result[np.flatnonzero(inside)] = grouped
    back = np.empty_like(result)
    back[order] = result
    kept: np.ndarray = back[labels(found) > 0]
    return kept.astype(np.int64)


if __name__ == "__main__":
    print(json.dumps(timed(Path(sys.argv[1]))))
