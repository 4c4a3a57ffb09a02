"""Every way a date, a time or a number is shown. The patterns are in languages.toml; the rules are here.

The results are message texts: in やさしい日本語 they carry furigana in braces, which the filters turn into Markup.
Moments are aware (stored in UTC) and shown in Asia/Tokyo. A missing number is a suppressed one (秘匿).
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from string import Template
from typing import Any, Final

from flask import Flask
from flask_babel import gettext
from markupsafe import Markup

from civic import clock
from civic.web import charts, fields
from civic.web.languages import RESOURCE, for_this_page, furigana, language

SMALLEST_BASE_FOR_SHARES: Final = 30
FIRST_MONTH_OF_FISCAL_YEAR: Final = 4
REIWA_BEGAN: Final = 2019
PHONE: Final = re.compile(r"(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])")


def words() -> dict[str, Any]:
    """The patterns of the page's language."""
    return RESOURCE[language()]


def fill(pattern: str, **values: object) -> str:
    return Template(pattern).substitute(values)


def fiscal_year(day: date) -> int:
    """The fiscal year (from April) `day` falls in."""
    return day.year if day.month >= FIRST_MONTH_OF_FISCAL_YEAR else day.year - 1


def in_japan(moment: date | datetime) -> date | datetime:
    return moment.astimezone(clock.TOKYO) if isinstance(moment, datetime) else moment


def day_number(day: int) -> str:
    known = words().get("days", {}).get(str(day))
    return str(known or fill(words().get("day_word", "$number"), number=day))


def day_text(day: date, pattern: str) -> str:
    return fill(
        words()[pattern],
        year=day.year,
        reiwa=day.year - REIWA_BEGAN + 1,
        month=day.month,
        monthname=words().get("months", [""] * 12)[day.month - 1],
        day=day_number(day.day),
        weekday=words()["weekdays"][day.weekday()],
    )


def time_text(moment: datetime) -> str:
    minute = f"{moment.minute:02}"
    if "minute_word" in words():
        pattern = words()["minutes"].get(minute[-1], words()["minute_word"])
        minute = fill(pattern, number=moment.minute)
    return fill(
        words()["time_minutes" if moment.minute else "time"],
        hour=moment.hour,
        hour2=f"{moment.hour:02}",
        hour12=moment.hour % 12,
        half=words().get("halves", ["", ""])[moment.hour // 12],
        minute=minute,
    )


def with_time(moment: date | datetime, day: str) -> str:
    return fill(words()["moment"], day=day, time=time_text(moment)) if isinstance(moment, datetime) else day


def date_long(moment: date | datetime) -> str:
    """Day with year, and the time of a datetime: 2026年11月23日(月) 14時05分."""
    local = in_japan(moment)
    return with_time(local, day_text(local, "day_of_year"))


def date_short(moment: date | datetime) -> str:
    """Day (and time) with the year only when it is not of this fiscal year: 12月11日(金) 17時."""
    local = in_japan(moment)
    this_year = fiscal_year(local) == fiscal_year(clock.today())
    return with_time(local, day_text(local, "day" if this_year else "day_of_year"))


def date_only(moment: date | datetime) -> str:
    """`date_short` without the time."""
    local = in_japan(moment)
    return date_short(local.date() if isinstance(local, datetime) else local)


def date_document(moment: date | datetime) -> str:
    """For printed papers: 2026年(令和8年)11月23日."""
    return day_text(in_japan(moment), "document_day")


def month(moment: date | datetime) -> str:
    """2027年3月."""
    return day_text(in_japan(moment), "month_of_year")


def deadline(moment: date | datetime) -> str:
    """12月11日(金) 17時まで."""
    return fill(words()["deadline"], moment=date_short(moment))


def period(start: date | datetime, end: date | datetime) -> str:
    """Days from `start` to `end`: 12月1日(火)〜12月25日(金)."""
    return fill(words()["period"], start=date_only(start), end=date_only(end))


def days_left(moment: date | datetime) -> int:
    """Calendar days in Japan from today until `moment`; 0 is today, negative is past."""
    local = in_japan(moment)
    return ((local.date() if isinstance(local, datetime) else local) - clock.today()).days


def number(value: float | None) -> str:
    """Half-width digits with a comma at thousands; None is suppressed."""
    return gettext("Suppressed") if value is None else f"{value:,}"


def count_people(value: int | None) -> str:
    """638人."""
    if value is None:
        return number(value)
    known = words().get("counted_people", {}).get(str(value))
    return str(known or fill(words()["people"], number=number(value)))


def count_items(value: int | None) -> str:
    """638件; in English the number alone, because the noun stands beside it."""
    return number(value) if value is None else fill(words()["items"], number=number(value))


def share(value: float | None, base: int | None = None) -> str:
    """A share of 0–1 as a percentage with one decimal. Under 30 people there is none: give the numbers instead."""
    if base is not None and base < SMALLEST_BASE_FOR_SHARES:
        return "–"
    return gettext("Suppressed") if value is None else f"{value * 100:.1f}%"


def receipt_number(value: str) -> str:
    """Groups of four: XXXX-XXXX-XXXX-XXXX."""
    bare = value.replace("-", "")
    return "-".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def file_size(size: int) -> str:
    """Bytes as 18KB or 1.8MB (1 KB is 1,000 bytes)."""
    return f"{size / 1_000_000:.1f}MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000)):,}KB"


def phones(shown: Markup) -> Markup:
    """A text of staff as it stands in a page, with its telephone numbers as links that call and do not break."""
    call = r'<a class="nowrap" href="tel:\g<0>">\g<0></a>'
    return Markup(PHONE.sub(call, str(shown)))  # noqa: S704 - the text comes escaped, and a number holds digits and hyphens


def with_furigana(formatter: Callable[..., str]) -> Callable[..., Markup]:
    """The formatter as a filter: its words escaped, with furigana where the reader wants it."""

    def shown(*values: Any) -> Markup:
        return furigana(formatter(*values))

    return shown


def register(app: Flask) -> None:
    """Give templates every formatter under its own name, as a filter, and what the form macros ask."""
    formatters: tuple[Callable[..., str], ...] = (
        date_long, date_short, date_only, date_document, month, deadline, period,
        number, count_people, count_items, share, receipt_number, file_size,
    )  # fmt: skip
    app.jinja_env.filters.update({one.__name__: for_this_page(with_furigana(one)) for one in formatters})
    app.jinja_env.filters["phones"] = phones
    app.jinja_env.filters["days_left"] = for_this_page(days_left)
    app.jinja_env.globals.update({**fields.TEMPLATE_GLOBALS, **charts.TEMPLATE_GLOBALS})
