"""Where things stand in the charts, and that a suppressed figure leaves no trace of its size."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from civic.web import charts

BARS = '{% import "macros/charts.html" as charts %}{{ charts.bar_figure("f", "問", "n", "所見", rows, n) }}'


def test_bars_start_at_zero_and_the_longest_is_whole() -> None:
    found, height = charts.bars([{"count": 5}, {"count": 20}, {"count": 0}, {"count": None}], ["a", "b", "c", "d"])
    assert [bar.width for bar in found] == [25.0, 100.0, 0.0, None]
    assert height > found[-1].y


def test_a_long_label_is_wrapped_and_the_value_gets_a_line_of_its_own() -> None:
    label, y = charts.place_label("調べものや学校の課題があるときだけ使います", 0)
    assert len(label.lines) == 2
    assert y > label.value_y >= label.lines[-1][0]


def test_a_value_stands_beside_its_label_where_a_phone_has_room_for_both() -> None:
    label, _ = charts.place_label("調べものや学校の課題", 0, "12件 9.2%")
    assert label.value_y == label.lines[-1][0]
    label, _ = charts.place_label("調べものや学校の課題に使う", 0, "1,284件 20.9%")
    assert label.value_y > label.lines[-1][0]


def test_wide_labels_of_bins_leave_each_other_room() -> None:
    bins = [{"count": 1}] * 12
    assert [one.anchor for one in charts.columns(bins, 0, 100, ["9"] * 12)] == ["middle"] * 12
    months = [one.anchor for one in charts.columns(bins, 0, 100, ["2026年11月"] * 12)]
    assert months == ["start" if position in (0, 4, 8) else "" for position in range(12)]


def test_a_hidden_bin_is_a_dash_with_a_note(render: Callable[..., str]) -> None:
    source = (
        '{% import "macros/charts.html" as charts %}{{ charts.histogram_figure("f", "問", "n", "所見", bins, 40) }}'
    )
    bins = [{"label": "0", "count": None, "share": None}, {"label": "1", "count": 40, "share": None}]
    drawing, _, table = render(source, bins=bins).partition("</svg>")
    assert "秘匿" not in drawing
    assert ">–</text>" in drawing
    assert "–:秘匿" in table


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("短い", ["短い"]),
        ("一二三四五六七八九十一二三四五六", ["一二三四五六七八九十一二三四五", "六"]),
        ("一二三四五六七八九十一二三四五、六", ["一二三四五六七八九十一二三四五、", "六"]),
        ("Once or twice a week or more often", ["Once or twice a week or", "more often"]),
        ("今の場所で建て替えて、駅前の市有地は公園にする", ["今の場所で建て替えて、駅前の", "市有地は公園にする"]),
        ("トレーニングルームを市民に開放する", ["トレーニングルームを市民に", "開放する"]),
        ("図書館の開館時間を平日20時まで延ばす", ["図書館の開館時間を平日", "20時まで延ばす"]),
        ("公園は「みなと野市民の森公園」に決める", ["公園は「みなと野市民の", "森公園」に決める"]),
        ("学校教育施設整備基金積立金等を使う", ["学校教育施設整備基金積立金等を", "使う"]),
    ],
)
def test_labels_break_as_readers_expect(text: str, lines: list[str]) -> None:
    assert charts.wrap_label(text) == lines


def test_stacked_parts_touch_and_end_at_their_sum() -> None:
    parts = charts.segments([0.1, 0.2, 0.3, 0.25, 0.15], charts.LOOKS[5])
    assert [round(part.x, 6) for part in parts] == [0, 10, 30, 60, 85]
    assert [part.text for part in parts] == ["10", "20", "30", "25", "15"]


def test_one_suppressed_part_hides_the_whole_row() -> None:
    assert charts.segments([0.5, None], charts.LOOKS[2]) == ()


@pytest.mark.parametrize("highest", [0, 1, 3, 5, 7, 11, 99, 100, 211, 240, 1_284, 98_765])
def test_the_axis_is_round_starts_at_zero_and_reaches_the_highest(highest: int) -> None:
    ticks = charts.axis(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 6
    assert len({b - a for a, b in pairwise(ticks)}) == 1


def test_a_suppressed_value_breaks_the_line() -> None:
    (line,), _ = charts.lines([{"label": "x", "values": [1, 2, None, 4, 5]}], 0, 100)
    assert len(line.dots) == 4
    assert len(line.runs) == 2


def test_a_chart_has_a_name_a_finding_and_a_table_with_the_same_figures(render: Callable[..., str]) -> None:
    rows = [{"label": "はい", "count": 30, "share": 0.75}, {"label": "いいえ", "count": 10, "share": 0.25}]
    page = render(BARS, rows=rows, n=40)
    assert 'role="img" width="100%"' in page
    assert '<title id="f-title">問</title><desc id="f-finding">所見</desc>' in page
    assert page.count("75.0%") == 2
    assert "<caption" in page


def test_under_thirty_answers_the_figure_shows_numbers_only(render: Callable[..., str]) -> None:
    page = render(BARS, rows=[{"label": "はい", "count": 20, "share": 0.8}], n=25)
    assert "80.0%" not in page
    assert "20人" in page


def test_a_suppressed_row_shows_neither_number_nor_length(render: Callable[..., str]) -> None:
    page = render(
        BARS,
        rows=[{"label": "はい", "count": None, "share": None}, {"label": "いいえ", "count": 40, "share": None}],
        n=None,
    )
    assert page.count("秘匿") == 2
    assert len(re.findall(r'<rect x="0"', page)) == 1


@pytest.mark.parametrize("levels", range(2, 8))
def test_a_scale_of_two_to_seven_levels_has_its_looks(render: Callable[..., str], levels: int) -> None:
    row = {"label": "全体", "n": 100, "cells": [{"count": 1, "share": 1 / levels}] * levels}
    source = (
        '{% import "macros/charts.html" as charts %}{{ charts.scale_figure("f", "問", "n", "所見", levels, rows) }}'
    )
    page = render(source, levels=[f"段階{number}" for number in range(levels)], rows=[row])
    assert page.count('stroke="#ffffff" stroke-width="2"') == levels
