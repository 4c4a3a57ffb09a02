"""The example a reader runs first."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def test_the_example_goes_from_the_first_key_to_the_result() -> None:
    line = [sys.executable, "examples/vote_by_command_line.py", "20"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "voted" in done.stdout
    assert ": the same" in done.stdout
    assert "Not cosigned. The board has been rewritten" in done.stdout
    assert "missing: Next City" in done.stdout


def test_the_example_wants_enough_ballots() -> None:
    line = [sys.executable, "examples/vote_by_command_line.py", "5"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "at least 12" in done.stderr
