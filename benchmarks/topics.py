"""Seconds and peak memory (all processes) of `python -m analysis topics` on every free text of the tourism survey.

python -m benchmarks.topics DATA
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = (
    "満足度の理由",
    "満足度(商品・サービス)の理由",
    "不便さの内容",
    "福井県内での交通手段の満足度の理由",
    "推奨項目",
    "施設に求めるもの",
    "福井県に求めるもの",
)
MAX_SECONDS = 60
MAX_MEGABYTES = 2_000


def main(data: Path) -> int:
    """Print one line; 1 when a limit is broken."""
    files = sorted((data / "fukui-tourism-survey").glob("responses-*.csv"))
    texts = [option for column in COLUMNS for option in ("--text", column)]
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "analysis",
            "topics",
            *map(str, files),
            *texts,
            "--out",
            f"{folder}/topics.json",
        ]
        start = time.monotonic()
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            peak = 0
            while process.poll() is None:
                peak = max(peak, _megabytes(process.pid))
                time.sleep(0.1)
        seconds = time.monotonic() - start
    print(
        f"topics: {seconds:.1f} s (limit {MAX_SECONDS}), {peak} MB at most (limit {MAX_MEGABYTES}), exit {process.returncode}"
    )
    return int(process.returncode != 0 or seconds > MAX_SECONDS or peak > MAX_MEGABYTES)


def _megabytes(pid: int) -> int:
    """Resident memory of a process and its descendants (Linux)."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4 // 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return resident + sum(_megabytes(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
