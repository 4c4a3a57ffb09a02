"""A table of a million rows at the command line: time per row and memory that does not grow.

Runs with `BENCH_ROWS=1000000`; without it a tenth of that, whose limit of seconds is a tenth too.
"""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city import city
from benchmarks.measuring import FLASK, ROOT, Measured, run

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
SECONDS_PER_ROW = 0.002
MAX_MEGABYTES = 300


def measure(data: Path | None) -> Iterator[Measured]:
    with city() as made:
        made.command("surveys", "import", str(ROOT / "surveys" / "samples" / "playgrounds.json"))
        table = made.folder / "rows.csv"
        write(table)
        command = ["surveys", "import-responses", "playgrounds", str(table), "--channel", "import", "--key", "number"]
        ran = run([*FLASK, *command, "--json"], made.environment)
    stored = json.loads(ran.output)["rows"]["stored"] if ran.exit_code == 0 else 0
    yield Measured(
        f"import of {ROWS:,} rows", ran.seconds, ran.megabytes, ROWS * SECONDS_PER_ROW, MAX_MEGABYTES,
        note=f"rows {stored}", well=stored == ROWS,
    )  # fmt: skip


def write(path: Path) -> None:
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("number,age,place,problems,wanted.shade_trees,wanted.water,wanted.rain,recommend,message\n")
        for number in range(ROWS):
            place = chance.choice(["park", "hall", "indoors"])
            message = f"日かげ{number}" if number % 4 == 0 else ""
            cells = [
                number,
                chance.randint(0, 17),
                place,
                "shade;toilet",
                "much",
                "some",
                "no",
                chance.randint(0, 10),
                message,
            ]
            file.write(",".join(map(str, cells)) + "\n")
