"""The lists of a run's page: minority opinions, comments in no topic, and copies of one text."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.markup import Html, join, tag
from analysis.published import HIDDEN, Published
from analysis.wordings import count

_IDS_SHOWN = 10
_GROUPS_SHOWN = 20
_CHARACTERS_SHOWN = 400
"""Of a comment in a table: a row must fit on a sheet of paper."""


def minority(run: Published, shown: Mapping[str, str], page: Mapping[str, Any]) -> Html:
    """The minority list: what was written, its id, and the topic it was placed in."""
    ids = run["minority"]
    if not ids:
        return tag("p", page["minority_none"])
    topic_of = {each["id"]: each["topic"] for each in run["assignments"]}
    labels = {topic["id"]: topic["label"] for topic in run["topics"]}
    rows = [
        (join(_cell(shown[each], page), _ids([each], page)), labels.get(topic_of.get(each) or "", "–")) for each in ids
    ]
    note = page["minority_note"].format(count=count(len(ids)))
    return join(
        tag("p", note, class_="quiet"),
        _table((page["comment"], page["near_topic"]), rows, "minority"),
    )


def unassigned(run: Published, texts: Mapping[str, str], shown: Mapping[str, str], page: Mapping[str, Any]) -> Html:
    """What lies in no topic and why, the same wording once."""
    ids = [each["id"] for each in run["assignments"] if each["place"] == "unassigned"]
    if not ids:
        return tag("p", page["unassigned_none"])
    groups: dict[tuple[str, str], list[str]] = {}
    for each in ids:
        text = shown[each].strip()
        groups.setdefault((page[_reason(run, text)], text), []).append(each)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    rows = [
        (join(_cell(text, page), _ids(members, page)), count(len(members)), reason)
        for (reason, text), members in ordered
    ]
    heads = (page["comment"], page["size"], page["reason"])
    note = page["unassigned_note"].format(count=count(len(ids)))
    return join(tag("p", note, class_="quiet"), _table(heads, rows, "unassigned", numbers=(1,)))


def _reason(run: Published, text: str) -> str:
    """Which words say why a comment has no topic; `text` is what of it may be shown."""
    if not text:
        return "reason_empty"
    if not any(map(str.isalnum, text.replace(HIDDEN, ""))) and HIDDEN in text:
        return "reason_masked"
    return "reason_wordless" if run["topics"] else "reason_alone"


def duplicates(run: Published, shown: Mapping[str, str], page: Mapping[str, Any]) -> Html | None:
    """Copies of one text, most first; None where there are none."""
    groups = sorted(run["duplicates"], key=lambda each: (-len(each["members"]), each["representative"]))
    if not groups:
        return None
    place = {each["id"]: number for number, each in enumerate(run["assignments"])}
    rows = [
        (
            join(
                _cell(shown[each["representative"]], page), _ids(sorted(each["members"], key=place.__getitem__), page)
            ),
            count(len(each["members"])),
            page[each["kind"]],
        )
        for each in groups[:_GROUPS_SHOWN]
    ]
    note = page["duplicates_note"].format(
        groups=count(len(groups)), count=count(sum(len(each["members"]) for each in groups)), shown=len(rows)
    )
    heads = (page["comment"], page["size"], page["kind"])
    return join(tag("p", note, class_="quiet"), _table(heads, rows, "duplicates", numbers=(1,)))


def _cell(text: str, page: Mapping[str, Any]) -> Html:
    """What was written, cut where it would fill a sheet; its direction is its own."""
    if not text.strip():
        return tag("span", page["blank"], class_="quiet")
    cut = text[:_CHARACTERS_SHOWN] + page["cut"] if len(text) > _CHARACTERS_SHOWN else text
    return tag("div", cut.strip(), class_="written", dir="auto")


def _ids(ids: Sequence[str], page: Mapping[str, Any]) -> Html:
    named = page["joiner"].join(ids[:_IDS_SHOWN])
    more = len(ids) - _IDS_SHOWN
    shown = f"{named} {page['more_ids'].format(count=count(more))}" if more > 0 else named
    return tag("div", page["quote_of"].format(id=shown), class_="quiet")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], name: str, numbers: Sequence[int] = ()) -> Html:
    """A table named by the heading `name`, whose heads come again on every sheet."""
    kinds = ["n" if place in numbers else None for place in range(len(heads))]
    head = tag("tr", *(tag("th", text, scope="col", class_=kind) for text, kind in zip(heads, kinds, strict=True)))
    body = [tag("tr", *(tag("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True))) for row in rows]
    return tag("table", tag("thead", head), tag("tbody", *body), class_=f"list {name}", aria_labelledby=name)
