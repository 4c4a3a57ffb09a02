"""Ballots of eight threads of one worker, grouped; the yardstick is the same with a transaction for each ballot."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.engines import ENGINES, installed
from benchmarks.measuring import Measured, run

BALLOTS: Final = 400
LIMIT: Final = 60  # seconds


def measure(_: Path | None) -> Iterator[Measured]:
    for engine in ENGINES:
        alone, grouped = told(engine, "alone"), told(engine, "grouped")
        yield Measured(
            f"{BALLOTS} grouped, {engine}",
            grouped["seconds"],
            0,
            LIMIT,
            yardstick=alone["seconds"],
            note=f"{words(grouped)}; alone {words(alone)}",
            well=alone["stored"] == grouped["stored"] == BALLOTS,
        )


def told(engine: str, how: str) -> dict[str, Any]:
    with installed(engine) as made:
        command = [sys.executable, "-m", "benchmarks.grouped", str(made.instance), made.url, how, str(BALLOTS)]
        found: dict[str, Any] = json.loads(run(command).output)
    return found


def words(one: dict[str, Any]) -> str:
    each = 1000 * one["cpu"] / one["stored"]
    return f"{one['stored'] / one['seconds']:.0f}/s, {each:.1f} ms of CPU each, {one['busy']} told to come again"
