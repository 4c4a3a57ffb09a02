"""The counting methods on elections of full size; the yardstick is one bare pass over the same ballots.

With `--data`, equal shares also counts the city of Wieliczka's ballots of 2023 (`pabulib/` there, a file of pabulib.org) and
is well only when exactly the projects are bought that the city announced.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, run

MAX_MEGABYTES = 700
LIMITS = {
    "schulze": ("Schulze, 100 × 100,000", 40),
    "wigm": ("STV by WIGM, 20 × 100,000", 15),
    "meek": ("STV by Meek, 20 × 100,000", 30),
    "equal_shares": ("equal shares, a made city", 30),
}
WIELICZKA = Path("pabulib") / "poland_wieliczka_2023_green-budget.pb"


def measure(data: Path | None) -> Iterator[Measured]:
    for method, (name, seconds) in LIMITS.items():
        yield counted(name, seconds, method)
    if data is not None and (data / WIELICZKA).exists():
        yield counted("equal shares, Wieliczka 2023", LIMITS["equal_shares"][1], "equal_shares", str(data / WIELICZKA))


def counted(name: str, seconds: float, *arguments: str) -> Measured:
    """One method in a process of its own; what it takes to make the ballots is in its memory, not in its seconds."""
    ran = run([sys.executable, "-m", "benchmarks.counted", *arguments])
    told = json.loads(ran.output) if ran.exit_code == 0 else {"seconds": ran.seconds, "note": "failed", "well": False}
    return Measured(
        name,
        told["seconds"],
        ran.megabytes,
        seconds,
        MAX_MEGABYTES,
        yardstick=told.get("bare"),
        note=told["note"],
        well=told["well"],
    )
