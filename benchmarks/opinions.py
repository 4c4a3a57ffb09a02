"""Opinion groups of 100,000 people and 1,000 statements, and what the next-statement chooser gains over chance."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from analysis.next_statement import at_random, choose, simulate
from benchmarks.crosstabs import ONE_THREAD
from benchmarks.measuring import Measured, run

MAX_SECONDS, MAX_MEGABYTES = 5, 600
SEEDS = range(5)


def measure(data: Path | None) -> Iterator[Measured]:
    ran = run([sys.executable, "-m", "benchmarks.grouping", "100000", "1000"], ONE_THREAD)
    told = json.loads(ran.output)
    yield Measured(
        "opinions, 10^5 x 10^3", told["seconds"], told["megabytes"], MAX_SECONDS, MAX_MEGABYTES,
        yardstick=told["bare"], note=told["note"],
    )  # fmt: skip
    start = time.process_time()
    ours = [simulate(choose, seed=seed) for seed in SEEDS]
    middle = time.process_time()
    chance = [simulate(at_random, seed=seed) for seed in SEEDS]
    bare = time.process_time() - middle
    low, by_chance = (sum(one.low_tenth for one in each) / len(SEEDS) for each in (ours, chance))
    enough, also = (sum(one.enough_share for one in each) / len(SEEDS) for each in (ours, chance))
    yield Measured(
        "next statement, 400 people", middle - start, 0, 5, yardstick=bare, well=low >= 2 * by_chance,
        note=f"least heard tenth {low:.0f} reactions, by chance {by_chance:.0f}; enough {enough:.2f}, by chance {also:.2f}",
    )  # fmt: skip
