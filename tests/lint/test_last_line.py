"""What a run of the tests says at its end on a machine that lacks a server."""

import glob
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = "/usr/lib/postgresql/*/bin/pg_ctl"  # outside PATH


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_the_last_line_names_what_was_skipped(workers: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/civic/test_characters.py", *workers],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": ""},
    )
    assert done.returncode == 0, done.stdout
    expected = ["browser (no chromium)"] + ([] if glob.glob(DEBIAN) else ["postgres (no server)"])
    expected += ["votes by Belenios (no belenios-tool)"]
    lines = done.stdout.rstrip().splitlines()
    assert lines[-1] == "skipped: " + ", ".join(expected)
    assert done.stdout.count("skipped: ") == 1
