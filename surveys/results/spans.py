"""Classes (階級) of a date question: whole months or years, from its limits and the day of opening alone, never from
the answers, for the reasons of `bins`. Pure.
"""

from dataclasses import dataclass
from datetime import date

from surveys.questionnaire import Question, QuestionType, Text

MOST_SPANS = 12
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240)
YEAR = 12
OPEN = ".."  # an end of a span that is not closed (ISO 8601-2)


@dataclass(frozen=True)
class Span:
    """Days from the month `first` to the month `last`, both counted from year 0; None is an open end."""

    first: int | None
    last: int | None

    @property
    def code(self) -> str:
        """As ISO 8601 writes it: `2026-11`, `2026-01/2026-03`, `../2025-11`."""
        return iso(self.first) if self.first == self.last else f"{iso(self.first)}/{iso(self.last)}"

    def holds(self, day: str) -> bool:
        month = month_of(day)
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)


def spans_of(question: Question, opened: date | None) -> tuple[Span, ...]:
    """At most twelve classes of whole months or years of a date question.

    Without a smallest day they begin eleven months before the month of `opened`, after one class for everything
    earlier; without a largest one they end with that month, and one class holds what is later. Without any of the two
    there are none.
    """
    lower, upper = (str(limit) if limit is not None else None for limit in (question.min, question.max))
    if question.type is not QuestionType.DATE or (opened is None and (lower is None or upper is None)):
        return ()
    now = month_of(opened.isoformat()) if opened else 0
    last = month_of(upper) if upper else max(now, month_of(lower) if lower else now)
    first = month_of(lower) if lower else min(now, last) - YEAR + 1
    width = next((one for one in MONTHS if last // one - first // one < MOST_SPANS), MONTHS[-1])
    starts = range(first - first % width, last + 1, width)
    inner = [Span(start, start + width - 1) for start in starts]
    before = [] if lower else [Span(None, starts[0] - 1)]
    after = [] if upper else [Span(inner[-1].last + 1, None)] if inner[-1].last is not None else []
    return (*before, *inner, *after)


def month_of(day: str) -> int:
    """The month of an ISO day, counted from year 0."""
    year, month = day.split("-")[:2]
    return int(year) * YEAR + int(month) - 1


def iso(month: int | None) -> str:
    return OPEN if month is None else f"{month // YEAR:04}-{month % YEAR + 1:02}"


def words_of(code: str) -> Text:
    """How the class with this code is called."""
    first, _, last = code.partition("/")
    last = last or first
    if first == OPEN:
        return said(last, "{when}以前", "{when}{{以前/いぜん}}", "until {when}")
    if last == OPEN:
        return said(first, "{when}以降", "{when}{{以降/いこう}}", "from {when}")
    start, end = month_of(first), month_of(last)
    if start % YEAR == 0 and end % YEAR == YEAR - 1:
        years = (str(start // YEAR), str(end // YEAR))
        ja, easy = ("〜".join(f"{one}{word}" for one in dict.fromkeys(years)) for word in ("年", "{年/ねん}"))
        return {"ja": ja, "ja-easy": easy, "en": "–".join(dict.fromkeys(years))}
    if start == end:
        return said(first, "{when}", "{when}", "{when}")
    until = end % YEAR + 1
    return said(first, f"{{when}}〜{until}月", f"{{when}}〜{until}{{{{月/がつ}}}}", f"{{when}} to {name(end)}")


def said(month: str, ja: str, easy: str, en: str) -> Text:
    """A month in the words around it."""
    year, number = month.split("-")
    at = int(number)
    return {
        "ja": ja.format(when=f"{year}年{at}月"),
        "ja-easy": easy.format(when=f"{year}{{年/ねん}} {at}{{月/がつ}}"),
        "en": en.format(when=name(month_of(month))),
    }


def name(month: int) -> str:
    return f"{date(month // YEAR, month % YEAR + 1, 1):%b %Y}"
