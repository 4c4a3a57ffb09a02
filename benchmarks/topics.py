"""`python -m analysis topics` on every free text of the tourism survey, while residents answer by the web."""

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city import city, with_residents
from benchmarks.measuring import Measured, run

COLUMNS = (
    "満足度の理由",
    "満足度(商品・サービス)の理由",
    "不便さの内容",
    "福井県内での交通手段の満足度の理由",
    "推奨項目",
    "施設に求めるもの",
    "福井県に求めるもの",
)
NEEDS_DATA = True
MAX_SECONDS = 60
MAX_MEGABYTES = 2_000


def measure(data: Path) -> Iterator[Measured]:
    files = sorted((data / "fukui-tourism-survey").glob("responses-*.csv"))
    texts = [option for column in COLUMNS for option in ("--text", column)]
    with city() as made:
        command = [sys.executable, "-m", "analysis", "topics", *map(str, files), *texts]
        with with_residents(made):
            ran = run([*command, "--out", f"{made.folder}/topics.json"])
    yield Measured(
        "topics of every free text",
        ran.seconds,
        ran.megabytes,
        MAX_SECONDS,
        MAX_MEGABYTES,
        note=f"exit {ran.exit_code}; web answers {made.answered}, failed {made.failed}, sent again {made.sent_again}",
        well=ran.exit_code == 0 and not made.failed and made.answered > 0,
    )
