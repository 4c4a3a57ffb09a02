"""The published result as files: one opinion item per line (縦持ち), and the document with what may be shown of its texts."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from consultations.comments import sources
from consultations.comments.publishing import document, queries
from consultations.comments.publishing.queries import Result, words
from consultations.comments.publishing.showing import OUTCOME_TEXTS
from consultations.comments.stages import Outcome

HEADERS: Final = (
    "answer_number", "answer_title", "gist", "comment_number", "opinion", "opinion_state", "outcome", "outcome_text",
    "city_answer", "department", "note",
)  # fmt: skip
LATE: Final = "late: not counted"
Cell = str | int | float | None


def rows(result: Result) -> Iterator[list[Cell]]:
    """A line for each opinion item with the answer to it, then one for each late comment; words in Japanese."""
    found = sources.resolve(refs_of(result))
    for group in result.groups:
        outcome = Outcome(group["outcome"])
        gist = "" if queries.is_gone(group["items"], found) else group["gist"].get("ja", "")
        for item in group["items"]:
            opinion = words(item, found)
            yield [
                group["order"], group["title"], gist, item["comment"], opinion.text or "",
                opinion.state, outcome.value, OUTCOME_TEXTS[outcome]["ja"], group["answer"].get("ja", ""),
                group["department"].get("ja", ""), "",
            ]  # fmt: skip
    for late in result.content["late"]:
        source = found[late["ref"]]
        yield ["", "", "", late["comment"], source.text or "", source.state, "", "", "", "", LATE]


def refs_of(result: Result) -> list[str]:
    """Every comment the edition names, each once, in its order."""
    items = [item["ref"] for group in result.groups for item in group["items"]]
    return list(dict.fromkeys([*items, *(late["ref"] for late in result.content["late"])]))


def as_json(result: Result) -> bytes:
    """The edition with its hash, and its texts as they may be read now.

    `sha256` is of the edition's document in canonical form: sorted keys, no spaces, UTF-8. The gists of the groups in
    `left_out` are not in it any more, because none of their opinions may be read; whoever keeps them keeps the hash.
    """
    found = sources.resolve(refs_of(result))
    texts: dict[str, Mapping[str, Any]] = {
        ref: {"number": int(source.number), "channel": source.channel, "state": source.state, "text": source.text}
        for ref, source in found.items()
        if source.state != "missing"
    }
    gone = [one["number"] for one in result.groups if one["gist"] and queries.is_gone(one["items"], found)]
    return document.canonical(
        {
            "version": 1,
            "sha256": result.edition.sha256,
            "document": without_gists(result.content, gone),
            "left_out": gone,
            "texts": texts,
        }
    )


def without_gists(content: Mapping[str, Any], numbers: Collection[int]) -> Mapping[str, Any]:
    """The document without what the city wrote of the opinions of these groups."""
    groups = [one | {"gist": {}} if one["number"] in numbers else one for one in content["groups"]]
    return {**content, "groups": groups}
