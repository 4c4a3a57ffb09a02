"""Cross-tabs of a made survey of a million rows: `python -m benchmarks.tabulating PAIRS`.

Prints CPU seconds, those of one bare pass over two of the columns in plain Python, and the peak memory, as JSON. With
one pair two questions are read; with 45 every two of ten.
"""

import json
import sys
import time
from collections import Counter
from itertools import islice

import numpy as np

from analysis.inference import Axis
from analysis.tabulation import Question, report
from benchmarks.measuring import own_peak

SEED = 20_261_129
ROWS = 1_000_000
CATEGORIES = ("とても満足", "満足", "どちらでもない", "不満", "とても不満")


def questions(number: int) -> list[Question]:
    """Answers to questions of five categories; one in twenty left each out."""
    chance = np.random.default_rng(SEED)
    choices = np.array([*CATEGORIES, None], dtype=object)
    odds = [0.3, 0.25, 0.2, 0.15, 0.05, 0.05]
    return [
        Question(Axis(f"q{place}", CATEGORIES), choices[chance.choice(6, ROWS, p=odds)].tolist())
        for place in range(number)
    ]


def timed(pairs: int) -> dict[str, object]:
    asked = questions(2 if pairs == 1 else 10)
    start = time.process_time()
    counted = Counter(zip(asked[0].answers, asked[1].answers, strict=True))
    bare = time.process_time() - start
    start = time.process_time()
    found = report(asked)
    seconds = time.process_time() - start
    right = all(found.tabs[0].counts[pair] == count for pair, count in counted.items() if None not in pair)
    peak = own_peak()
    least = ", ".join(f"{p:.2f}" for p in islice(filter(None, found.p_holm), 3))
    return {
        "seconds": seconds,
        "bare": bare,
        "megabytes": peak,
        "well": right and len(found.tabs) == pairs,
        "note": f"{len(found.tabs)} cross-tabs of {ROWS:,} rows; p after Holm {least} …",
    }


if __name__ == "__main__":
    print(json.dumps(timed(int(sys.argv[1]))))
