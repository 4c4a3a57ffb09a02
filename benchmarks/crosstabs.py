"""A cross-tab over a million rows, and all 45 of ten questions: CPU seconds beside one plain pass over two columns."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, run

LIMITS = {1: 0.3, 45: 1.0}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measure(data: Path | None) -> Iterator[Measured]:
    for pairs, limit in LIMITS.items():
        ran = run([sys.executable, "-m", "benchmarks.tabulating", str(pairs)], ONE_THREAD)
        told = json.loads(ran.output)
        yield Measured(
            f"cross-tabs, {pairs} of 10^6 rows",
            told["seconds"],
            told["megabytes"],
            limit,
            yardstick=told["bare"],
            note=told["note"],
            well=told["well"],
        )
