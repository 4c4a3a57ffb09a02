"""`python -m analysis topics`: comments → the published JSON of a run, and a page that opens from the file."""

import argparse
import codecs
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from analysis.card import Origin
from analysis.constraints import Constraints, ConstraintsRefused, read_constraints
from analysis.inputs import read_comments, read_text
from analysis.joining import profile_json
from analysis.lexicon import LANGUAGES
from analysis.output import to_json
from analysis.report import report
from analysis.run import Run
from analysis.terminal import Refused, add_command, progress, put_json, seed_number, write_all
from analysis.text import Comment, language_of
from analysis.topics import analyse_with_profile

_EXAMPLE = "python -m analysis topics answers.csv --text comment --id receipt --out topics.json --html topics.html"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m analysis`."""
    topics = add_command(
        commands, "topics", _topics, "group comments into topics", _EXAMPLE, ("out", "profile", "html")
    )
    topics.add_argument("files", nargs="+", type=Path, metavar="FILE.csv", help="files with the same columns")
    topics.add_argument("--text", action="append", required=True, metavar="COLUMN", help="a column of comments")
    topics.add_argument("--id", metavar="COLUMN", help="the column of ids (default: the row's number)")
    topics.add_argument("--language", choices=LANGUAGES, default="ja", help="of the comments (default: %(default)s)")
    topics.add_argument("--topics", type=_positive, metavar="K", help="how many (default: by the number of texts)")
    topics.add_argument(
        "--seed", type=seed_number, default=0, metavar="N", help="0 to 4294967295 (default: %(default)s)"
    )
    topics.add_argument("--encoding", type=_encoding, help="of the files (default: UTF-8, else CP932)")
    topics.add_argument("--out", type=Path, required=True, metavar="OUT.json", help="written only when all went well")
    topics.add_argument("--constraints", type=Path, metavar="FILE.json", help="what people decided before")
    topics.add_argument("--profile", type=Path, metavar="FILE.json", help="written too: by it new comments join")
    topics.add_argument("--html", type=Path, metavar="OUT.html", help="the same as one page to read and print")


def _topics(options: argparse.Namespace) -> int:
    decided = _constraints(options.constraints) if options.constraints else Constraints()
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    run, make_profile = analyse_with_profile(
        comments, options.language, options.topics, options.seed, progress(options.json), decided
    )
    contents: dict[Path, str] = {options.out: to_json(run)}
    if options.profile:
        contents[options.profile] = profile_json(make_profile())
    if options.html:
        contents[options.html] = page_of(run, comments, options.files, options.text)
    write_all(contents)
    if options.json:
        counts = {"documents": run.documents, "topics": len(run.topics)}
        put_json({**counts, "written": [str(path) for path in contents]})
    return 0


def _constraints(path: Path) -> Constraints:
    try:
        return read_constraints(read_text(path))
    except ConstraintsRefused as refusal:
        raise Refused(f"{path}: {refusal}") from refusal


def page_of(run: Run, comments: Sequence[Comment], files: Sequence[Path], columns: Sequence[str]) -> str:
    """The run as one HTML page, from what is published of it and the comments it was made of."""
    spoken = Counter(language_of(comment.text, run.language) for comment in comments if comment.text.strip())
    origin = Origin(tuple(path.name for path in files), tuple(dict.fromkeys(columns)), spoken)
    return report(json.loads(to_json(run)), {comment.id: comment.text for comment in comments}, origin)


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value) and value
    except (LookupError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{value} is not the name of a text encoding") from error
