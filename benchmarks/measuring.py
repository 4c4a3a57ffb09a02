"""What a benchmark measures: seconds of the clock, and the resident memory of a process with all its descendants."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
BETWEEN_LOOKS = 0.1  # seconds


@dataclass(frozen=True)
class Measured:
    """One line of the table. `yardstick` is the time of a bare piece of work done in the same run, None without one."""

    name: str
    seconds: float
    megabytes: int
    limit_seconds: float
    limit_megabytes: int | None = None
    yardstick: float | None = None
    note: str = ""
    well: bool = True

    @property
    def within(self) -> bool:
        in_memory = self.limit_megabytes is None or self.megabytes <= self.limit_megabytes
        return self.well and self.seconds <= self.limit_seconds and in_memory

    @property
    def ratio(self) -> float | None:
        """How many times as long as the yardstick."""
        return self.seconds / self.yardstick if self.yardstick else None


@dataclass(frozen=True)
class Ran:
    seconds: float
    megabytes: int
    exit_code: int
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end and watch it."""
    start = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, megabytes([process.pid]))
            time.sleep(BETWEEN_LOOKS)
        output = process.stdout.read() if process.stdout else ""
    return Ran(time.monotonic() - start, peak, process.returncode, output)


def megabytes(pids: Iterable[int]) -> int:
    """Resident memory of these processes and their descendants (Linux), in MB."""
    total = 0
    for pid in pids:
        try:
            resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += resident // 1_000_000 + megabytes(map(int, children))
    return total
