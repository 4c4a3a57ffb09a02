"""The production server before a vote, and voters who walk through its pages over HTTP."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from benchmarks.answering import HIDDEN, Browser
from benchmarks.city import wait_for
from benchmarks.engines import Installation
from benchmarks.measuring import ROOT

UNIT: Final = ROOT / "deploy" / "machikoe-web.service"
BORN: Final = {"birth_date.year": "1980", "birth_date.month": "1", "birth_date.day": "1"}


@dataclass(frozen=True)
class Served:
    """gunicorn as the unit starts it. `pid` is the parent of the workers."""

    port: int
    pid: int

    @property
    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    @property
    def cpu(self) -> float:
        """CPU seconds of the workers so far."""
        fields = [Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split() for pid in self.workers]
        return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(made: Installation, app: str = "wsgi:app", workers: int = 2) -> Iterator[Served]:
    """A running server; ended with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (command,) = [line for line in UNIT.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
    options = shlex.split(command)[1:-1]
    options[options.index("--bind") + 1] = f"127.0.0.1:{port}"
    options[options.index("-w") + 1] = str(workers)
    environment = os.environ | made.environment | {"BASE_URL": f"http://127.0.0.1:{port}"}
    with (made.instance / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, app], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield Served(port, server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


class Voter(Browser):
    """One voter's browser, from the posted code to the receipt."""

    def __init__(self, port: int, slug: str, code: str) -> None:
        super().__init__(port)
        self.booth = f"/votes/{slug}/cast"
        self.code = code
        self.receipt = f"/votes/{slug}/receipt"

    def call(self, port: int) -> None:
        """Another server, which knows the same cookies."""
        self.connection.close()
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.again = 0

    def enter(self) -> None:
        """Show the code; the booth's page comes next."""
        _, address, _ = self.ask("GET", self.booth)
        page = self.ask("GET", address)[2]
        status, location, page = self.ask("POST", address, hidden(page) | BORN | {"code": self.code})
        if (status, location) != (303, self.booth):
            raise RuntimeError(f"{status} {location} {page[:2000]}")

    def choose(self, **choice: str) -> dict[str, str]:
        """Look at the review page; what stands in its form."""
        page = self.ask("GET", self.booth)[2]
        page = self.ask("POST", self.booth, hidden(page) | choice)[2]
        return hidden(page)

    def cast(self, review: dict[str, str]) -> bool:
        """Whether the ballot was taken."""
        status, location, _ = self.ask("POST", self.booth, review | {"act": "cast"})
        return (status, location) == (303, self.receipt)


def hidden(page: str) -> dict[str, str]:
    """The form's hidden fields."""
    return dict(HIDDEN.findall(page))
