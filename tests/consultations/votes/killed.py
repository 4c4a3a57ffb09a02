"""A command of the programs off the server, ended by SIGKILL before its n-th act upon files.

`python -m tests.consultations.votes.killed N trustee|witness COMMAND …`: acts are the system calls of `offline/files.py`.
"""

import importlib
import os
import signal
import sys
from types import FrameType
from typing import Any

from consultations.votes.offline import files
from consultations.votes.trustee import keyfile


def main(acts: int, program: str, arguments: list[str]) -> int:
    keyfile.COST = keyfile.PRACTICE
    run = importlib.import_module(f"consultations.votes.{program}.__main__").main
    seen = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal seen
        if event == "c_call" and frame.f_code.co_filename == files.__file__:
            seen += 1
            if seen == acts:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    return int(run(arguments))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
