"""The published result as files: one opinion item per line (縦持ち), and the document with what may be shown of its texts."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from civic.features import Source
from consultations.comments import sources
from consultations.comments.publishing import corrections, document, queries, showing
from consultations.comments.publishing.queries import Result, words
from consultations.comments.publishing.showing import OUTCOME_TEXTS
from consultations.comments.stages import Outcome

HEADERS: Final = (
    "answer_number", "answer_title", "gist", "comment_number", "opinion", "opinion_state", "outcome", "outcome_text",
    "city_answer", "department", "note", "corrected_on", "corrected", "said_before",
)  # fmt: skip
LATE: Final = "late: not counted"
NOT_CORRECTED: Final = ("", "", "")
Cell = str | int | float | None


def rows(result: Result) -> Iterator[list[Cell]]:
    """A line for each opinion item with its answer, then one for each late comment and for each corrected text.

    Words are in Japanese. Of a correction: its day, what is corrected, why (in `note`), and what it said before.
    """
    found = sources.resolve(refs_of(result))
    for group in result.groups:
        outcome = Outcome(group["outcome"])
        gist = "" if queries.is_gone(group["items"], found) else group["gist"].get("ja", "")
        for item in group["items"]:
            opinion = words(item, found)
            yield [
                group["order"], group["title"].get("ja", ""), gist, item["comment"], opinion.text or "",
                opinion.state, outcome.value, OUTCOME_TEXTS[outcome]["ja"], group["answer"].get("ja", ""),
                group["department"].get("ja", ""), "", *NOT_CORRECTED,
            ]  # fmt: skip
    for late in result.content["late"]:
        source = found[late["ref"]]
        yield ["", "", "", late["comment"], source.text or "", source.state, "", "", "", "", LATE, *NOT_CORRECTED]
    yield from correction_rows(result)


def correction_rows(result: Result) -> Iterator[list[Cell]]:
    """A line for each text that was corrected, in the order of the corrections."""
    for one in reversed(queries.errata(result)):
        number, title = (one.of["order"], one.of["title"].get("ja", "")) if one.of else ("", "")
        for name, _words, before in one.before:
            said = OUTCOME_TEXTS[Outcome(before)]["ja"] if name == corrections.OUTCOME else (before or {}).get("ja", "")
            yield [
                number, title, "", "", "", "", "", "", "", "", one.note.get("ja", ""), one.day.isoformat(),
                showing.what_in_files(name, one.of is not None), said,
            ]  # fmt: skip


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
    gone = gone_gists(result, found)
    return document.canonical(
        {
            "version": 1,
            "sha256": result.edition.sha256,
            "document": corrections.without_gists(result.edition.document, gone),
            "left_out": gone,
            "texts": texts,
        }
    )


def gone_gists(result: Result, found: Mapping[str, Source]) -> list[int]:
    """The answers whose gist, or the one before a correction, may not be read, as none of their opinions may."""
    once = {one["group"] for one in result.content["errata"] if corrections.GIST in one["before"]}
    gists = [one for one in result.groups if one[corrections.GIST] or one["number"] in once]
    return [one["number"] for one in gists if queries.is_gone(one["items"], found)]
