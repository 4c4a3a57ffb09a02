"""What times mean: before, at and after each of them; and a clock set back."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from civic.activities import rules
from civic.activities.states import RESIDENT_CHANNELS, Channel, ResultsShow, State

START = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
END = datetime(2026, 12, 11, 8, 0, tzinfo=UTC)  # 17:00 in Japan
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Times:
    starts_at: datetime | None = START
    ends_at: datetime | None = END
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    submitted_at: datetime | None = START - timedelta(days=2)
    approved_at: datetime | None = START - timedelta(days=1)
    results_show: ResultsShow = ResultsShow.AFTER_CLOSE


DRAFT = Times(submitted_at=None, approved_at=None)
WAITING = Times(approved_at=None)
APPROVED = Times()
OPENED = Times(opened_at=START)
ENDED = replace(OPENED, ended_at=END)
CLOSED = replace(ENDED, closed_at=END + timedelta(days=1))
ANSWERED = replace(CLOSED, answered_at=END + timedelta(days=2))


@pytest.mark.parametrize(
    ("times", "at", "state"),
    [
        (DRAFT, START, State.DRAFT),
        (WAITING, START + timedelta(days=99), State.IN_APPROVAL),
        (APPROVED, START - TICK, State.SCHEDULED),
        (APPROVED, START, State.OPEN),
        (APPROVED, END - TICK, State.OPEN),
        (APPROVED, END, State.ENDED),
        (OPENED, END - TICK, State.OPEN),
        (OPENED, END, State.ENDED),
        (OPENED, END + TICK, State.ENDED),
        (OPENED, START - timedelta(hours=3), State.OPEN),
        (ENDED, START, State.ENDED),
        (CLOSED, START, State.CLOSED),
        (ANSWERED, START, State.ANSWERED),
        (replace(OPENED, withdrawn_at=START), START, State.WITHDRAWN),
        (replace(ANSWERED, withdrawn_at=END), END, State.WITHDRAWN),
    ],
)
def test_the_state_is_told_by_the_latches_then_by_the_clock(times: Times, at: datetime, state: State) -> None:
    assert rules.state_of(times, at) is state


@pytest.mark.parametrize(
    ("times", "at", "due"),
    [
        (APPROVED, START - TICK, (False, False)),
        (APPROVED, START, (True, False)),
        (APPROVED, END, (True, True)),
        (OPENED, START, (False, False)),
        (OPENED, END - TICK, (False, False)),
        (OPENED, END, (False, True)),
        (ENDED, END + timedelta(days=1), (False, False)),
        (DRAFT, END, (False, False)),
        (WAITING, END, (False, False)),
        (replace(APPROVED, withdrawn_at=START), END, (False, False)),
        (replace(OPENED, ends_at=None), END, (False, False)),
    ],
)
def test_a_latch_is_due_once_from_its_moment_on(times: Times, at: datetime, due: tuple[bool, bool]) -> None:
    found = rules.due_latches(times, at)
    assert (found.open, found.end) == due
    assert bool(found) is any(due)


@pytest.mark.parametrize("channel", list(Channel))
def test_residents_channels_stop_at_the_end_and_staff_channels_at_the_close(channel: Channel) -> None:
    assert not rules.accepts(APPROVED, channel)
    assert rules.accepts(OPENED, channel)
    assert rules.accepts(ENDED, channel) is (channel not in RESIDENT_CHANNELS)
    assert not rules.accepts(CLOSED, channel)
    assert not rules.accepts(replace(OPENED, withdrawn_at=START), channel)


def test_a_clock_set_back_opens_nothing_again() -> None:
    for hours in range(1, 24 * 30):
        at = END - timedelta(hours=hours)
        assert rules.state_of(ENDED, at) is State.ENDED
        assert not rules.due_latches(ENDED, at)
        assert not rules.accepts(ENDED, Channel.WEB)


def test_the_last_moment_is_the_announced_end_or_an_earlier_stop() -> None:
    assert rules.last_moment(OPENED) == END
    assert rules.last_moment(replace(OPENED, ended_at=END + timedelta(minutes=4))) == END
    assert rules.last_moment(replace(OPENED, ended_at=START + timedelta(days=1))) == START + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "in_time"),
    [(date(2026, 12, 10), True), (date(2026, 12, 11), True), (date(2026, 12, 12), False), (None, True)],
)
def test_paper_is_in_time_until_the_last_day_in_japan(day: date | None, in_time: bool) -> None:
    assert rules.arrived_in_time(ENDED, day) is in_time


def test_the_last_day_is_a_day_in_japan_not_in_utc() -> None:
    evening = replace(ENDED, ends_at=datetime(2026, 12, 11, 15, 30, tzinfo=UTC), ended_at=None)  # 00:30 on the 12th
    assert rules.arrived_in_time(evening, date(2026, 12, 12))


@pytest.mark.parametrize(
    ("show", "states"),
    [
        (ResultsShow.NEVER, set()),
        (ResultsShow.AFTER_CLOSE, {State.CLOSED, State.ANSWERED}),
        (ResultsShow.LIVE, {State.OPEN, State.ENDED, State.CLOSED, State.ANSWERED}),
    ],
)
def test_results_show_when_it_was_said(show: ResultsShow, states: set[State]) -> None:
    times = (DRAFT, WAITING, APPROVED, OPENED, ENDED, CLOSED, ANSWERED, replace(ANSWERED, withdrawn_at=END))
    at = START - TICK
    shown = {rules.state_of(one, at) for one in times if rules.shows_results(replace(one, results_show=show), at)}
    assert shown == states


@dataclass(frozen=True)
class Told(Times):
    """What an opening needs, all of it there."""

    title: dict[str, str] | None = None
    retention_until: date | None = date(2027, 3, 31)
    answer_due: date | None = date(2027, 1, 29)

    def __getattr__(self, name: str) -> object:
        return {"ja": "文", "en": "text"} if name in {*rules.NEEDED_TEXTS, "other_ways"} else ["web"]


def complete(**changes: object) -> Told:
    return replace(Told(title={"ja": "題"}, approved_at=None), **changes)  # type: ignore[arg-type] # values by name


def sentences(told: Told, at: datetime = START) -> list[str]:
    return [str(message) for message in rules.opening_problems(told, at)]  # type: ignore[arg-type] # texts by __getattr__


def test_nothing_is_missing_where_everything_is_told() -> None:
    assert sentences(complete()) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"title": {}}, "title"),
        ({"title": {"ja": "  "}}, "title"),
        ({"title": {"en": "Only English"}}, "title"),
        ({"starts_at": None}, "period is missing"),
        ({"ends_at": None}, "period is missing"),
        ({"ends_at": START}, "past"),
        ({"retention_until": None}, "erased"),
        ({"retention_until": date(2026, 12, 11)}, "erased before"),
        ({"answer_due": None}, "answer is missing"),
        ({"answer_due": date(2026, 12, 11)}, "before the end"),
    ],
)
def test_each_thing_missing_has_its_sentence(changes: dict[str, object], word: str) -> None:
    (found,) = sentences(complete(**changes))
    assert word in found


def test_missing_languages_are_listed_by_text() -> None:
    assert ("title", "ja-easy") in rules.missing_texts(complete())  # type: ignore[arg-type] # texts by __getattr__
    assert ("purpose", "en") not in rules.missing_texts(complete())  # type: ignore[arg-type] # texts by __getattr__
