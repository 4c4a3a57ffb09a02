"""The released tables of a report: as chart rows for a page, and in long form for one CSV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from civic.web.languages import plain

HEADERS = ("activity", "table", "question", "category_code", "category", "count", "share", "note")


@dataclass(frozen=True)
class Bar:
    """One row of a chart: a category's words, its count and share; None where suppressed."""

    label: Mapping[str, str]
    count: int | None
    share: float | None


@dataclass(frozen=True)
class Figure:
    """One released table with one axis, ready to be drawn. `n` is who answered, None where suppressed.

    A `statutory` one counts comments, opinions or answers of the city, not people.
    """

    id: str
    caption: Mapping[str, str]
    look: str
    n: int | None
    base: int | None
    bars: Sequence[Bar]
    figures: Mapping[str, float | None]
    multiple: bool
    statutory: bool = False


def figures_of(activity: Mapping[str, Any]) -> list[Figure]:
    """The one-way tables of an activity that have words, in their order; what is only counted has no chart."""
    captions = activity["captions"]
    worded = [table for table in activity["tables"] if len(table["axes"]) == 1 and table["name"] in captions]
    return [figure(table, captions[table["name"]]) for table in worded if table["axes"][0]["categories"]]


def figure(table: Mapping[str, Any], caption: Mapping[str, Any]) -> Figure:
    """One table as a chart. Mean and the like stand only while every cell is open: they would help to compute it back."""
    axis = table["axes"][0]
    cells = {tuple(cell["place"]): cell for cell in table["cells"]}
    total = cells.get((None,), {"count": None})
    bars = [
        Bar(caption["categories"].get(code, {"ja": code}), cells[code,]["count"], cells[code,]["share"])
        for code in axis["categories"]
        if (code,) in cells
    ]
    if caption["look"] == "bar":
        bars.sort(key=lambda bar: -(bar.count if bar.count is not None else 0))
    whole = not any(cell["suppressed"] for cell in table["cells"])
    return Figure(
        table["name"],
        caption["text"],
        caption["look"],
        total["count"],
        table["base"],
        bars,
        table["figures"] if whole else {},
        axis["multiple"],
        table.get("statutory", False),
    )


def long_form(content: Mapping[str, Any]) -> tuple[Sequence[str], Iterator[Sequence[str | int | float]]]:
    """Headers and rows of all tables: one released count per row; a word in `note` where it is suppressed.

    The reader's words are asked for at once: the rows are made while the answer is on its way, when nobody reads.
    """
    return HEADERS, _rows(content, plain(_("Total")), plain(_("Suppressed")))


def _rows(content: Mapping[str, Any], total: str, suppressed: str) -> Iterator[Sequence[str | int | float]]:
    for activity in content["activities"]:
        for table in activity["tables"]:
            variables = [axis["variable"] for axis in table["axes"]]
            captions = [activity["captions"].get(name, {"text": {"ja": name}, "categories": {}}) for name in variables]
            question = " × ".join(caption["text"]["ja"] for caption in captions)
            for cell in table["cells"]:
                codes = [code if code is not None else "total" for code in cell["place"]]
                words = [
                    caption["categories"].get(code, {"ja": code})["ja"] if code else total
                    for caption, code in zip(captions, cell["place"], strict=True)
                ]
                yield [
                    activity["slug"],
                    table["name"],
                    question,
                    " × ".join(codes),
                    " × ".join(words),
                    "" if cell["suppressed"] or cell["count"] is None else cell["count"],
                    "" if cell["suppressed"] or cell["share"] is None else round(cell["share"], 6),
                    suppressed if cell["suppressed"] else "",
                ]
    for run in content["runs"]:
        for topic in run["topics"]:
            if topic["parent"] is None:
                yield [
                    run["activity"],
                    f"topics.{run['question']}",
                    run["asked"].get("ja", run["question"]),
                    topic["id"],
                    topic["label"],
                    topic["size"] if topic["size"] is not None else "",
                    "",
                    suppressed if topic["size"] is None else "",
                ]
