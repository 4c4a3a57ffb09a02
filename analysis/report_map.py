"""The map of topics as SVG: a circle of dots for each topic, worded alike where near; one drawing for each width."""

import unicodedata
from collections.abc import Mapping, Sequence
from math import ceil, pi, sqrt
from typing import Any

from analysis.markup import Html, tag
from analysis.published import Places, Published, first_level, residual
from analysis.topic_map import Likeness, Spot, placed, sunflower
from analysis.wordings import count

_DOTS = 900
_WIDE, _NARROW = 720.0, 340.0
_SLANT = {_WIDE: 0.55, _NARROW: 0.9}
"""Height of a map by its width, where there is no need for more."""

_LARGEST_GAP = 6.0
_FILLED = 0.14
"""Share of the map that dots cover, unless there are so few that they would be blots."""

_LETTER = 7.5
"""Width of half a full-width character of the labels, which are 14 units high."""

_LINE = 22.0


def map_figure(run: Published, found: Mapping[str, Places], alike: Likeness, page: Mapping[str, Any]) -> Html:
    """The map for a desk or paper with labels, and for a phone with numbers; what a dot is and what nearness means."""
    topics = [topic for topic in first_level(run) if topic["id"] in alike.topics]
    comments = max(1, ceil(sum(topic["size"] for topic in topics) / _DOTS))
    rest = residual(run)
    dot = page["map_dot_one"] if comments == 1 else page["map_dot"].format(comments=count(comments))
    note = page["map_note"].format(dot=dot)
    if rest is not None:
        note += page["space"] + page["map_without_residual"].format(count=count(rest["size"]))
    drawings = [_drawing(topics, found, alike, comments, width, page) for width in (_WIDE, _NARROW)]
    return tag("figure", *drawings, _legend(page), tag("figcaption", note, class_="quiet"), class_="map")


def _legend(page: Mapping[str, Any]) -> Html:
    def dot(kind: str) -> Html:
        circle = tag("circle", cx="7", cy="7", r="5", class_=kind)
        return tag("svg", circle, width="14", height="14", aria_hidden="true")

    return tag("p", dot("core"), f" {page['map_core']} ", dot("fringe"), f" {page['map_fringe']}", class_="legend")


def _drawing(
    topics: Sequence[Mapping[str, Any]],
    found: Mapping[str, Places],
    alike: Likeness,
    comments: int,
    width: float,
    page: Mapping[str, Any],
) -> Html:
    labels = [f"{topic['id']} {topic['label']}" if width == _WIDE else topic["id"] for topic in topics]
    dots = [_dots(found[topic["id"]], comments) for topic in topics]
    gap = min(_LARGEST_GAP, sqrt(_FILLED * 0.6 * width**2 / pi / sum(map(sum, dots))))
    radii = [gap * sqrt(core + fringe) + gap for core, fringe in dots]
    sizes = [
        (max(2 * radius, _width(label)) + 6, 2 * radius + _LINE + 4)
        for radius, label in zip(radii, labels, strict=True)
    ]
    spots, height = placed(alike, sizes, width, _SLANT[width])
    drawn = [
        _topic(spots[topic["id"]], radius, gap, number, label)
        for topic, radius, number, label in zip(topics, radii, dots, labels, strict=True)
    ]
    fitting = max(width, max(size[0] for size in sizes))
    name = "wide" if width == _WIDE else "narrow"
    largest = topics[0]
    described = page["map_description"].format(label=largest["label"], count=count(largest["size"]))
    return tag(
        "svg",
        tag("title", page["map_title"].format(topics=len(topics)), id=f"map-{name}-title"),
        tag("desc", described, id=f"map-{name}-about"),
        *drawn,
        viewBox=f"0 0 {fitting:g} {height:g}",
        class_=name,
        role="img",
        aria_labelledby=f"map-{name}-title map-{name}-about",
    )


def _dots(here: Places, comments: int) -> tuple[int, int]:
    """How many dots stand for the core and the fringe: at least one for any."""
    return ceil(here.core / comments), ceil(here.fringe / comments)


def _topic(spot: Spot, radius: float, gap: float, dots: tuple[int, int], label: str) -> Html:
    """The core in the middle, the fringe around it, and the label below."""
    core, fringe = dots
    middle = Spot(spot.x, round(spot.y - _LINE / 2, 1))
    seeds = sunflower(core + fringe, gap)
    drawn = [
        tag("path", d=_points(middle, part, gap), class_=kind)
        for kind, part in (("fringe", seeds[core:]), ("core", seeds[:core]))
        if part
    ]
    text = tag("text", label, x=f"{spot.x:g}", y=f"{middle.y + radius + _LINE / 2:.1f}")
    return tag("g", *drawn, text)


def _points(middle: Spot, seeds: Sequence[Spot], gap: float) -> str:
    """A small disc at each place, in one path."""
    radius = f"{0.62 * gap:.1f}"
    across = f"{1.24 * gap:.1f}"
    disc = f"a{radius} {radius} 0 1 0 {across} 0a{radius} {radius} 0 1 0-{across} 0"
    return "".join(f"M{middle.x + seed.x - 0.62 * gap:.1f} {middle.y + seed.y:.1f}{disc}" for seed in seeds)


def _width(label: str) -> float:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1.05 for letter in label) * _LETTER
