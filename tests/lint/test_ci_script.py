"""The one script of the checks: what an empty machine lacks is installed before anything is made."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "run"
BASICS = ("bash", "dirname", "id", "ls", "grep", "env", "cat")


def tool(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("python", "has_make", "wanted", "not_wanted"),
    [
        ("exit 1", False, {"belenios-tool", "make", "python3-venv"}, {"python3"}),
        ("exit 0", True, set(), {"make", "python3", "python3-venv"}),
        (None, True, {"python3", "python3-venv"}, {"make"}),
    ],
)
def test_what_is_missing_is_installed(
    tmp_path: Path, python: str | None, has_make: bool, wanted: set[str], not_wanted: set[str]
) -> None:
    for name in BASICS:
        found = subprocess.run(["sh", "-c", f"command -v {name}"], capture_output=True, text=True).stdout.strip()
        os.symlink(found, tmp_path / name)
    for name in ("apt-get", "sudo"):
        tool(tmp_path, name, f'echo "$@" >> {tmp_path}/asked; true')
    tool(tmp_path, "fc-list", "true")  # no Japanese font: there is always something to install
    if python is not None:
        tool(tmp_path, "python3", python)
    if has_make:
        tool(tmp_path, "make", "true")
    subprocess.run([SCRIPT], env={"PATH": str(tmp_path)}, capture_output=True)
    asked = set((tmp_path / "asked").read_text().split())
    assert wanted <= asked
    assert not not_wanted & asked
