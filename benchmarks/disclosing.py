"""Disclosure control: nothing to work out in 1,000 made releases, little more lost than must be, and soon done.

Seconds are of the processor. `python -m benchmarks.disclosing N` audits N releases alone (a second argument: from which).
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import combinations
from math import log2
from pathlib import Path

from analysis.disclosure import FrequencyTable, Policy, ReleasedTable, release
from analysis.disclosure_audit import audit
from analysis.disclosure_files import release_to_json
from analysis.inference import Axis
from benchmarks.measuring import Measured
from tests.factories.surveyed import Person, counted, made_axes, made_people, made_shapes

RELEASES = 1_000
TABLES = 20
SMALL_CASES = 25
MOST_LOST = 1.15
SECONDS = 0.5  # for the optimiser, in each of the made releases


def measure(_data: Path | None) -> Iterator[Measured]:
    yield twenty_large_tables()
    yield small_cases()
    yield made_releases(range(RELEASES))


def made_releases(seeds: range) -> Measured:
    """Releases of 20 linked tables, every third followed by another of more people; the auditor attacks all."""
    start, leaks, asked, hidden, printed = time.process_time(), 0, 0, 0, 0
    for seed in seeds:
        releases, policy = made_release(seed)
        found = audit([release_to_json(one, (), policy, one[0].base) for one in releases])
        leaks += len(found.findings)
        asked += found.asked
        cells = [cell for one in releases for table in one for cell in table.cells.values()]
        hidden += sum(cell.suppressed for cell in cells)
        printed += len(cells)
        if found.findings:
            print(seed, [one.sentence for one in found.findings[:3]], file=sys.stderr)
    note = f"{leaks} recoverable of {asked} asked; {hidden / printed:.0%} of the numbers hidden"
    seconds = time.process_time() - start
    return Measured(f"{len(seeds)} releases audited", seconds, megabytes(), 10 * len(seeds), note=note, well=not leaks)


def made_release(seed: int) -> tuple[list[list[ReleasedTable]], Policy]:
    chance = random.Random(seed)
    axes = made_axes(chance, 4)
    shapes = made_shapes(chance, axes, TABLES)
    policy = Policy(rounding=chance.choice((1, 1, 1, 5)), protect_unanswered=chance.random() < 0.2)
    people = made_people(chance, axes, chance.choice((80, 200, 500, 1_200)))
    releases = [release(counted(people, shapes), (), policy, SECONDS)]
    if seed % 3 == 0:
        people += made_people(chance, axes, len(people) // 2 + 10)
        releases.append(release(counted(people, shapes), releases[0], policy, SECONDS))
    return releases, policy


def small_cases() -> Measured:
    """What is lost beside the optimum, which is looked for without a time limit."""
    start, ratios = time.process_time(), []
    for seed in range(SMALL_CASES):
        chance = random.Random(seed)
        axes = made_axes(chance, 2)[1:3]
        tables = counted(
            made_people(chance, axes, chance.choice((40, 80, 150))), [*((one,) for one in axes), tuple(axes)]
        )
        ours, best = (lost(tables, release(tables, seconds=seconds)) for seconds in (10.0, None))
        ratios.append(ours / best if best else 1.0)
    worst, mean = max(ratios), sum(ratios) / len(ratios)
    note = f"{mean:.3f} times the optimum, at worst {worst:.3f}; limit {MOST_LOST}"
    seconds = time.process_time() - start
    return Measured("information lost, small", seconds, megabytes(), 60, note=note, well=worst <= MOST_LOST)


def lost(tables: list[FrequencyTable], shown: list[ReleasedTable]) -> float:
    """Bits of the hidden counts, four times for each total: what the optimiser is told to spare."""
    found: dict[frozenset[tuple[str, str | None]], float] = {}
    for table, after in zip(tables, shown, strict=True):
        for place, count in table.counts.items():
            if after.cells[place].suppressed:
                name = frozenset(zip((axis.variable for axis in table.axes), place, strict=True))
                found[name] = log2(2 + (count or 5)) * 4.0 ** place.count(None)
    return sum(found.values())


def twenty_large_tables() -> Measured:
    """20 cross-tabs of 10 × 8 over 1,500 people; the yardstick is one bare count of the same tables."""
    chance = random.Random(1)
    axes = [Axis(f"q{number}", tuple(f"a{one}" for one in range((10, 8)[number % 2]))) for number in range(9)]
    pairs = [pair for pair in combinations(axes, 2) if len(pair[0].categories) != len(pair[1].categories)][:TABLES]
    people: list[Person] = made_people(chance, axes, 1_500)
    began = time.process_time()
    tables = counted(people, pairs)
    bare = time.process_time() - began
    began = time.process_time()
    shown = release(tables)
    seconds = time.process_time() - began
    began = time.process_time()
    found = audit([release_to_json(shown, (), Policy(), shown[0].base)])
    audited = time.process_time() - began
    hidden = sum(cell.suppressed for table in shown for cell in table.cells.values())
    note = f"{hidden} hidden; audit {audited:.1f} s, {len(found.findings)} recoverable of {found.asked}"
    return Measured("20 tables of 10 × 8", seconds, megabytes(), 2, yardstick=bare, note=note, well=not found.findings)


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000


if __name__ == "__main__":
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(made_releases(range(first, first + int(sys.argv[1]))))
