"""A private PostgreSQL cluster per test worker, owned by an unprivileged user even when the suite runs as root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_USER = "postgres"


@dataclass(frozen=True)
class Cluster:
    """A running server reached by a socket in `folder`; a socket path holds at most 107 bytes, so it is short."""

    folder: Path
    bin: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SERVER_USER}@/{database}?host={self.folder}"

    def sql(self, statement: str) -> None:
        """Run one statement as the server's owner, outside any transaction."""
        run([str(self.bin / "psql"), "-qXh", str(self.folder), "-U", SERVER_USER, "-d", "postgres", "-c", statement])


def as_owner(command: Sequence[str]) -> list[str]:
    """`command`, run as the unprivileged owner when we are root (the server refuses root)."""
    return ["runuser", "-u", SERVER_USER, "--", *command] if os.geteuid() == 0 else list(command)


def run(command: Sequence[str]) -> None:
    subprocess.run(as_owner(command), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@contextmanager
def cluster(pg_ctl: str, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster and end it, with its files. `durable` keeps fsync on, for tests that kill it."""
    folder = Path(tempfile.mkdtemp(prefix="mkpg", dir="/tmp"))  # short: a socket path is limited
    if os.geteuid() == 0:
        owner = pwd.getpwnam(SERVER_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = Cluster(folder, Path(pg_ctl).parent)
    data = str(folder / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=100"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off"
    try:
        initdb = [str(server.bin / "initdb"), "-D", data, "-U", SERVER_USER, "-A", "trust", "-E", "UTF8"]
        run([*initdb, "--locale=C.UTF-8", "--no-sync"])
        run([pg_ctl, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start"])
        yield server
        run([pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
