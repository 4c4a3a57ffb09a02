"""What the rule of public comment says: who, how long, by which ways; and how far an answer may move. Pure.

A city's procedure rests on its own 条例 or 要綱, stored as data with the clause of each value. Chapter 6 of the
行政手続法 binds the state only (同法3条3項, 46条); its values are the defaults here, and no page cites it for a city.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from civic.activities.states import Channel
from civic.messages import N_, Message
from consultations.comments.stages import Asked, Outcome, Stage

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Category:
    """A group of people who may comment (在住, 在勤 …). `detail` asks for one more line (勤務先); empty asks for nothing."""

    code: str
    text: Texts
    detail: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Exemption:
    """A case in which the rule needs no procedure (行政手続法39条4項 for the state)."""

    code: str
    text: Texts


@dataclass(frozen=True)
class Rule:
    """The city's rule. `clauses` names the clause each value comes from: `{"minimum_days": "第6条第2項"}`."""

    name: Texts
    number: str = ""
    checked_on: date | None = None
    minimum_days: int = 30
    categories: tuple[Category, ...] = ()
    channels: tuple[Channel, ...] = (Channel.WEB, Channel.COUNTER, Channel.POST, Channel.FAX, Channel.MAIL)
    asks_name: Asked = Asked.OPTIONAL
    asks_address: Asked = Asked.OPTIONAL
    postmark_counts: bool = False
    exemptions: tuple[Exemption, ...] = ()
    clauses: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts; `rule_from_json` gives the equal rule back."""
        return asdict(self) | {
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "categories": [asdict(one) for one in self.categories],
            "channels": [channel.value for channel in self.channels],
            "exemptions": [asdict(one) for one in self.exemptions],
        }

    @property
    def eligibility(self) -> dict[str, str]:
        """Who may comment, a line for each group, in the languages in which all of them are written."""
        languages = [one for one in ("ja", "ja-easy", "en") if all(group.text.get(one) for group in self.categories)]
        return {one: "\n".join(group.text[one] for group in self.categories) for one in languages if self.categories}

    def category(self, code: str | None) -> Category | None:
        return next((one for one in self.categories if one.code == code), None)

    def exemption(self, code: str | None) -> Exemption | None:
        return next((one for one in self.exemptions if one.code == code), None)


def rule_from_json(stored: Mapping[str, Any]) -> Rule:
    """The rule of a stored document; values it does not name have their defaults."""
    known = {one.name for one in fields(Rule)}
    values: dict[str, Any] = {name: value for name, value in stored.items() if name in known}
    checked = values.get("checked_on")
    return Rule(
        **values
        | {
            "checked_on": date.fromisoformat(checked) if checked else None,
            "categories": tuple(Category(**one) for one in values.get("categories", ())),
            "channels": tuple(Channel(one) for one in values.get("channels", ())),
            "exemptions": tuple(Exemption(**one) for one in values.get("exemptions", ())),
            "asks_name": Asked(values.get("asks_name", Asked.OPTIONAL)),
            "asks_address": Asked(values.get("asks_address", Asked.OPTIONAL)),
        }
    )


def days_open(noticed: date, last: date) -> int:
    """Days open for comment, the day of notice included (「公示の日から起算して」 行政手続法39条3項)."""
    return (last - noticed).days + 1


def earliest_last_day(noticed: date, rule: Rule) -> date:
    """The first day on which a period of full length may end: with 30 days, 1 November gives 30 November."""
    return noticed + timedelta(days=rule.minimum_days - 1)


def is_short(noticed: date, last: date, rule: Rule) -> bool:
    """Whether the period needs a stated reason, published with the notice and the result (同法40条1項)."""
    return days_open(noticed, last) < rule.minimum_days


YEAR_END: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
"""年末年始: what the holiday ordinances of cities name as a rule (地方自治法4条の2第2項3号)."""


def offices_closed(day: date) -> Message | None:
    """Why offices are closed on the last day of a period, or None. Nothing is ever moved because of it.

    A period set by a 要綱 does not move to the next working day by law (地方自治法4条の2第4項 is for 法律・命令).
    """
    import jpholiday  # 23 ms, wanted on few pages

    if (day.month, day.day) in YEAR_END:
        return Message(N_("The last day is in the year-end holidays. City offices are closed."))
    if name := jpholiday.is_holiday_name(day):
        return Message(N_("The last day is a public holiday: %(name)s. City offices are closed."), {"name": name})
    if day.weekday() in (calendar.SATURDAY, calendar.SUNDAY):
        return Message(N_("The last day is a Saturday or Sunday. City offices are closed."))
    return None


@dataclass(frozen=True)
class Calendar:
    """The days of a notice: `earliest` is the first day on which the period may end without a stated reason.

    `last`, `days` and `closed` (why offices are closed on the last day) are None where no end is set.
    """

    noticed: date
    earliest: date
    last: date | None = None
    days: int | None = None
    is_short: bool = False
    closed: Message | None = None


def calendar_of(noticed: date, last: date | None, rule: Rule) -> Calendar:
    """The calendar of a period that begins with the notice on `noticed` and ends with `last`."""
    earliest = earliest_last_day(noticed, rule)
    if last is None:
        return Calendar(noticed, earliest)
    return Calendar(
        noticed, earliest, last, days_open(noticed, last), is_short(noticed, last, rule), offices_closed(last)
    )


MOVES: Final[Mapping[Stage, frozenset[Stage]]] = {
    Stage.COLLECTING: frozenset({Stage.ASKED, Stage.DRAFTED}),
    Stage.ASKED: frozenset({Stage.COLLECTING, Stage.DRAFTED}),
    Stage.DRAFTED: frozenset({Stage.ASKED, Stage.DRAFTED, Stage.IN_APPROVAL}),
    Stage.IN_APPROVAL: frozenset({Stage.DRAFTED, Stage.LOCKED}),
    Stage.LOCKED: frozenset(),
}
"""Where an answer may go from each stage. Nothing leads out of LOCKED: an approved answer changes by erratum only."""

OPEN_TO_ITEMS: Final = frozenset({Stage.COLLECTING, Stage.ASKED, Stage.DRAFTED})
"""Stages in which items may come into a group or leave it: what waits for approval or has it stays as it was seen."""


def may_move(stage: Stage, to: Stage) -> bool:
    """Whether an answer may go from one stage to another."""
    return to in MOVES[stage]


NO_NAME: Final = N_("The name of the city's rule for this procedure is missing.")
NO_BASIS: Final = N_("The legal basis of the plan is missing.")
NO_DRAFT: Final = N_("The draft is missing.")
NO_REASON: Final = N_("The period is %(days)s days long, shorter than %(minimum)s. The reason is missing.")


def notice_problems(
    rule: Rule, basis: Texts, short_reason: Texts, period: tuple[date, date] | None, has_draft: bool
) -> list[Message]:
    """What the notice of a consultation still lacks (行政手続法39条1項・2項 as default). `period`: first and last day."""
    problems = []
    if not rule.name.get("ja", "").strip():
        problems.append(Message(NO_NAME))
    if not basis.get("ja", "").strip():
        problems.append(Message(NO_BASIS))
    if not has_draft:
        problems.append(Message(NO_DRAFT))
    if period is not None and is_short(*period, rule) and not short_reason.get("ja", "").strip():
        values: dict[str, object] = {"days": days_open(*period), "minimum": rule.minimum_days}
        problems.append(Message(NO_REASON, values))
    return problems


@dataclass(frozen=True)
class Span:
    """Code points `[start, stop)` of a comment's body."""

    start: int
    stop: int


class SpansClash(ValueError):
    """Spans of one comment overlap, are empty, or lie outside its text."""


def check_spans(spans: Sequence[Span], length: int) -> list[Span]:
    """The spans in order; raises SpansClash. Words between them belong to no item and stay visible beside them."""
    ordered = sorted(spans, key=lambda span: span.start)
    if not ordered or any(not 0 <= one.start < one.stop <= length for one in ordered):
        raise SpansClash
    if any(after.start < before.stop for before, after in pairwise(ordered)):
        raise SpansClash
    return ordered


def span_of_phrases(body: str, first: str, last: str) -> Span | None:
    """The span from where `first` begins to where `last` ends after it, or None: splitting without a script.

    The first place where `first` stands counts; an empty `last` ends with `first` itself.
    """
    start = body.find(first) if first else -1
    if start < 0:
        return None
    if not last:
        return Span(start, start + len(first))
    end = body.find(last, start)
    return Span(start, end + len(last)) if end >= 0 else None


OUTCOMES: Final = tuple(Outcome)
"""All outcomes (反映区分) in the order pages and tables list them."""
