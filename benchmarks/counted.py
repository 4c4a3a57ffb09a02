"""One counting method on a made election of full size: `python -m benchmarks.counted METHOD [FILE]`.

Prints seconds of the count, of one bare pass over the same ballots, and what came out, as JSON.
"""

import csv
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

from consultations.votes.counting.equal_shares import equal_shares
from consultations.votes.counting.meek import meek
from consultations.votes.counting.schulze import schulze
from consultations.votes.counting.wigm import wigm

SEED = "20261129"
BALLOTS = 100_000
SEATS = 6
PROJECTS, VOTERS, BUDGET = 64, 6_586, 1_000_000
"""The size of Wieliczka's green budget of 2023."""


def rankings(options: int, shortest: int) -> tuple[list[str], list[tuple[tuple[str, ...], int]]]:
    """`BALLOTS` rankings, the options liked the more the lower their number, of any length from `shortest`."""
    chance = random.Random(SEED)
    codes = [f"o{number:02}" for number in range(1, options + 1)]
    cast = []
    for _ in range(BALLOTS):
        order = sorted(codes, key=lambda code: chance.random() * (1 + int(code[1:]) / options))
        cast.append((tuple(order[: chance.randint(shortest, options)]), 1))
    return codes, cast


def city() -> tuple[dict[str, int], list[tuple[frozenset[str], int]], int]:
    """Projects that cost four times the budget, and ballots that approve of one to eight."""
    chance = random.Random(SEED)
    costs = {f"p{number:02}": 600 + chance.randrange(1, 200) * 600 for number in range(1, PROJECTS + 1)}
    liked = [1 / (1 + number) for number in range(PROJECTS)]
    cast = [(frozenset(chance.choices(list(costs), liked, k=chance.randint(1, 8))), 1) for _ in range(VOTERS)]
    return costs, cast, BUDGET


def pabulib(path: Path) -> tuple[dict[str, int], list[tuple[frozenset[str], int]], int, set[str]]:
    """Costs, ballots, budget and the projects marked as selected, of a file of pabulib with approvals."""
    parts: dict[str, list[dict[str, str]]] = {}
    rows: list[dict[str, str]] = []
    head: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if row and row[0] in ("META", "PROJECTS", "VOTES"):
                rows = parts.setdefault(row[0], [])
                head = []
            elif row and not head:
                head = row
            elif row:
                rows.append(dict(zip(head, row, strict=False)))
    costs = {row["project_id"]: int(row["cost"]) for row in parts["PROJECTS"]}
    selected = {row["project_id"] for row in parts["PROJECTS"] if row["selected"] == "1"}
    budget = next(int(row["value"]) for row in parts["META"] if row["key"] == "budget")
    folded = Counter(frozenset(row["vote"].split(",")) for row in parts["VOTES"])
    return costs, list(folded.items()), budget, selected


def timed(method: str, path: Path | None) -> dict[str, object]:
    selected: set[str] | None = None
    if method == "schulze":
        codes, cast = rankings(100, 100)
    elif method == "equal_shares":
        costs, sets, budget, *marked = pabulib(path) if path else city()
        selected = marked[0] if marked else None
        cast = [(tuple(chosen), times) for chosen, times in sets]
    else:
        codes, cast = rankings(20, 1)
    start = time.perf_counter()
    passed: Counter[str] = Counter()
    for ballot, times in cast:
        for code in ballot:
            passed[code] += times
    bare = time.perf_counter() - start
    start = time.perf_counter()
    if method == "equal_shares":
        shared = equal_shares(cast, costs, budget=budget, seed=SEED)
        won, note = set(shared.bought), f"{len(shared.bought)} projects, {shared.spent:,} spent, {shared.runs} runs"
    elif method == "schulze":
        beaten = schulze(cast, codes, seed=SEED)
        won, note = set(beaten.elected), f"{len(cast):,} rankings of {len(codes)}"
    else:
        counted = (wigm if method == "wigm" else meek)(cast, codes, seats=SEATS, seed=SEED)
        won, note = set(counted.elected), f"{len(cast):,} rankings of {len(codes)}, {len(counted.stages)} stages"
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "bare": bare, "note": note, "well": selected is None or won == selected}


if __name__ == "__main__":
    print(json.dumps(timed(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)))
