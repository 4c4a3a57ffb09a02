"""How a report's values are worded on its pages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from analysis.reports.publishing import tables
from civic.activities.forms import CHANNELS
from civic.activities.states import Channel
from civic.web.formatters import count_items, count_people, period, share
from civic.web.languages import plain


def register(blueprint: Blueprint) -> None:
    """Give a blueprint's templates these words."""
    blueprint.context_processor(
        lambda: {
            "activity_n": activity_n,
            "channel_words": channel_words,
            "figures_of": tables.figures_of,
            "finding_of": finding_of,
            "figure_word": figure_word,
            "period_of": period_of,
        }
    )


def period_of(activity: Mapping[str, Any]) -> str:
    """When it was open, or the days on which answers collected elsewhere were received."""
    if days := activity.get("received"):
        return period(*map(date.fromisoformat, days))
    if not activity["starts_at"] or not activity["ends_at"]:
        return str(_("No answers yet"))
    return period(*(datetime.fromisoformat(activity[name]) for name in ("starts_at", "ends_at")))


def activity_n(activity: Mapping[str, Any]) -> str:
    """How many answered, as released: a number of people, or of comments where a statute counts those; or why none."""
    if not activity["tables"]:
        return str(_("No figures released"))
    first = next((table for table in activity["tables"] if table["base"] is not None), None)
    if first is None:
        return str(_("suppressed"))
    return count_items(first["base"]) if first.get("statutory") else count_people(first["base"])


def channel_words(activity: Mapping[str, Any]) -> str:
    """The channels by which answers came, each with the number released of it."""
    counts = counts_by_channel(activity["tables"])
    ways = [(str(CHANNELS[Channel(channel)]), counts.get(channel, "")) for channel in activity["channels"]]
    return " ・ ".join(f"{words} {count}".strip() for words, count in ways)


def counts_by_channel(tables: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Released numbers by channel in words, of the one table whose categories are channels."""
    channels = {channel.value for channel in Channel}
    for table in tables:
        categories = table["axes"][0]["categories"]
        if len(table["axes"]) == 1 and categories and set(categories) <= channels:
            counted = count_items if table.get("statutory") else count_people
            return {cell["place"][0]: counted(cell["count"]) for cell in table["cells"] if cell["place"][0]}
    return {}


def finding_of(figure: tables.Figure) -> str:
    """The chart in one sentence, for those who hear it."""
    known = [bar for bar in figure.bars if bar.count is not None and bar.share is not None]
    largest = max(known, key=lambda bar: bar.count or 0, default=None)
    if largest is None or not largest.count:
        return str(_("The figures are suppressed."))
    words = {"answer": plain(largest.label), "share": plain(share(largest.share))}
    if len(known) < len(figure.bars):
        return str(_("Of the figures shown, the largest: %(answer)s, %(share)s", **words))
    return str(_("Most chosen: %(answer)s, %(share)s", **words))


def figure_word(name: str) -> str:
    """The name of a summary figure."""
    words = {"mean": _("Mean"), "median": _("Median"), "nps": _("Net promoter score (NPS)")}
    return str(words.get(name, name))
