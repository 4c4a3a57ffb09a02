"""What a benchmark measures: seconds of the clock, and the memory of a process with all its descendants."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
BETWEEN_LOOKS = 0.1  # seconds
LOOKING = 10  # as long as a look took it does not look: the pages of large processes are counted slowly


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
            began = time.monotonic()
            peak = max(peak, megabytes([process.pid]))
            looked = time.monotonic() - began
            time.sleep(max(BETWEEN_LOOKS, LOOKING * looked))
        output = process.stdout.read() if process.stdout else ""
    return Ran(time.monotonic() - start, peak, process.returncode, output)


def megabytes(pids: Iterable[int]) -> int:
    """Memory of these processes and their descendants together (Linux), in MB; a page that several share counts once."""
    total = 0
    for pid in pids:
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        total += int(found[1]) * 1024 // 1_000_000 if found else 0
        total += megabytes(map(int, children))
    return total


def own_peak() -> int:
    """The most resident memory this program has had (Linux), in MB: `ru_maxrss` keeps that of the program it replaced."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 // 1_000_000 if found else 0
