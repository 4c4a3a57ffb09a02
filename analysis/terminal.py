"""What every command of `python -m analysis` shares: refusals, files that are whole or absent, progress, and stdout."""

import argparse
import contextlib
import io
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from errno import EACCES
from pathlib import Path
from typing import Any, TextIO, TypeVar

Item = TypeVar("Item")

Progress = Callable[[int, int, str], None]
"""Called with units done, units in all, and the name of the step."""

_BAR = 24
_AT_ONCE = 100
_TELLING = 2.0
"""Seconds after which the pace says something about what remains."""


class Refused(Exception):
    """The input cannot be used; the message says why and what to do. `row` counts data rows from 1."""

    def __init__(self, sentence: str, row: int | None = None, column: str | None = None) -> None:
        super().__init__(sentence)
        self.row = row
        self.column = column

    def problem(self) -> dict[str, Any]:
        """The refusal for a machine, as problem+json (RFC 9457)."""
        error = {"row": self.row, "column": self.column, "detail": str(self)}
        errors = [error] if self.row is not None or self.column is not None else []
        return {"type": "/problems/refused", "title": "Refused", "status": 422, "detail": str(self), "errors": errors}


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    does: Callable[[argparse.Namespace], int],
    help_line: str,
    example: str,
    outputs: Sequence[str],
) -> argparse.ArgumentParser:
    """Add one command. `does` returns the exit code: 0 done, 1 refused with a reason; `outputs` name the options written."""
    command = commands.add_parser(
        name, help=help_line, description=f"{help_line[0].upper()}{help_line[1:]}.", epilog=f"example: {example}"
    )
    command.add_argument("--json", action="store_true", help="results and refusals as JSON on stdout")
    command.set_defaults(run=does, outputs=outputs)
    return command


def refuse_before_work(inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raise Refused for an output that could not be written in the end, so that nobody waits for nothing."""
    read = {os.path.realpath(path) for path in inputs}
    named: set[str] = set()
    for path in outputs:
        if not os.path.isdir(path.parent):
            raise Refused(f"{path} cannot be written: there is no folder {path.parent}.")
        if os.path.isdir(path):
            raise Refused(f"{path} cannot be written: it is a folder.")
        if os.path.realpath(path) in read:
            raise Refused(f"{path} is also read. Give the output another name.")
        if os.path.realpath(path) in named:
            raise Refused(f"{path} is named for two outputs. Give each a name of its own.")
        named.add(os.path.realpath(path))
        _try_to_write(path)


def _try_to_write(path: Path) -> None:
    """Make the file that would take the name, and take it away again: only that tells of full disks and closed folders."""
    with _refusing(path):
        if _is_file_of_its_own(path):
            _write_part(path, _part_of(path), "")
            _part_of(path).unlink()
        elif path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))


def write(path: Path, content: str) -> None:
    """All or nothing: a file beside `path` takes its name when it is complete. Raises Refused."""
    write_all({path: content})


def write_all(contents: Mapping[Path, str]) -> None:
    """Write several files of which none is ever half there; no name is taken before the last one is complete.

    When the first name is taken Ctrl-C comes too late, until `hear_ctrl_c`: all files are there, and the command is done.
    """
    whole = {path: content for path, content in contents.items() if _is_file_of_its_own(path)}
    parts = {path: _part_of(path) for path in whole}
    try:
        for path, content in whole.items():
            _write_part(path, parts[path], content)
        for path in contents.keys() - whole.keys():
            with _refusing(path):
                path.write_text(contents[path], encoding="utf-8", newline="")
        _ignore_ctrl_c()
        for path, part in parts.items():
            with _refusing(path):
                os.replace(part, path)
    finally:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink()


_heard: list[Any] = []
"""What listened to Ctrl-C before it was ignored."""


def _ignore_ctrl_c() -> None:
    if not _heard and threading.current_thread() is threading.main_thread():
        _heard.append(signal.signal(signal.SIGINT, signal.SIG_IGN) or signal.SIG_DFL)


def hear_ctrl_c() -> None:
    """Listen to Ctrl-C: what the start of the program held back, and as before the last `write_all`."""
    while _heard:
        signal.signal(signal.SIGINT, _heard.pop())
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _is_file_of_its_own(path: Path) -> bool:
    """Whether a file may take this name: a device or link is written through, /dev/stdout must stay what it is."""
    return not path.is_symlink() and (path.is_file() or not path.exists())


def _write_part(path: Path, part: Path, content: str) -> None:
    """Comments are personal: the file is for this user until somebody opens it to others."""
    with _refusing(path):
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(content)


@contextlib.contextmanager
def _refusing(path: Path) -> Any:
    try:
        yield
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error


def seed_number(value: str) -> int:
    """A seed as argparse reads one: 0 to 2**32 - 1."""
    number = int(value)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError("must be 0 to 4294967295")
    return number


def put(text: str) -> None:
    """Print `text` on stdout: as UTF-8 into a file or pipe, and never stopped by what a terminal cannot show."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    print(text.rstrip("\n"))


def put_json(value: Any) -> None:
    """Print `value` as JSON on stdout."""
    put(json.dumps(value, ensure_ascii=False, indent=2))


def say(sentence: str) -> None:
    """Say one sentence on stderr, in place of a bar that may stand there."""
    if sys.stderr.isatty():
        sentence = f"\r{sentence:<{_width() - 1}}"
    print(sentence, file=sys.stderr, flush=True)


def progress(as_json: bool = False) -> Progress:
    """A bar for a person at a terminal; JSON lines for a program, which `as_json` asks for at a terminal too."""
    return Bar(sys.stderr) if sys.stderr.isatty() and not as_json else _json_line


def told(items: Collection[Item], step: str, as_json: bool = False) -> Iterator[Item]:
    """The items, with a line of progress for each hundred."""
    tell = progress(as_json)
    for number, item in enumerate(items):
        if number % _AT_ONCE == 0:
            tell(number, len(items), step)
        yield item
    if items:
        tell(len(items), len(items), step)


def _json_line(done: int, total: int, step: str) -> None:
    print(json.dumps({"done": done, "total": total, "step": step}), file=sys.stderr, flush=True)


class Bar:
    """One line that fills up and says how long it will take. `now` gives seconds and never goes back."""

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._now, self._start = stream, now, now()

    def __call__(self, done: int, total: int, step: str) -> None:
        share = done / max(total, 1)
        filled = round(share * _BAR)
        line = f"[{'#' * filled}{'.' * (_BAR - filled)}] {int(share * 100):3d} %  {self._remaining(share)}{step}"
        self._stream.write("\r" + line[: _width() - 1].ljust(_width() - 1) + ("\n" if done == total else ""))
        self._stream.flush()

    def _remaining(self, share: float) -> str:
        elapsed = self._now() - self._start
        if not 0 < share < 1 or elapsed < _TELLING:
            return ""
        seconds = elapsed * (1 - share) / share
        return f"about {_rounded(seconds)} left  "


def _rounded(seconds: float) -> str:
    """A length of time no more exact than a forecast is: 5 s steps, whole minutes from two on."""
    if seconds >= 120:
        return f"{round(seconds / 60)} min"
    return f"{max(5, round(seconds / 5) * 5)} s"


def _width() -> int:
    return shutil.get_terminal_size().columns
