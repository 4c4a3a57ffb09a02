"""Personal data: how much of what was planted is found, by kind, and how many clean comments are flagged wrongly.

The floor is what patterns of common forms find by themselves: mail, 0x-x-x telephone, 〒, 丁目–番–号, and 姓 before さん or 様.
`python -m benchmarks.masking [DATA]` prints each form; `python -m benchmarks masking` the lines with their goals.
"""

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis.masking import masks_of
from analysis.tabular import read_table
from benchmarks.measuring import Measured
from benchmarks.personal import LISTS, Planted, clean, planted
from benchmarks.topics import COLUMNS

COUNT = 6_500
SEED = 20_261
GOALS = {"structured": 0.99, "names": 0.95}
MOST_FALSE = 10  # per 1,000 clean comments
MAX_SECONDS = 120

Find = Callable[[str], list[tuple[int, int]]]

_FLOOR = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|0\d{1,4}-\d{1,4}-\d{3,4}|\d{3}-\d{4}|[一-龠]{1,8}\d+丁目\d+番\d+号|[一-龠]{2,3}(?=さん|様)"
)


def ours(text: str) -> list[tuple[int, int]]:
    return [mask.span for mask in masks_of(text)]


def floor(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _FLOOR.finditer(text)]


def is_hidden(case: Planted, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether no character of what was planted can be read, spaces and marks inside it aside."""
    covered = {place for start, end in spans for place in range(start, end)}
    return all(place in covered or not case.text[place].isalnum() for place in range(case.start, case.end))


def recall(cases: Sequence[Planted], find: Find) -> dict[str, float]:
    """Share found by form, and of all structured kinds and all names."""
    found: Counter[str] = Counter()
    planted_: Counter[str] = Counter()
    for case in cases:
        for group in (case.form, "names" if case.kind == "name" else "structured"):
            planted_[group] += 1
            found[group] += is_hidden(case, find(case.text))
    return {group: found[group] / planted_[group] for group in planted_}


def false_flags(texts: Sequence[str], find: Find) -> float:
    """Flagged comments per 1,000."""
    return 1_000 * sum(bool(find(text)) for text in texts) / len(texts)


def real_comments(data: Path) -> list[str]:
    """The free texts of the tourism survey, each once. All flags in them count as false: an upper bound."""
    texts: dict[str, None] = {}
    for file in sorted((data / "fukui-tourism-survey").glob("responses-*.csv")):
        table = read_table(file)
        for column in COLUMNS:
            place = table.headers.index(column)
            texts.update(dict.fromkeys(row[place] for row in table.rows if row[place].strip()))
    return list(texts)


def measure(data: Path | None) -> Iterator[Measured]:
    for names, frames in LISTS:
        cases = planted(SEED, COUNT, names, frames)
        start = time.process_time()
        shares = recall(cases, ours)
        seconds = time.process_time() - start
        below = recall(cases, floor)
        yield Measured(
            f"masking, {names}, {frames}",
            seconds,
            0,
            MAX_SECONDS,
            note="; ".join(
                f"{group} {shares[group]:.4f} (floor {below[group]:.2f}, goal {goal})" for group, goal in GOALS.items()
            ),
            well=all(shares[group] >= goal for group, goal in GOALS.items()),
        )
    sets = {"invented": clean(SEED, COUNT)} | ({"real": real_comments(data)} if data else {})
    for title, texts in sets.items():
        start = time.process_time()
        flags = false_flags(texts, ours)
        yield Measured(
            f"false flags, {title}",
            time.process_time() - start,
            0,
            MAX_SECONDS,
            note=f"{flags:.1f} per 1,000 of {len(texts)} (floor {false_flags(texts, floor):.1f}, goal {MOST_FALSE})",
            well=flags <= MOST_FALSE,
        )


def main(data: Path | None) -> None:
    for names, frames in LISTS:
        cases = planted(SEED, COUNT, names, frames)
        shares, below = recall(cases, ours), recall(cases, floor)
        for group in sorted(shares):
            print(f"{frames:12}{group:22}{shares[group]:8.4f}{below[group]:8.4f}")
    rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for title, texts in {"invented": clean(SEED, COUNT), "real": real_comments(data) if data else []}.items():
        for text in texts:
            for mask in masks_of(text):
                rules[title][f"{mask.kind} by {mask.rule}"] += 1
        print(title, len(texts), f"{false_flags(texts, ours):.1f} per 1,000" if texts else "", dict(rules[title]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
