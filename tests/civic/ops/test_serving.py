"""`make run` as a newcomer meets it: one process to start, one signal to end, nothing changed by a second start."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.civic.jobs.test_kills import alive, wait_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(instance: Path, port: int) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BASE_URL"}}
    return clean | {"MACHIKOE_MODE": "demo", "MACHIKOE_INSTANCE": str(instance), "PORT": str(port)}


@contextmanager
def city(instance: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """The demo city, once it answers; killed at the end if it still runs."""
    log = (instance.parent / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "civic.ops.serving"], env=environment(instance, port), stdout=log, text=True
    )
    try:
        wait_for(lambda: answers(port), 300)
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def runner_of(process: "subprocess.Popen[str]") -> int:
    """The process id of the job runner."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and parent_of(entry) == process.pid and b"jobs" in (entry / "cmdline").read_bytes()
        ]
        return bool(found)

    wait_for(look, 30)
    return found[0]


def parent_of(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one city that all stories here share: the first start is long."""
    return tmp_path_factory.mktemp("city") / "instance"


def test_it_starts_tells_where_it_is_and_ends_at_one_signal(instance: Path) -> None:
    port = free_port()
    with city(instance, port) as process:
        runner = runner_of(process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not alive(runner)
    said = (instance.parent / "log").read_text()
    assert f"http://127.0.0.1:{port}/" in said
    assert not list(instance.glob("*.building*"))


def test_a_second_start_changes_no_seeded_row(instance: Path) -> None:
    def seeded() -> str:
        seed = [sys.executable, "-m", "flask", "--app", "wsgi", "ops", "seed", "--profile", "demo", "--json"]
        return subprocess.run(
            seed, env=environment(instance, 0) | {"PORT": "8139"}, capture_output=True, text=True
        ).stdout

    with city(instance, free_port()):
        before = seeded()
    assert '"accounts"' in before
    with city(instance, free_port()):
        pass
    assert seeded() == before


def test_a_killed_server_takes_its_runner_along(instance: Path) -> None:
    with city(instance, free_port()) as process:
        runner = runner_of(process)
        process.kill()
        process.wait()
        wait_for(lambda: not alive(runner), 20)


def test_a_killed_runner_is_started_again(instance: Path) -> None:
    with city(instance, free_port()) as process:
        first = runner_of(process)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: not alive(first))
        assert runner_of(process) != first


def test_a_port_in_use_is_said_in_a_sentence(instance: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        start = [sys.executable, "-m", "civic.ops.serving"]
        refused = subprocess.run(start, env=environment(instance, port), capture_output=True, text=True)
    assert refused.returncode == 1
    assert f"Port {port} cannot be used" in refused.stderr


def test_production_is_not_served_this_way(instance: Path) -> None:
    start = [sys.executable, "-m", "civic.ops.serving"]
    production = environment(instance, 8139) | {"MACHIKOE_MODE": "production"}
    refused = subprocess.run(start, env=production, capture_output=True, text=True)
    assert (refused.returncode, "demo city only" in refused.stderr) == (1, True)
