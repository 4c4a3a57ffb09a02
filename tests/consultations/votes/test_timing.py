"""The ordinance's days: 30 to 90 from the notice to the vote, announced 7 before, arguments still during an election."""

from datetime import date, timedelta

import pytest

from consultations.votes.timing import Freeze, Timing

NOTICE = date(2026, 10, 1)
RULE = Timing(notice_day=NOTICE, least_days=30, most_days=90, proclaimed_on=NOTICE, proclaimed_days=7)


@pytest.mark.parametrize(("days", "broken"), [(29, 1), (30, 0), (90, 0), (91, 1)])
def test_the_last_day_lies_as_far_from_the_notice_as_the_rule_says(days: int, broken: int) -> None:
    assert len(RULE.broken(None, NOTICE + timedelta(days=days))) == broken


@pytest.mark.parametrize(("days", "broken"), [(6, 1), (7, 0)])
def test_the_vote_is_announced_as_early_as_the_rule_says(days: int, broken: int) -> None:
    assert len(RULE.broken(NOTICE + timedelta(days=days), None)) == broken


def test_an_ordinance_without_these_rules_asks_for_no_day() -> None:
    assert Timing().missing == Timing().broken(NOTICE, NOTICE) == []
    assert len(Timing(least_days=0, proclaimed_days=0).missing) == 2
    assert len(Timing(most_days=90).missing) == 1
    assert Timing(notice_day=NOTICE).broken(NOTICE, NOTICE) == []


def test_arguments_stand_still_from_the_first_to_the_last_day() -> None:
    freeze = Freeze(date(2026, 11, 1), date(2026, 11, 8))
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 9)]
    assert [freeze.holds_on(day) for day in days] == [False, True, True, False]
    assert not Freeze().holds_on(NOTICE)


@pytest.mark.parametrize(
    ("first", "last", "allowed"), [(1, 8, True), (1, 9, True), (1, 7, False), (2, 8, False), (None, None, False)]
)
def test_a_freeze_that_holds_grows_and_does_not_shrink(first: int | None, last: int | None, allowed: bool) -> None:
    held = Freeze(date(2026, 11, 1), date(2026, 11, 8))
    other = Freeze(first and date(2026, 11, first), last and date(2026, 11, last))
    assert held.allows(other) is allowed
