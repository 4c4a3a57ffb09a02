"""`python -m analysis verify`: does a topics run, and what others wrote about it, still follow from the comments?"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.evidence.records import Failure, Tables
from analysis.evidence.runs import facts_of_run, verify_run
from analysis.evidence.stating import Judged, judged
from analysis.inputs import read_comments, read_json
from analysis.published import NotARun
from analysis.terminal import Refused
from analysis.text import Comment

_EXAMPLE = "example: python -m analysis verify topics.json answers.csv --text comment --id receipt"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `python -m analysis`."""
    verify = commands.add_parser("verify", help="check a run against its comments", epilog=_EXAMPLE)
    verify.add_argument("document", type=Path, metavar="RUN.json", help="what topics wrote")
    verify.add_argument("files", nargs="+", type=Path, metavar="FILE.csv", help="the files it was made of")
    verify.add_argument("--text", action="append", required=True, metavar="COLUMN", help="a column of comments")
    verify.add_argument("--id", metavar="COLUMN", help="the column of ids (default: the row's number)")
    verify.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    verify.add_argument("--sentences", type=Path, metavar="FILE.json", help="sentences from elsewhere, with sources")
    verify.add_argument("--json", action="store_true", help="print the result as JSON")
    verify.set_defaults(run=_verify, outputs=())


def _verify(options: argparse.Namespace) -> int:
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    run = read_json(options.document)
    try:
        failures = verify_run(run, comments)
        stated = _stated(options.sentences, run, comments) if options.sentences else []
    except NotARun as reason:
        raise Refused(f"{options.document} is no topics run: {reason}") from reason
    sentences = sum(len(topic["summary"]) for topic in run["topics"])
    print(_as_json(failures, stated, sentences) if options.json else _as_text(failures, stated, sentences))
    return 1 if failures or not all(one.supported for one in stated) else 0


def _stated(path: Path, run: Any, comments: Sequence[Comment]) -> list[Judged]:
    """The sentences of a file: a list, or a document with a list `sentences`."""
    document = read_json(path)
    items = document.get("sentences") if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise Refused(f"{path} holds no list of sentences.")
    tables: Tables = {}
    return judged(items, facts_of_run(run, comments), tables)


def _as_text(failures: Sequence[Failure], stated: Sequence[Judged], sentences: int) -> str:
    lines = [f"{_place(one)}: {one.reason}" for one in failures]
    for number, one in enumerate(stated, 1):
        lines += [f"sentence {number} from elsewhere, unsupported: {failure.reason}" for failure in one.failures]
    wrong = len({(one.topic, one.index) for one in failures}) + sum(not one.supported for one in stated)
    said = f"{sentences} sentences of the run" + (f", {len(stated)} from elsewhere" if stated else "")
    return "\n".join([*lines, f"{said}: {wrong} do not hold." if wrong else f"{said}: all hold."])


def _place(failure: Failure) -> str:
    where = "run" if failure.topic is None else f"topic {failure.topic}"
    return where if failure.index is None else f"{where}, sentence {failure.index + 1}"


def _as_json(failures: Sequence[Failure], stated: Sequence[Judged], sentences: int) -> str:
    document = {
        "sentences": sentences,
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
