"""`python -m civic.ops.serving`: the demo city of `make run`. The server is the parent, the job runner its child.

It listens on loopback only. One SIGTERM or Ctrl-C ends all; when this process is killed, the runner sees its standard
input close and ends too.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pyotp
from waitress import create_server
from werkzeug.utils import import_string

from civic.config import Mode, Settings
from civic.ops.keymark import make_keys

HOST: Final = "127.0.0.1"
LIMITS: Final = {
    "threads": 8,
    "connection_limit": 1000,
    "channel_timeout": 15,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,  # without it 1,100 connections end the server: filedescriptor out of range in select()
    "max_request_body_size": 60_000_000,
    "ident": None,
}
FLASK: Final = [sys.executable, "-m", "flask", "--app", "wsgi"]


def main() -> None:
    """Set up, serve, and take the runner along at the end."""
    port = Settings.from_environment().port
    os.environ.setdefault("BASE_URL", f"http://{HOST}:{port}")
    settings = Settings.from_environment()
    if settings.mode is not Mode.DEMO:
        sys.exit("This serves the demo city only: set MACHIKOE_MODE=demo, or see deploy/ for production.")
    make_keys(settings)
    document = prepare(settings)
    app = import_string("wsgi:app")  # it reads keys and environment, which are ready only now

    try:
        server = create_server(app, host=HOST, port=port, **LIMITS)
    except OSError as error:
        sys.exit(f"Port {port} cannot be used: {error.strerror}. Try make run PORT={port + 1}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, interrupt)
    runner = RunnerProcess()
    try:
        print(welcome(settings.base_url, document), flush=True)
        server.run()
    finally:
        runner.stop()


def interrupt(number: int, frame: FrameType | None) -> None:
    """End as at Ctrl-C: the server leaves its loop and its threads finish what they do. Once is enough."""
    for repeated in (signal.SIGTERM, signal.SIGINT):
        signal.signal(repeated, signal.SIG_IGN)
    raise KeyboardInterrupt


def flask(*command: str, environment: Mapping[str, str] = os.environ) -> str:
    """What a command prints on stdout; its progress and its refusals are seen as they come."""
    done = subprocess.run([*FLASK, *command], stdout=subprocess.PIPE, env=environment, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def prepare(settings: Settings) -> Mapping[str, Any]:
    """Migrate and seed. A first SQLite database is built beside its place, so that an interrupted one starts anew."""
    place = settings.instance / "machikoe.db"
    if settings.database_url or place.exists():
        found: Mapping[str, Any] = json.loads(flask("ops", "prepare"))
        return found
    print("Making the demo city. This is done once ...", flush=True)
    settings.instance.mkdir(parents=True, exist_ok=True)
    building = place.with_name("machikoe.db.building").absolute()
    for ending in ("", "-wal", "-shm"):
        Path(f"{building}{ending}").unlink(missing_ok=True)
    made: Mapping[str, Any] = json.loads(
        flask("ops", "prepare", environment=os.environ | {"DATABASE_URL": f"sqlite:///{building}"})
    )
    settle(building)
    building.rename(place)
    return made


def settle(database: Path) -> None:
    """Bring into a SQLite file what still waits beside it, so that the file alone can be moved."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class RunnerProcess:
    """The job runner, started again should it end by itself."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.changing = threading.Lock()  # between its end being wanted and a new one being started
        self.process = self.start()
        threading.Thread(target=self.watch, daemon=True, name="runner-watch").start()

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*FLASK, "jobs", "run", "--lifeline"], stdin=subprocess.PIPE)

    def watch(self) -> None:
        while True:
            self.process.wait()
            self.stopping.wait(1)
            with self.changing:
                if self.stopping.is_set():
                    return
                self.process = self.start()

    def stop(self) -> None:
        """End the runner and wait for it; it gives back what it was doing."""
        with self.changing:
            self.stopping.set()
        self.process.terminate()
        self.process.wait()


def welcome(base_url: str, document: Mapping[str, Any]) -> str:
    """Addresses and sign-ins, with codes that are good for the next half minute."""
    lines = [
        "",
        f"  Machikoe is open at    {base_url}/",
        f"  sign in                {base_url}/sign-in",
        f"  mail of the demo city  {base_url}/staff/outbox",
        "",
        f"  {'role':12} {'login':26} {'password':24} code now",
    ]
    for one in document["accounts"]:
        secret = one.get("totp_secret")
        code = pyotp.TOTP(secret).now() if secret else ""
        lines.append(f"  {one['role']:12} {one['login']:26} {one['password']:24} {code}")
    return "\n".join(
        [*lines, "", "  A later code: .venv/bin/flask --app wsgi identity totp LOGIN", "  Ctrl-C ends it.", ""]
    )


if __name__ == "__main__":
    main()
