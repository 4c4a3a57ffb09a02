"""`python -m analysis verify` and `verify-tables`: does a run, and what was written about it, follow from its sources?"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from analysis.evidence.facts import Facts
from analysis.evidence.records import Failure, Table, Tables
from analysis.evidence.runs import facts_of_run, held, verify_run
from analysis.evidence.stating import Judged
from analysis.evidence.tables import tables_of
from analysis.inputs import read_beside, read_comments, read_json, read_run
from analysis.published import NotARun
from analysis.terminal import Refused

_EXAMPLE = "example: python -m analysis verify topics.json answers.csv --text comment --id receipt"
_OF_TABLES = "example: python -m analysis verify-tables may=may.json june=june.json --sentences report.json"

Labelled = tuple[str | None, Path]
"""A file and what its tables are called by, where that is said."""


_SHOWN = 10
"""Of what is wrong outside the sentences; --json has all."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m analysis`."""
    verify = commands.add_parser("verify", help="check a run against its comments", epilog=_EXAMPLE)
    verify.add_argument("document", type=Path, metavar="RUN.json", help="what topics wrote")
    verify.add_argument("files", nargs="+", type=Path, metavar="FILE.csv", help="the files it was made of")
    verify.add_argument("--text", action="append", required=True, metavar="COLUMN", help="a column of comments")
    verify.add_argument("--id", metavar="COLUMN", help="the column of ids (default: the row's number)")
    verify.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    verify.add_argument("--author", metavar="COLUMN", help="who wrote each comment: for numbers of people")
    verify.add_argument("--wave", metavar="COLUMN", help="the round of each comment: for changes between waves")
    verify.add_argument("--sentences", type=Path, metavar="FILE.json", help="a summary, or sentences from elsewhere")
    verify.add_argument(
        "--tables",
        type=_labelled,
        action="append",
        default=[],
        metavar="[LABEL=]FILE.json",
        help="tables they speak of",
    )
    verify.set_defaults(run=_verify)
    of_tables = commands.add_parser("verify-tables", help="check sentences against tables", epilog=_OF_TABLES)
    of_tables.add_argument(
        "tables", type=_labelled, nargs="+", metavar="[LABEL=]FILE.json", help="what disclosure or waves --json wrote"
    )
    of_tables.add_argument("--sentences", type=Path, required=True, metavar="FILE.json", help="a summary, or sentences")
    of_tables.set_defaults(run=_verify_tables)
    for command in (verify, of_tables):
        command.add_argument("--json", action="store_true", help="print the result as JSON")
        command.set_defaults(outputs=())


def _labelled(value: str) -> Labelled:
    label, equals, path = value.partition("=")
    return (label, Path(path)) if equals and not Path(value).exists() else (None, Path(value))


def _verify(options: argparse.Namespace) -> int:
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    run = read_run(options.document)
    try:
        failures = verify_run(run, comments)
        authors, waves = (
            read_beside(options.files, column, len(set(options.text)), options.encoding) if column else []
            for column in (options.author, options.wave)
        )
        facts = _facts(lambda tables: facts_of_run(run, comments, tables, authors, waves), options.tables)
        stated = held(_items(options.sentences), facts, run["language"]) if options.sentences else []
    except NotARun as reason:
        raise Refused(f"{options.document} is no topics run: {reason}") from reason
    sentences = sum(len(topic["summary"]) for topic in run["topics"])
    return _told(options, failures, stated, sentences)


def _verify_tables(options: argparse.Namespace) -> int:
    facts = _facts(lambda tables: Facts({}, tables), options.tables)
    return _told(options, [], held(_items(options.sentences), facts, "ja"), None)


def _told(
    options: argparse.Namespace, failures: Sequence[Failure], stated: Sequence[Judged], sentences: int | None
) -> int:
    print(_as_json(failures, stated, sentences) if options.json else _as_text(failures, stated, sentences))
    return 1 if failures or not all(one.supported for one in stated) else 0


def _facts(make: Callable[[Tables], Facts], files: Sequence[Labelled]) -> Facts:
    tables = _tables(files)
    try:
        return make(tables)
    except ValueError as refusal:
        raise Refused(f"{refusal} Give the tables another label: --tables LABEL=FILE.json.") from refusal


def _tables(files: Sequence[Labelled]) -> Tables:
    found: dict[str, Table] = {}
    for label, path in files:
        try:
            tables = tables_of(read_json(path), label)
        except ValueError as reason:
            raise Refused(f"{path}: {reason}") from reason
        if both := sorted(found.keys() & tables.keys()):
            raise Refused(f"{path} has a table {both[0]}, as a file before it. Name the files apart: LABEL=FILE.json.")
        found |= tables
    return found


def _items(path: Path) -> list[Any]:
    """The sentences of a file: a list, or a document with a list `sentences`, or `summary` as a topic has."""
    document = read_json(path)
    items = document.get("sentences", document.get("summary")) if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise Refused(f"{path} holds no list of sentences.")
    return items


def _as_text(failures: Sequence[Failure], stated: Sequence[Judged], sentences: int | None) -> str:
    of_run = [one for one in failures if one.topic is None and one.index is None]
    lines = [f"{_place(one)}: {one.reason}" for one in of_run[:_SHOWN]]
    if len(of_run) > _SHOWN:
        more = f"{len(of_run) - _SHOWN:,} more"
        lines.append(f"run: and {more} of these. Were the files, --text and --id those the run was made with?")
    lines += [f"{_place(one)}: {one.reason}" for one in failures if one.topic is not None or one.index is not None]
    for number, one in enumerate(stated, 1):
        lines += [f"sentence {number} from elsewhere, {_verdict(one)}: {failure.reason}" for failure in one.failures]
    wrong = len({(one.topic, one.index) for one in failures}) + sum(not one.supported for one in stated)
    ours = [] if sentences is None else [f"{sentences} sentences of the run"]
    said = ", ".join([*ours, f"{len(stated)} from elsewhere"] if stated or not ours else ours)
    return "\n".join([*lines, f"{said}: {wrong} do not hold." if wrong else f"{said}: all hold."])


def _verdict(one: Judged) -> str:
    return "unsupported" if one.sentence.kind == "stated" else "wrong"


def _place(failure: Failure) -> str:
    where = "run" if failure.topic is None else f"topic {failure.topic}"
    return where if failure.index is None else f"{where}, sentence {failure.index + 1}"


def _as_json(failures: Sequence[Failure], stated: Sequence[Judged], sentences: int | None) -> str:
    document = {
        "sentences": sentences or 0,
        "failures": [{"topic": one.topic, **_failure(one)} for one in failures],
        "stated": [
            {
                "sentence": one.sentence.sentence,
                "supported": one.supported,
                "failures": [_failure(failure) for failure in one.failures],
            }
            for one in stated
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _failure(failure: Failure) -> dict[str, Any]:
    return {"index": failure.index, "fault": failure.fault.value, "reason": failure.reason}
