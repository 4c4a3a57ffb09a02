"""Dates and numbers as the glossary and the writing guide say, in three languages."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from civic.web import formatters
from civic.web.languages import LANGUAGES

AUTUMN = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)
CLOSES = datetime(2026, 12, 11, 8, 0, tzinfo=UTC)


@pytest.fixture
def say(frame: Flask) -> Callable[..., str]:
    """Call a formatter in a language: `say("en", formatters.number, 3)`."""

    def called(language: str, formatter: Callable[..., str], *values: object) -> str:
        with frame.app_context(), force_locale(LANGUAGES[language]), time_machine.travel(AUTUMN, tick=False):
            return formatter(*values)

    return called


@pytest.mark.parametrize(
    ("formatter", "values", "ja", "easy", "en"),
    [
        (
            formatters.date_long, (AUTUMN,), "2026年11月23日(月) 14時05分",
            "2026{年/ねん}11{月/がつ}23{日/にち}({月曜日/げつようび}) {午後/ごご}2{時/じ}5{分/ふん}",
            "Monday 23 November 2026, 14:05",
        ),
        (
            formatters.deadline, (CLOSES,), "12月11日(金) 17時まで",
            "12{月/がつ}11{日/にち}({金曜日/きんようび}) {午後/ごご}5{時/じ}まで", "until Friday 11 December 2026, 17:00",
        ),
        (
            formatters.period, (date(2026, 9, 1), date(2026, 9, 30)), "9月1日(火)〜9月30日(水)",
            "9{月/がつ}{1日/ついたち}({火曜日/かようび})から 9{月/がつ}30{日/にち}({水曜日/すいようび})まで",
            "Tuesday 1 September 2026 to Wednesday 30 September 2026",
        ),
        (
            formatters.date_only, (date(2027, 1, 29),), "1月29日(金)",
            "1{月/がつ}29{日/にち}({金曜日/きんようび})", "Friday 29 January 2027",
        ),
        (
            formatters.date_only, (date(2027, 4, 2),), "2027年4月2日(金)",
            "2027{年/ねん}4{月/がつ}{2日/ふつか}({金曜日/きんようび})", "Friday 2 April 2027",
        ),
        (formatters.date_document, (AUTUMN,), "2026年(令和8年)11月23日", "2026{年/ねん}11{月/がつ}23{日/にち}", "23 November 2026"),
        (formatters.month, (date(2027, 3, 1),), "2027年3月", "2027{年/ねん}3{月/がつ}", "March 2027"),
        (formatters.number, (1284,), "1,284", "1,284", "1,284"),
        (formatters.count_people, (638,), "638人", "638{人/にん}", "638 people"),
        (formatters.count_people, (1,), "1人", "{1人/ひとり}", "1 person"),
        (formatters.count_items, (1284,), "1,284件", "1,284{件/けん}", "1,284"),
        (formatters.count_people, (None,), "秘匿", "{出/だ}しません", "Suppressed"),
        (formatters.share, (0.2087,), "20.9%", "20.9%", "20.9%"),
        (formatters.share, (None,), "秘匿", "{出/だ}しません", "Suppressed"),
    ],
)  # fmt: skip
def test_each_value_is_written_as_the_guide_says(
    say: Callable[..., str], formatter: Callable[..., str], values: tuple[object, ...], ja: str, easy: str, en: str
) -> None:
    assert [say(language, formatter, *values) for language in ("ja", "ja-easy", "en")] == [ja, easy, en]


def test_under_thirty_people_there_is_no_percentage(say: Callable[..., str]) -> None:
    assert say("ja", formatters.share, 0.5, 29) == "–"
    assert say("ja", formatters.share, 0.5, 30) == "50.0%"


def test_a_moment_shows_the_day_in_japan(say: Callable[..., str]) -> None:
    assert say("ja", formatters.date_only, datetime(2026, 11, 30, 15, 0, tzinfo=UTC)) == "12月1日(火)"


def test_days_are_counted_by_the_calendar_in_japan(frame: Flask) -> None:
    with time_machine.travel(AUTUMN, tick=False):
        assert formatters.days_left(CLOSES) == 18
        assert formatters.days_left(datetime(2026, 11, 23, 14, 59, tzinfo=UTC)) == 0
        assert formatters.days_left(date(2026, 11, 22)) == -1


@pytest.mark.parametrize(
    ("minute", "reading"), [(1, "ぷん"), (2, "ふん"), (10, "ぷん"), (15, "ふん"), (18, "ぷん"), (30, "ぷん")]
)
def test_minutes_are_read_as_they_are_spoken(say: Callable[..., str], minute: int, reading: str) -> None:
    words = say("ja-easy", formatters.date_long, datetime(2026, 11, 23, 0, minute, tzinfo=UTC))
    assert words.endswith(f"{{午前/ごぜん}}9{{時/じ}}{minute}{{分/{reading}}}")


def test_a_receipt_number_stands_in_groups_of_four() -> None:
    assert formatters.receipt_number("7QXD94HTMK26W3ZB") == "7QXD-94HT-MK26-W3ZB"
    assert formatters.receipt_number("7QXD-94HT-MK26-W3ZB") == "7QXD-94HT-MK26-W3ZB"


def test_file_sizes_are_short() -> None:
    assert [formatters.file_size(size) for size in (12, 18_400, 1_830_000)] == ["1KB", "18KB", "1.8MB"]


def test_filters_give_finished_markup(render: Callable[..., str]) -> None:
    assert render("{{ 638|count_people }}", "ja-easy") == "638<ruby>人<rt>にん</rt></ruby>"


def test_a_telephone_number_calls_and_does_not_break() -> None:
    shown = formatters.phones(Markup("<p>公園課 電話 0120-123-456(2026-11-23まで)</p>"))
    assert shown == '<p>公園課 電話 <a class="nowrap" href="tel:0120-123-456">0120-123-456</a>(2026-11-23まで)</p>'
    assert formatters.phones(Markup("090-1234-5678 &lt;b&gt;")).endswith("</a> &lt;b&gt;")
