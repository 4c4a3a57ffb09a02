"""Where things stand in the charts of macros/charts.html: pure geometry, heights in px, the data axis in per cent.

Rows are plain mappings. A count or share of None is suppressed (秘匿): it gets no length at all, and says so in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any, Final
from unicodedata import east_asian_width

LINE_HEIGHT: Final = 22
LABEL_WIDTH: Final = 15  # full-width characters of 16 px that fit a phone of 320 px
LINE_WIDTH: Final = 18  # what a line of such a phone holds in all
BESIDE_VALUE: Final = 9  # characters that leave room beside a value whose words are not known
TICKS_WIDTH: Final = 20  # characters of 15 px below a histogram on such a phone
OPENING: Final = "「『【([（〔“‘"
CLOSING: Final = "」』】)）"
NEVER_FIRST: Final = "、。，．)」』】!?ー・,.:;"
SMALLEST_SHARE_WITH_TEXT: Final = 0.095
LOOKS: Final = {
    2: (0, 6),
    3: (0, 3, 6),
    4: (0, 1, 5, 6),
    5: (0, 1, 3, 5, 6),
    6: (0, 1, 2, 4, 5, 6),
    7: (0, 1, 2, 3, 4, 5, 6),
}
STEPS: Final = (1, 2, 5, 10)


@dataclass(frozen=True)
class Label:
    """A label in lines, with the y of each, and the y of the value at its right."""

    lines: tuple[tuple[int, str], ...]
    value_y: int


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart. `width` is 0–100, None when suppressed."""

    row: Mapping[str, Any]
    label: Label
    y: int
    width: float | None


@dataclass(frozen=True)
class Segment:
    """One part of a stacked row, in per cent of its length; `percent` is its text, empty where it would not fit."""

    x: float
    width: float
    look: int
    text: str


@dataclass(frozen=True)
class Stack:
    """One row of an ordered scale; no segments when any part is suppressed."""

    row: Mapping[str, Any]
    label: Label
    y: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Column:
    """One bin of a histogram. `y` and `height` in px; height 0 when suppressed. `anchor` of its label, "" for none."""

    bin: Mapping[str, Any]
    x: float
    width: float
    y: float
    height: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """One series: its dots (x in per cent, y in px) and the runs of points between gaps, in a box 1,000 wide."""

    label: Any
    dots: tuple[tuple[float, float], ...]
    runs: tuple[str, ...]


def text_width(text: str) -> float:
    """Width in full-width characters."""
    return sum(1.0 if east_asian_width(character) in "WFA" else 0.55 for character in text)


def wrap_label(text: str, width: float = LABEL_WIDTH) -> list[str]:
    """`text` in lines of at most `width` full-width characters; no line starts with a closing mark, no word is cut that
    fits a line of its own."""
    lines = [""]
    for phrase in phrases(text):
        whole = text_width(phrase.rstrip()) <= width
        for piece in [phrase] if whole else pieces(phrase):
            if lines[-1] and text_width(lines[-1] + piece.rstrip()) > width and piece[0] not in NEVER_FIRST:
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def phrases(text: str) -> list[str]:
    """Parts that are best left whole. Without a dictionary: a new one begins after a space or a mark, before an opening
    bracket, and where another script follows; the hiragana that end a Japanese word stay with it.
    """
    found: list[str] = []
    for character in text:
        if found and not _may_break(found[-1][-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _may_break(before: str, after: str) -> bool:
    if after in NEVER_FIRST or before in OPENING or (before.isdigit() and after != " "):
        return False
    if before == " " or before in NEVER_FIRST or after in OPENING:
        return script(after) not in {"ー": ("katakana", "hiragana")}.get(
            before, ("hiragana",) if before in CLOSING else ()
        )
    return script(after) not in (script(before), "hiragana", "space")


def script(character: str) -> str:
    """What a character is written in, as far as words are told apart by it."""
    if character == " ":
        return "space"
    if "\u3041" <= character <= "\u309f":
        return "hiragana"
    if "\u30a0" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f":
        return "katakana"
    return "wide" if east_asian_width(character) in "WFA" else "narrow"


def pieces(text: str) -> list[str]:
    """Full-width characters one by one, narrow ones together up to a space."""
    found: list[str] = []
    for character in text:
        narrow = east_asian_width(character) not in "WFA"
        joins = found and narrow and east_asian_width(found[-1][-1]) not in "WFA" and not found[-1].endswith(" ")
        if joins:
            found[-1] += character
        else:
            found.append(character)
    return found


def place_label(text: str, top: int, value: str = "") -> tuple[Label, int]:
    """The label's lines from `top` on, and the y where its bar may begin; `value` stands beside the last if it fits."""
    lines = wrap_label(text)
    beside = LINE_WIDTH - 1 - text_width(value) if value else BESIDE_VALUE
    rows = len(lines) + (text_width(lines[-1]) > beside)
    placed = tuple((top + 17 + number * LINE_HEIGHT, line) for number, line in enumerate(lines))
    return Label(placed, top + 17 + (rows - 1) * LINE_HEIGHT), top + 4 + rows * LINE_HEIGHT


def bars(rows: Sequence[Mapping[str, Any]], labels: Sequence[str], values: Sequence[str] = ()) -> tuple[list[Bar], int]:
    """Bars from zero, the longest of full width, and the drawing's height. `labels` are the rows' plain labels, `values`
    the words at their right."""
    longest = max((row["count"] or 0 for row in rows), default=0)
    found, top = [], 0
    for row, text, value in zip(rows, labels, values or [""] * len(rows), strict=True):
        label, y = place_label(text, top, value)
        width = None if row["count"] is None else 100 * row["count"] / longest if longest else 0
        found.append(Bar(row, label, y, width))
        top = y + 34
    return found, top - 6


def stacks(
    rows: Sequence[Mapping[str, Any]], labels: Sequence[str], levels: int, values: Sequence[str] = ()
) -> tuple[list[Stack], int]:
    """Stacked rows of an ordered scale of 2–7 `levels`, and the drawing's height."""
    found, top = [], 0
    for row, text, value in zip(rows, labels, values or [""] * len(rows), strict=True):
        label, y = place_label(text, top, value)
        found.append(Stack(row, label, y - 2, segments([cell["share"] for cell in row["cells"]], LOOKS[levels])))
        top = y + 40
    return found, top - 8


def segments(shares: Sequence[float | None], looks: Sequence[int]) -> tuple[Segment, ...]:
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        return ()
    starts = [100 * sum(known[:position]) for position in range(len(known))]
    return tuple(
        Segment(start, 100 * share, look, f"{share * 100:.0f}" if share >= SMALLEST_SHARE_WITH_TEXT else "")
        for start, share, look in zip(starts, known, looks, strict=True)
    )


def columns(bins: Sequence[Mapping[str, Any]], top: int, base: int, labels: Sequence[str] = ()) -> list[Column]:
    """Touching bars between `top` and `base` (px). Only as many are labelled as fit beside each other on a phone: a wide
    label begins with its bar."""
    highest = max((one["count"] or 0 for one in bins), default=0) or 1
    width = 100 / len(bins)
    widest = max((text_width(label) + 1 for label in labels), default=1)
    every = ceil(len(bins) * max(1 / 12, widest / TICKS_WIDTH))

    def anchor(position: int) -> str:
        if every == 1:
            return "middle"
        fits = position % every == 0 and (position + every <= len(bins) or position == 0)
        return "start" if fits else ""

    return [
        Column(one, position * width, width, base - height, height, anchor(position))
        for position, one in enumerate(bins)
        for height in [(base - top) * (one["count"] or 0) / highest]
    ]


def axis(highest: float) -> list[int]:
    """Round values from 0 to at least `highest`, at most six of them."""
    if highest <= 0:
        return [0, 1]
    size = 10 ** int(log10(highest)) // 10 or 1
    step = next(size * factor * scale for scale in (1, 10) for factor in STEPS if size * factor * scale * 5 >= highest)
    return list(range(0, ceil(highest / step) * step + 1, step))


def lines(series: Sequence[Mapping[str, Any]], top: int, base: int) -> tuple[list[Line], list[tuple[float, int]]]:
    """Each series as dots and runs, and the axis as pairs of y and value."""
    ticks = axis(max((value or 0 for one in series for value in one["values"]), default=0))
    count = max((len(one["values"]) for one in series), default=0)

    def point(position: int, value: float) -> tuple[float, float]:
        return 6 + 92 * position / max(count - 1, 1), base - (base - top) * value / ticks[-1]

    found = [
        Line(
            one["label"],
            tuple(point(p, v) for p, v in enumerate(one["values"]) if v is not None),
            tuple(" ".join(f"{10 * x:.1f},{y:.1f}" for x, y in run) for run in runs(one["values"], point)),
        )
        for one in series
    ]
    return found, [(base - (base - top) * tick / ticks[-1], tick) for tick in ticks]


def runs(values: Sequence[float | None], point: Any) -> list[list[tuple[float, float]]]:
    """The points between gaps: a suppressed value breaks the line."""
    found: list[list[tuple[float, float]]] = [[]]
    for position, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append(point(position, value))
    return [run for run in found if len(run) > 1]


def line_labels(labels: Sequence[str]) -> list[tuple[float, str, str]]:
    """At most four labels below the line: x in per cent, text, anchor."""
    last = len(labels) - 1
    shown = sorted({round(last * part / 3) for part in range(4)}) if last > 3 else range(last + 1)
    return [
        (
            6 + 92 * p / max(last, 1),
            labels[p],
            "start" if p == 0 and last else "end" if p == last and last else "middle",
        )
        for p in shown
    ]


TEMPLATE_GLOBALS = {
    "chart_bars": bars, "chart_stacks": stacks, "chart_columns": columns, "chart_lines": lines,
    "chart_line_labels": line_labels, "chart_looks": LOOKS,
}  # fmt: skip
