"""A test whose worker is lost is begun once more, and named; one that hangs twice has failed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import hanging

STORY = """
import time
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range(6))
def test_a(number):
    seen = Path(__file__).with_name("seen")
    if number == {hangs} and len(seen.read_text() if seen.exists() else "") < {times}:
        seen.open("a").write("x")
        time.sleep(60)
"""


def told(folder: Path, hangs: int, times: int) -> tuple[int, str]:
    """Exit status and output of a run of six tests by two workers, one of which hangs so many times."""
    shutil.copyfile(hanging.__file__, folder / "conftest.py")
    (folder / "test_story.py").write_text(STORY.format(hangs=hangs, times=times))
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(folder), str(folder), "-n", "2"]
    options = ["--dist", "load", "-o", "faulthandler_timeout=2", "-o", "faulthandler_exit_on_timeout=true"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("hangs", [1, 5])
def test_a_test_that_hangs_once_is_begun_again_and_named(tmp_path: Path, hangs: int) -> None:
    code, output = told(tmp_path, hangs, 1)
    assert code == 0, output
    assert f"its worker was lost 1 times: test_story.py::test_a[{hangs}]" in output
    assert "6 passed" in output
    assert "test_story.py" in output.partition("Timeout (")[2]  # where it stood


def test_a_test_that_hangs_twice_has_failed(tmp_path: Path) -> None:
    code, output = told(tmp_path, 3, 2)
    assert code == 1
    assert "5 passed" in output
    assert "lost 2 times" in output
