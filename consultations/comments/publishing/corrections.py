"""What an erratum (訂正) may correct of a published document, and the document as corrected. Pure.

Every text the city wrote and the publication shows has a name here: of an answer its title, gist, answer and outcome; of
the result as a whole the rest. The words of residents are masked, never corrected; what changed in the plan follows from
its versions.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from consultations.comments.stages import Outcome

Document = Mapping[str, Any]
Words = Mapping[str, Any]
"""Corrected or published words by name: texts by language; the outcome by its code."""

OUTCOME: Final = "outcome"
GIST: Final = "gist"
OF_ANSWER: Final = ("title", GIST, "answer", OUTCOME)
WHOLE: Final = ("title", "answer", "reason", "short_reason", "basis", "eligibility", "contact", "rule")
VERSION: Final = 2
"""Of the document. In the first, the title of an answer was a Japanese string; such editions stay as they are."""


def read(content: Document) -> dict[str, Any]:
    """A document of any version in the shape of the newest. What lies in it is shared, not copied."""
    groups = [{**one, "title": titled(one["title"])} for one in content["groups"]]
    return {**content, "version": VERSION, "groups": groups}


def titled(title: Any) -> Mapping[str, str]:
    return {"ja": title} if isinstance(title, str) else title


def words_of(content: Document, group: int | None) -> dict[str, Any]:
    """The words an erratum may correct, by name, in the order of the page: of one answer, or (None) of the whole.

    A text that is not there is not offered, but a gist: an answer may get one or lose it. KeyError for no such answer.
    """
    found = {name: part[key] for name, (part, key) in places(read(content), group).items()}
    return {name: words for name, words in found.items() if words or name == GIST}


def places(content: Document, group: int | None) -> dict[str, tuple[Any, Any]]:
    """Where each text lies: the part of the document that holds it, and its key there."""
    if group is not None:
        held = {one["number"]: one for one in content["groups"]}[group]
        return {name: (held, name) for name in OF_ANSWER}
    notice = content["notice"]
    parts = {"reason": content["decision"], "rule": notice["rule"]}
    parts |= dict.fromkeys(("short_reason", "basis", "eligibility"), notice)
    keys = {"rule": "name"}
    found: dict[str, tuple[Any, Any]] = {name: (parts.get(name, content), keys.get(name, name)) for name in WHOLE}
    found |= {f"change_{place}": (change, "reason") for place, change in enumerate(notice["changes"], 1)}
    found |= {f"category_{place + 1}": (notice["categories"], place) for place in range(len(notice["categories"]))}
    return found | {f"attachment_{row['number']}": (row, "title") for row in content["attachments"]}


def in_order(words: Words, group: int | None) -> dict[str, Any]:
    """Words by name in the order of the page; a database may keep the names of a JSON object in its own."""
    order = OF_ANSWER if group is not None else WHOLE
    known = [name for name in order if name in words]
    return {name: words[name] for name in [*known, *sorted(words.keys() - {*known})]}


def is_whole(words: Words) -> bool:
    """Whether every text stands in Japanese at least; a gist need not be there."""
    return all(text.get("ja", "").strip() for name, text in words.items() if name not in (OUTCOME, GIST))


def differing(published: Words, words: Words) -> dict[str, Any]:
    """Those of the words that are not published as they are; names the publication does not have are left out."""
    return {name: given for name, given in words.items() if name in published and given != published[name]}


def corrected(
    before: Document, group: int | None, words: Words, note: Mapping[str, str], published_at: str
) -> dict[str, Any]:
    """The next edition: the words as corrected, the numbers by outcome after them, and what stood there before."""
    content = changeable(before)
    found = places(content, group)
    content["edition"] = before["edition"] + 1
    said = {name: found[name][0][found[name][1]] for name in in_order(words, group)}
    content["errata"].append(
        {"edition": content["edition"], "published_at": published_at, "group": group, "note": note, "before": said}
    )
    for name, given in words.items():
        part, key = found[name]
        part[key] = given
    content["numbers"] = content["numbers"] | {"outcomes": outcomes_of(content["groups"])}
    return content


def changeable(content: Document) -> dict[str, Any]:
    """A copy whose texts may be replaced. Ten thousand opinions lie in it as references and are shared."""
    copy = read(content)
    for name in ("notice", "decision", "attachments", "errata"):
        copy[name] = deepcopy(copy[name])
    return copy


def outcomes_of(groups: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Items and answers by outcome, from the groups of a document."""
    by_outcome = {one: [group for group in groups if group["outcome"] == one.value] for one in Outcome}
    return {
        one.value: {"items": sum(len(group["items"]) for group in found), "answers": len(found)}
        for one, found in by_outcome.items()
    }


def without_gists(content: Document, numbers: Collection[int]) -> Document:
    """The document without what the city wrote of the opinions of these groups, now or before a correction."""
    groups = [one | {GIST: {}} if one["number"] in numbers else one for one in content["groups"]]
    errata = [without_gist(one) if one["group"] in numbers else one for one in content["errata"]]
    return {**content, "groups": groups, "errata": errata}


def without_gist(erratum: Mapping[str, Any]) -> Mapping[str, Any]:
    before = {name: {} if name == GIST else words for name, words in erratum["before"].items()}
    return {**erratum, "before": before}
