"""A command, ended by SIGKILL as its n-th statement begins: `python -m tests.killable N GROUP COMMAND …`."""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from civic.app import create_app
from civic.db import db
from wsgi import FEATURES


def main(statement: int, arguments: list[str]) -> None:
    app = create_app(features=FEATURES)
    with app.app_context():
        seen = 0

        def count(*_: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(db.engine, "before_cursor_execute", count)
        result = app.test_cli_runner().invoke(args=arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        print(result.stdout)
        sys.exit(result.exit_code)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
