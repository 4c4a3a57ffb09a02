"""The command: `python -m consultations.votes.verify BOARD.json`, or `python verify.pyz BOARD.json`."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from io import TextIOWrapper
from pathlib import Path

from .board import check_board
from .canonical import LARGEST_FILE
from .group import fit
from .kept import KeptFile
from .report import as_data, as_text
from .words import LABELS, LANGUAGES, say

VALID, NOT_VALID, MISUSE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """0 valid, 1 not valid, 2 nothing could be checked (wrong options, unreadable file, unfit PyNaCl)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    if not fit():
        return _misuse("unfit", options.language)
    try:
        board = _read(options.board)
        kept = [
            KeptFile(kind, path.name, _read(path))
            for kind in ("receipt", "audited", "checkpoint")
            for path in getattr(options, kind)
        ]
        report = check_board(board, kept, options.processes)
    except OSError as error:
        return _misuse("unreadable", options.language, f"{error.filename}: {error.strerror}")
    except (MemoryError, BrokenProcessPool) as error:
        return _misuse("stopped", options.language, type(error).__name__)
    if options.json:
        print(json.dumps(as_data(report, options.language), indent=1))
    else:
        print(as_text(report, options.language), end="")
    return VALID if report.valid else NOT_VALID


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify",
        description="投票の掲示板を数え直し、確かめます。 / Recount a vote from its board file and check everything in it.",
        epilog="終了コード / exit status: 0 正しい valid, 1 正しくない not valid, 2 確かめられない nothing could be checked",
    )
    parser.add_argument("board", type=Path, metavar="BOARD.json", help="掲示板のファイル / the board file")
    for kind, help_text in (
        ("receipt", "投票控え / a ballot receipt"),
        ("audited", "検査した投票 / an audited ballot"),
        ("checkpoint", "保存した確認点 / a checkpoint you kept"),
    ):
        parser.add_argument(f"--{kind}", type=Path, metavar="FILE", action="append", default=[], help=help_text)
    cores = os.cpu_count() or 1
    parser.add_argument("--processes", type=_at_least_one, default=cores, metavar="N", help="並列数 / in parallel")
    parser.add_argument("--json", action="store_true", help="データとして出力 / print data")
    parser.add_argument("--language", choices=LANGUAGES, default="ja", help="言語 / language of the report")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1024:
        raise argparse.ArgumentTypeError("1 … 1024")
    return number


def _read(path: Path) -> bytes:
    """The bytes of a file, or as many as make it too large."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _misuse(label: str, language: str, detail: str = "") -> int:
    print(": ".join(part for part in (say(LABELS[label], language), detail) if part), file=sys.stderr)
    return MISUSE
