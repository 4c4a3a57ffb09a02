"""`join` and `compare`: new comments beside a finished run, and two runs beside each other."""

import argparse
from pathlib import Path

from analysis.comparison import compare
from analysis.inputs import read_comments, read_run, read_text
from analysis.joining import ProfileRefused, join, read_profile
from analysis.output import comparison_json, joining_json
from analysis.terminal import Refused, add_command, put_json, told, write

_JOIN = "python -m analysis join profile.json new.csv --text comment --id receipt --out joined.json"
_COMPARE = "python -m analysis compare before.json after.json --out changes.json"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the two commands to the command line."""
    joining = add_command(commands, "join", _join, "place new comments in the topics of a run", _JOIN, ("out",))
    joining.add_argument("profile", type=Path, metavar="PROFILE.json", help="what topics --profile wrote")
    joining.add_argument("files", nargs="+", type=Path, metavar="FILE.csv", help="files with the same columns")
    joining.add_argument("--text", action="append", required=True, metavar="COLUMN", help="a column of comments")
    joining.add_argument("--id", metavar="COLUMN", help="the column of ids (default: the row's number)")
    joining.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    comparing = add_command(
        commands, "compare", _compare, "say what changed from one run to another", _COMPARE, ("out",)
    )
    comparing.add_argument("first", type=Path, metavar="RUN1.json")
    comparing.add_argument("second", type=Path, metavar="RUN2.json")
    for command in (joining, comparing):
        command.add_argument(
            "--out", type=Path, required=True, metavar="OUT.json", help="written only when all went well"
        )


def _join(options: argparse.Namespace) -> int:
    try:
        known = read_profile(read_text(options.profile))
    except ProfileRefused as refusal:
        raise Refused(f"{options.profile}: {refusal} Make one with topics --profile.") from refusal
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    joined = join(known, told(comments, "join", options.json))
    write(options.out, joining_json(joined))
    if options.json:
        put_json({"drift": joined.drift, "run_anew": joined.run_anew, "written": [str(options.out)]})
    return 0


def _compare(options: argparse.Namespace) -> int:
    found = compare(read_run(options.first), read_run(options.second))
    write(options.out, comparison_json(found))
    if options.json:
        put_json({"moved": len(found.moved), "stayed": found.stayed, "written": [str(options.out)]})
    return 0
