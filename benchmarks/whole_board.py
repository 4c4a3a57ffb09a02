"""The Python verifier on a whole counted board, two processes: CPU and bytes a ballot, beside the bare multiplications."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nacl import bindings

from benchmarks.ballots import cpu
from benchmarks.boards import BALLOTS, PROCESSES, counted_board
from benchmarks.measuring import Measured, run
from consultations.votes.protocol.group import BASE

MULTIPLICATIONS: Final = 15
"""Of points other than the base, in the check of one ballot of two options (`benchmarks/ballots.py` counts them)."""
LIMIT: Final = 5.0 * BALLOTS / 1000  # seconds of CPU


def measure(_: Path | None) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "board.json")
        file.write_bytes(counted_board(BALLOTS))
        yield verified(file)


def verified(file: Path) -> Measured:
    """The whole check as anybody runs it."""
    scalar = (2**252 - 5).to_bytes(32, "little")
    bare = cpu(lambda: bindings.crypto_scalarmult_ed25519_noclamp(scalar, BASE), 2000) / 2000
    command = [sys.executable, "-m", "consultations.votes.verify", str(file), "--processes", str(PROCESSES), "--json"]
    before, start = of_children(), time.monotonic()
    ran = run(command)
    spent, seconds = of_children() - before, time.monotonic() - start
    each = f"{1000 * spent / BALLOTS:.2f} ms and {file.stat().st_size / BALLOTS:,.0f} bytes a ballot"
    return Measured(
        f"verify {BALLOTS:,} in Python",
        spent,
        ran.megabytes,
        LIMIT,
        yardstick=bare * MULTIPLICATIONS * BALLOTS,
        note=f"{each}; {seconds:.0f} s on the clock in {PROCESSES} processes",
        well=ran.exit_code == 0 and json.loads(ran.output)["valid"],
    )


def of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
