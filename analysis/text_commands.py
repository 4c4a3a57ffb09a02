"""`python -m analysis mask` and `fold`: personal data and copies in comments (formats in docs/commands.md)."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.campaigns import Slot, Template, template
from analysis.folding import FoldIndex
from analysis.inputs import read_beside, read_comments
from analysis.lexicon import LANGUAGES
from analysis.masking import Mask, hidden, masks_of
from analysis.tabular import Value, write_csv
from analysis.terminal import add_command, put_json, told, write
from analysis.text import Comment, normalise

_MASK = "python -m analysis mask answers.csv --text comment --id receipt --out masked.csv"
_FOLD = "python -m analysis fold answers.csv --text comment --id receipt --person member --out folds.json"
VERSION = 1


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser of `python -m analysis`."""
    mask = add_command(commands, "mask", _mask, "find personal data in comments", _MASK, ("out",))
    _add_input(mask)
    fold = add_command(commands, "fold", _fold, "count copies and show what campaigns share", _FOLD, ("out",))
    _add_input(fold)
    fold.add_argument("--person", metavar="COLUMN", help="the column of verified people's ids; empty where nobody is")


def _add_input(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", type=Path, metavar="FILE.csv", help="files with the same columns")
    command.add_argument("--text", action="append", required=True, metavar="COLUMN", help="a column of comments")
    command.add_argument("--id", metavar="COLUMN", help="the column of ids (default: the row's number)")
    command.add_argument("--language", choices=LANGUAGES, default="ja", help="where no script tells (default: ja)")
    command.add_argument("--encoding", help="of the files (default: UTF-8, else CP932)")
    command.add_argument(
        "--out", type=_json_or_csv, required=True, metavar="OUT", help=".json or .csv, written when all went well"
    )


def _json_or_csv(value: str) -> Path:
    path = Path(value)
    if path.suffix.lower() not in {".json", ".csv"}:
        raise argparse.ArgumentTypeError("must end in .json or .csv")
    return path


def _mask(options: argparse.Namespace) -> int:
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    found = [masks_of(comment.text, options.language) for comment in told(comments, "mask", options.json)]
    if options.out.suffix.lower() == ".csv":
        rows = (
            (comment.id, hidden(comment.text, masks, options.language), " ".join(sorted({one.kind for one in masks})))
            for comment, masks in zip(comments, found, strict=True)
        )
        _write_csv(options.out, ("id", "text", "kinds"), rows)
    else:
        _write_json(options.out, _masked(comments, found))
    if options.json:
        put_json({"documents": len(comments), "masked": sum(map(bool, found)), "written": [str(options.out)]})
    return 0


def _masked(comments: Sequence[Comment], found: Sequence[Sequence[Mask]]) -> dict[str, Any]:
    kinds = Counter(mask.kind for masks in found for mask in masks)
    return {
        "version": VERSION,
        "documents": len(comments),
        "kinds": dict(sorted(kinds.items())),
        "masked": [
            {
                "id": comment.id,
                "kinds": sorted({mask.kind for mask in masks}),
                "spans": [list(mask.span) for mask in masks],
                "rules": [mask.rule for mask in masks],
            }
            for comment, masks in zip(comments, found, strict=True)
            if masks
        ],
    }


@dataclass(frozen=True)
class _Post:
    id: str
    shown: str
    person: str | None


@dataclass(frozen=True)
class _Folded:
    posts: Sequence[_Post]
    kind: str
    empty: bool
    template: Template


def _fold(options: argparse.Namespace) -> int:
    comments = read_comments(options.files, options.text, options.id, options.encoding)
    people: list[str | None] = [None] * len(comments)
    if options.person:
        people = read_beside(options.files, options.person, len(set(options.text)), options.encoding)
    index = FoldIndex([normalise(comment.text).text for comment in told(comments, "fold", options.json)])
    folded = [
        _folded(each.members, each.kind, comments, people, options.language)
        for each in sorted(index.folds(), key=lambda each: (-len(each.members), min(each.members)))
    ]
    if options.out.suffix.lower() == ".csv":
        _write_csv(options.out, ("id", "representative", "kind", "posts", "people"), _fold_rows(comments, folded))
    else:
        _write_json(options.out, _folds(len(comments), folded))
    if options.json:
        distinct = sum(not each.empty for each in folded)
        put_json({"documents": len(comments), "distinct": distinct, "written": [str(options.out)]})
    return 0


def _folded(
    members: Sequence[int], kind: str, comments: Sequence[Comment], people: Sequence[str | None], language: str
) -> _Folded:
    """Personal data is hidden in what is shown of copies; a text that stands alone is not shown."""
    alone = len(members) == 1
    shown: dict[str, str] = {}
    for row in members:
        text = comments[row].text
        if text not in shown:
            shown[text] = "" if alone else hidden(text, masks_of(text, language), language)
    posts = [_Post(comments[row].id, shown[comments[row].text], people[row]) for row in members]
    made = template([post.shown for post in posts], [post.person for post in posts])
    return _Folded(posts, kind, not comments[members[0]].text.strip(), made)


def _folds(documents: int, folded: Sequence[_Folded]) -> dict[str, Any]:
    written = [each for each in folded if not each.empty]
    return {
        "version": VERSION,
        "documents": documents,
        "empty": documents - sum(len(each.posts) for each in written),
        "distinct": len(written),
        "folds": [
            {
                "representative": each.posts[0].id,
                "members": [post.id for post in each.posts],
                "kind": each.kind,
                "posts": len(each.posts),
                "people": each.template.people,
                "variants": each.template.variants,
                "template": [_part(part) for part in each.template.parts],
            }
            for each in written
            if len(each.posts) > 1
        ],
    }


def _part(part: str | Slot) -> dict[str, Any]:
    if isinstance(part, str):
        return {"text": part}
    return {
        "slot": [{"text": filling.text, "posts": filling.posts} for filling in part.fillings],
        "further": part.further,
    }


def _fold_rows(comments: Sequence[Comment], folded: Sequence[_Folded]) -> Iterator[tuple[Value, ...]]:
    of = {post.id: each for each in folded for post in each.posts}
    for comment in comments:
        each = of[comment.id]
        yield comment.id, each.posts[0].id, each.kind, len(each.posts), each.template.people


def _write_json(path: Path, content: dict[str, Any]) -> None:
    write(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _write_csv(path: Path, headers: Sequence[str], rows: Iterator[tuple[Value, ...]]) -> None:
    write(path, b"".join(write_csv(headers, rows)).decode())
