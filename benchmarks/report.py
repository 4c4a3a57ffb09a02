"""A published report on the tourism survey's inconveniences: made and read, while residents answer another survey."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from benchmarks.city import PORT, city, with_residents
from benchmarks.import_responses import SAMPLE as QUESTIONNAIRE
from benchmarks.import_responses import SLUG, imported
from benchmarks.measuring import Measured, run

NEEDS_DATA = True
QUESTION = "inconvenience_detail"
REPORT = "inconveniences"
MAX_SECONDS = 60
MAX_MEGABYTES = 2_000
READINGS = 50
MAX_READING_SECONDS = 15  # for all readings, beside the residents who answer


def measure(data: Path) -> Iterator[Measured]:
    files = sorted((data / "fukui-tourism-survey").glob("responses-*.csv"))
    with city() as made:
        made.command("surveys", "import", str(QUESTIONNAIRE / "questionnaire.json"))
        for file in files:
            imported(made, file)
        with with_residents(made):
            ran = run([sys.executable, "-m", "benchmarks.reporting", SLUG, QUESTION, REPORT], made.environment)
            frame = seconds_of("/help")
            read = seconds_of(f"/reports/{REPORT}")
            serving = made.megabytes
    told = json.loads(ran.output) if ran.exit_code == 0 else {}
    web = f"web answers {made.answered}, failed {made.failed}, sent again {made.sent_again}"
    well = ran.exit_code == 0 and not made.failed and made.answered > 0
    yield Measured(
        "report analysed, published",
        ran.seconds,
        ran.megabytes,
        MAX_SECONDS,
        MAX_MEGABYTES,
        note=f"{told}; {web}",
        well=well,
    )
    yield Measured(
        f"report read {READINGS} times",
        read,
        serving,
        MAX_READING_SECONDS,
        yardstick=frame,
        note="bare: the page of help",
        well=well,
    )


def seconds_of(address: str) -> float:
    """Seconds to read a page again and again. Raises HTTPError unless it is there."""
    start = time.monotonic()
    for _ in range(READINGS):
        with urlopen(f"http://127.0.0.1:{PORT}{address}", timeout=30) as answer:
            answer.read()
    return time.monotonic() - start
