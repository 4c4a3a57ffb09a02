"""Opinion groups of a made conversation of full size: `python -m benchmarks.grouping PEOPLE STATEMENTS`.

Prints CPU seconds, those of scikit-learn for the map and one k-means alone, the process' peak memory before that, and
how far the planted camps were found, as JSON.
"""

import json
import sys
import time

import numpy as np
from scipy.sparse import csr_array

from analysis.clusters import agreement
from analysis.opinions import opinion_groups
from analysis.reactions import Reactions, reactions_from
from benchmarks.measuring import own_peak

SEED = 20_261_129
VOTES = (7, 44)
"""Between so many reactions each, 25 on average."""


def conversation(people: int, statements: int) -> tuple[Reactions, np.ndarray]:
    """Three camps that part on half of the statements; everybody sees some, at random."""
    chance = np.random.default_rng(SEED)
    camps = chance.choice(3, people, p=[0.5, 0.3, 0.2])
    leaning = chance.uniform(0.15, 0.85, (3, statements))
    leaning[:, : statements // 2] = leaning[0, : statements // 2]
    votes = chance.integers(VOTES[0], VOTES[1], people)
    rows = np.repeat(np.arange(people, dtype=np.int32), votes)
    columns = chance.integers(0, statements, len(rows), dtype=np.int32)
    agreed = chance.random(len(rows)) < leaning[camps[rows], columns]
    values = np.where(chance.random(len(rows)) < 0.1, 0, np.where(agreed, 1, -1)).astype(np.int8)
    names = [f"p{number}" for number in range(people)]
    return reactions_from(names, [f"s{number}" for number in range(statements)], rows, columns, values), camps


def floor(reactions: Reactions) -> float:
    """CPU seconds of scikit-learn's truncated SVD and one k-means, without any statistic."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD

    shape = (len(reactions.participants), len(reactions.statements))
    table = csr_array((reactions.values.astype(float), reactions.columns, reactions.starts), shape=shape)
    start = time.process_time()
    KMeans(3, random_state=0).fit(TruncatedSVD(2, random_state=0).fit_transform(table))
    return time.process_time() - start


def timed(people: int, statements: int) -> dict[str, object]:
    reactions, camps = conversation(people, statements)
    start = time.process_time()
    found = opinion_groups(reactions)
    seconds = time.process_time() - start
    peak = own_peak()
    labels = np.array([int(one.group) - 1 if one.group else -1 for one in found.places])
    alike = agreement(labels[labels >= 0], camps[labels >= 0])
    note = (
        f"{len(reactions.values):,} reactions, {len(found.groups)} groups, ARI with planted {alike:.2f}, "
        f"stability {found.stability:.2f}"
    )
    return {"seconds": seconds, "bare": floor(reactions), "megabytes": peak, "note": note}


if __name__ == "__main__":
    print(json.dumps(timed(int(sys.argv[1]), int(sys.argv[2]))))
