"""The command line of `python -m analysis`: parse, call, write. Refusals are sentences on stderr."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.constraints import Constraints, ConstraintsRefused, read_constraints
from analysis.joining import profile_json
from analysis.lexicon import LANGUAGES
from analysis.output import to_json
from analysis.tabular import Table, TableRefused, read_table
from analysis.text import Comment
from analysis.topics import Progress, analyse_with_profile

_EXAMPLE = "example: python -m analysis topics answers.csv --text comment --id receipt --out topics.json"
_REPEATED_SHOWN = 10


class Refused(Exception):
    """The input cannot be used; the message says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0 done, 1 refused with a reason; argparse exits with 2 on wrong options."""
    options = _parser().parse_args(arguments)
    try:
        done: int = options.run(options)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return 130
    return done


def _topics(options: argparse.Namespace) -> int:
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    decided = _constraints(options.constraints) if options.constraints else Constraints()
    run, make_profile = analyse_with_profile(
        comments, options.language, options.topics, options.seed, progress(), decided
    )
    write(options.out, to_json(run))
    if options.profile:
        write(options.profile, profile_json(make_profile()))
    return 0


def _constraints(path: Path) -> Constraints:
    try:
        return read_constraints(read_text(path))
    except ConstraintsRefused as refusal:
        raise Refused(f"{path}: {refusal}") from refusal


def read_text(path: Path) -> str:
    """The content of a UTF-8 file. Raises Refused."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Understand comments, reactions and surveys, offline."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    topics = commands.add_parser("topics", help="group comments into topics", epilog=_EXAMPLE)
    topics.add_argument("files", nargs="+", type=Path, metavar="FILE.csv", help="files with the same columns")
    topics.add_argument("--text", action="append", required=True, metavar="COLUMN", help="a column of comments")
    topics.add_argument("--id", metavar="COLUMN", help="the column of ids (default: the row's number)")
    topics.add_argument("--language", choices=LANGUAGES, default="ja", help="of the comments (default: %(default)s)")
    topics.add_argument("--topics", type=_positive, metavar="K", help="how many (default: by the number of texts)")
    topics.add_argument(
        "--seed", type=seed_number, default=0, metavar="N", help="0 to 4294967295 (default: %(default)s)"
    )
    topics.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    topics.add_argument("--out", type=Path, required=True, metavar="OUT.json", help="written only when all went well")
    topics.add_argument("--constraints", type=Path, metavar="FILE.json", help="what people decided before")
    topics.add_argument("--profile", type=Path, metavar="FILE.json", help="written too: by it new comments join")
    topics.set_defaults(run=_topics)
    # they use this module
    from analysis import disclosure_commands, later_commands, numbers_commands, opinions_command, text_commands
    from analysis.evidence import command as verifying

    disclosure_commands.add(commands)
    numbers_commands.add(commands)
    opinions_command.add(commands)
    text_commands.add(commands)
    later_commands.add(commands)
    verifying.add(commands)
    return parser


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def seed_number(value: str) -> int:
    number = int(value)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError("must be 0 to 4294967295")
    return number


def read_comments(
    files: Sequence[Path], columns: Sequence[str], id_column: str | None, encoding: str | None = None
) -> list[Comment]:
    """The comments of all files, row by row. With several columns an id is `row:column`. Raises Refused."""
    tables = [(path, _read(path, encoding)) for path in files]
    first_path, first = tables[0]
    comments: list[Comment] = []
    row_number = 0
    for path, table in tables:
        if set(table.headers) != set(first.headers):
            raise Refused(f"{path} does not have the same columns as {first_path}.")
        places = [_place(table, column, path) for column in columns]
        id_place = _place(table, id_column, path) if id_column else None
        for row in table.rows:
            row_number += 1
            row_id = str(row_number) if id_place is None else row[id_place]
            for column, place in zip(columns, places, strict=True):
                comment_id = row_id if len(columns) == 1 else f"{row_id}:{column}"
                comments.append(Comment(comment_id, row[place]))
    _refuse_repeated([comment.id for comment in comments])
    return comments


def _read(path: Path, encoding: str | None) -> Table:
    try:
        return read_table(path, encoding=encoding)
    except TableRefused as refusal:
        raise Refused(f"{path}: {refusal}") from refusal
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error


def _place(table: Table, column: str, path: Path) -> int:
    if column not in table.headers:
        raise Refused(f"{path} has no column {column}. Its columns are: {', '.join(table.headers)}.")
    return table.headers.index(column)


def _refuse_repeated(ids: Sequence[str]) -> None:
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for comment_id in ids:
        if comment_id in seen:
            repeated[comment_id] = None
        seen.add(comment_id)
    if repeated:
        names = ", ".join(list(repeated)[:_REPEATED_SHOWN])
        raise Refused(f"{len(repeated)} ids occur more than once: {names}. Give each comment an id of its own.")


def write(path: Path, content: str) -> None:
    """All or nothing: a file beside `path` takes its name when it is complete. A device or link is written through."""
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):  # /dev/stdout must stay what it is
            path.write_text(content, encoding="utf-8", newline="")
            return
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as part:
            try:
                part.write(content)
                part.close()
                os.replace(part.name, path)
            except BaseException:
                os.unlink(part.name)
                raise
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error


def _line(done: int, total: int, step: str) -> None:
    """For a person: one line that fills up."""
    end = "\n" if done == total else ""
    print(f"\r\x1b[K{done * 100 // total:3d} %  {step}", end=end, file=sys.stderr, flush=True)


def _json_line(done: int, total: int, step: str) -> None:
    print(json.dumps({"done": done, "total": total, "step": step}), file=sys.stderr, flush=True)


def progress() -> Progress:
    return _line if sys.stderr.isatty() else _json_line
