"""A small installation of its own: a fresh database, a server, and residents who answer by the web all the while."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.measuring import FLASK, ROOT, megabytes

PORT = 8160
SLUG = "shade"


@dataclass
class City:
    """`environment` names the installation; `answered` and `failed` are known when its residents have stopped."""

    environment: Mapping[str, str]
    folder: Path
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)
    answered: int = 0
    failed: int = 0
    sent_again: int = 0

    @property
    def megabytes(self) -> int:
        return megabytes(process.pid for process in self.processes)

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [*FLASK, *arguments], cwd=ROOT, env={**os.environ, **self.environment},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
        )  # fmt: skip
        return done.stdout


@contextmanager
def installation() -> Iterator[City]:
    """An installation in which nothing is yet."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {"MACHIKOE_MODE": "demo", "MACHIKOE_INSTANCE": f"{folder}/instance", "DATABASE_URL": ""}
        made = City(environment, Path(folder))
        made.command("ops", "init-keys")
        made.command("ops", "migrate")
        yield made


@contextmanager
def city() -> Iterator[City]:
    """An installation with an open survey of one question."""
    with installation() as made:
        opening = [sys.executable, "-m", "benchmarks.opening"]
        subprocess.run(opening, cwd=ROOT, env={**os.environ, **made.environment}, check=True)
        yield made


@contextmanager
def with_residents(made: City, port: int = PORT) -> Iterator[None]:
    """A server on `port`, and a process that answers again and again until the end of the block."""
    environment = {**os.environ, **made.environment}
    serving = [sys.executable, "-m", "waitress", "--listen", f"127.0.0.1:{port}", "--threads", "8", "wsgi:app"]
    server = subprocess.Popen(serving, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, text=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        answering = [sys.executable, "-m", "benchmarks.answering", str(port), SLUG]
        residents = subprocess.Popen(
            answering, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        made.processes += [server, residents]
        yield
        output, _ = residents.communicate("stop\n", timeout=60)
        told = json.loads(output)
        made.answered, made.failed, made.sent_again = told["answered"], told["failed"], told["sent_again"]
    finally:
        for process in made.processes or [server]:
            process.terminate()
            process.wait()


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
