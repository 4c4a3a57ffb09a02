"""The subjects an officer looks for among the tourism survey's inconveniences, each as a topic of its own.

A subject is found when one of its words is among the first three keywords of a topic that holds at least half of the
core comments with that word. The words stand here alone: the method knows none of them.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from analysis.run import Run
from analysis.text import Comment
from analysis.topics import analyse
from benchmarks.measuring import Measured, run

NEEDS_DATA = True
COLUMN = "不便さの内容"
SUBJECTS = (
    ("駐車場",),
    ("トイレ",),
    ("バス",),
    ("本数", "電車"),
    ("案内", "看板", "標識"),
    ("飲食", "食事"),
    ("営業時間", "閉店"),
    ("道路", "渋滞"),
)
SEEDS = (0, 1, 2, 3)
GOAL = 7
MAX_SECONDS = 120
MAX_MEGABYTES = 1_500


def measure(data: Path) -> Iterator[Measured]:
    pins = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    ran = run([sys.executable, "-m", "benchmarks.topic_subjects", str(data)], pins)
    found = json.loads(ran.output) if ran.exit_code == 0 else []
    yield Measured(
        "subjects of inconvenience",
        ran.seconds,
        ran.megabytes,
        MAX_SECONDS,
        MAX_MEGABYTES,
        note=f"found of {len(SUBJECTS)}, residual, core by seed: {found}; goal {GOAL} at every seed, residual ≤ .25",
        well=ran.exit_code == 0,
    )


def comments_of(data: Path) -> list[Comment]:
    rows: list[str] = []
    for file in sorted((data / "fukui-tourism-survey").glob("responses-*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows += [row[COLUMN] for row in csv.DictReader(lines)]
    return [Comment(str(number), text) for number, text in enumerate(rows, start=1) if text.strip()]


def found_in(comments: list[Comment], analysed: Run) -> int:
    """How many of the subjects are a topic of their own."""
    core = {each.id: each.topic for each in analysed.assignments if each.place == "core"}

    def holds(word: str) -> bool:
        topics = Counter(core[each.id] for each in comments if each.id in core and word in each.text)
        return any(
            any(word in keyword for keyword in topic.keywords[:3]) and 2 * topics[topic.id] >= topics.total() > 0
            for topic in analysed.topics
        )

    return sum(any(holds(word) for word in words) for words in SUBJECTS)


def main(data: Path) -> None:
    comments = comments_of(data)
    figures = []
    for seed in SEEDS:
        analysed = analyse(comments, "ja", seed=seed)
        residual = sum(topic.share for topic in analysed.topics if topic.residual)
        figures.append((found_in(comments, analysed), round(residual, 2), round(analysed.assigned_share, 2)))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
