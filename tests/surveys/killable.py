"""A server to be killed: `python -m tests.surveys.killable INSTANCE DATABASE_URL`.

Prints its port; then each line on standard input forks a fresh server process and prints its number. The application
is loaded once, and the port stays open between two servers, as behind a proxy that waits.
"""

import os
import signal
import socket
import sys
from pathlib import Path

from waitress import serve

from civic.app import create_app
from civic.config import Mode, Settings
from wsgi import FEATURES


def main(instance: str, database_url: str) -> None:
    settings = Settings(mode=Mode.TEST, instance=Path(instance), database_url=database_url)
    app = create_app(settings, FEATURES)
    for name in app.jinja_env.list_templates(
        filter_func=lambda one: one.startswith(("surveys/", "layouts/", "macros/"))
    ):
        app.jinja_env.get_template(name)  # compiled once here, not again by every process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed are buried by the system
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listening.getsockname()[1], flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            serve(app, sockets=[listening], threads=4)
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
