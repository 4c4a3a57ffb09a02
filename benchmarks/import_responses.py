"""The import of both months of the tourism survey, while residents answer another survey by the web."""

import csv
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city import City, city, with_residents
from benchmarks.measuring import FLASK, ROOT, Measured, run

NEEDS_DATA = True
MAX_SECONDS = 60
SAMPLE = ROOT / "surveys" / "samples" / "fukui-tourism"
SLUG = "fukui-tourism"


def measure(data: Path) -> Iterator[Measured]:
    files = sorted((data / "fukui-tourism-survey").glob("responses-*.csv"))
    with city() as made:
        made.command("surveys", "import", str(SAMPLE / "questionnaire.json"))
        yardstick = bare(files, made.folder / "bare.db")
        with with_residents(made):
            first = [imported(made, file) for file in files]
            beside = made.megabytes
            second = [imported(made, file) for file in files]
        recounted = json.loads(made.command("ops", "recount", "--json"))
    stored = [one["rows"]["stored"] for _, _, one in first]
    again = sum(one["rows"]["stored"] for _, _, one in second)
    well = not (made.failed or again or recounted["mismatches"]) and made.answered > 0
    yield Measured(
        f"import of {len(files)} months",
        sum(seconds for seconds, _, _ in first),
        max(peak for _, peak, _ in first) + beside,
        MAX_SECONDS,
        yardstick=yardstick,
        note=f"rows {stored}, second run {again}; web answers {made.answered}, failed {made.failed}, sent again {made.sent_again}",
        well=well,
    )


def imported(made: City, file: Path) -> tuple[float, int, dict[str, dict[str, int]]]:
    """Seconds, MB and counts of one import."""
    options = ["--channel", "web", "--map", str(SAMPLE / "columns.json"), "--json"]
    ran = run([*FLASK, "surveys", "import-responses", SLUG, str(file), *options], made.environment)
    if ran.exit_code:
        raise RuntimeError(ran.output)
    return ran.seconds, ran.megabytes, json.loads(ran.output)


def bare(files: list[Path], target: Path) -> float:
    """Seconds to read the files and to insert each row as one text, with nothing understood: the yardstick."""
    start = time.monotonic()
    with sqlite3.connect(target) as connection:
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, cells TEXT)")
        for file in files:
            with file.open(encoding="utf-8-sig", newline="") as source:
                rows = ((json.dumps(row, ensure_ascii=False),) for row in csv.reader(source))
                connection.executemany("INSERT INTO row (cells) VALUES (?)", rows)
    connection.close()
    return time.monotonic() - start
