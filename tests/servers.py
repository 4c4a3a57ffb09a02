"""Programs some tests need: where they are, and what to install where they are not."""

import glob
import os
import shutil
from functools import cache

import pytest

REQUIRED = os.environ.get("REQUIRE_ALL") == "1"


@cache
def chromium() -> str | None:
    """The system's Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@cache
def pg_ctl() -> str | None:
    """PostgreSQL's server control program; Debian keeps it outside PATH, in a folder per version."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"), key=lambda path: int(path.split("/")[4]))
    return found[-1] if found else shutil.which("pg_ctl")


@cache
def belenios_tool() -> str | None:
    """Belenios' command line, as Debian packages it."""
    return shutil.which("belenios-tool")


def missing() -> list[str]:
    """`browser (no chromium)` and the like, for the last line of a run."""
    absent = []
    if chromium() is None:
        absent.append("browser (no chromium)")
    if pg_ctl() is None:
        absent.append("postgres (no server)")
    if belenios_tool() is None:
        absent.append("votes by Belenios (no belenios-tool)")
    return absent


def need(program: str | None, package: str) -> str:
    """The program's path; without it the test is skipped, naming the package, or fails with `REQUIRE_ALL=1`."""
    if program is not None:
        return program
    if REQUIRED:
        pytest.fail(f"REQUIRE_ALL=1 and no {package}: install the package {package}")
    pytest.skip(f"needs the package {package}")
