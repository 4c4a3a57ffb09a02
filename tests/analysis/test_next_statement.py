"""Which statement comes next: the unseen one that needs it most, and every one is heard."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.next_statement import ENOUGH, Shown, at_random, choose, next_statement, priority, simulate

COUNTS = st.lists(st.integers(0, 2 * ENOUGH), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None)
@given(COUNTS, st.floats(0, 1, exclude_max=True), st.data())
def test_only_what_was_not_answered_is_shown_until_nothing_is_left(counts, draw, data):
    shown = [Shown(str(place), votes, votes // 2) for place, votes in enumerate(counts)]
    answered = data.draw(st.sets(st.sampled_from([one.statement for one in shown])))
    found = next_statement(shown, answered, draw)
    if len(answered) == len(shown):
        assert found is None
    else:
        assert found in {one.statement for one in shown} - answered
        assert found == next_statement(shown, answered, draw)


def test_who_has_enough_waits_while_another_falls_short():
    left = [Shown("heard", ENOUGH, 40), Shown("new", 0), Shown("late", ENOUGH - 1, 10)]
    drawn = [choose(left, number / 100) for number in range(100)]
    assert "heard" not in drawn
    assert drawn.count("new") > 90


def test_once_all_have_enough_it_is_the_published_priority():
    left = [Shown("passed", 100, 5, 5), Shown("liked", 100, 90, 10)]
    assert priority(left[1]) > priority(left[0])
    drawn = [choose(left, number / 100) for number in range(100)]
    assert drawn.count("liked") > 90


def test_the_least_heard_tenth_gets_twice_what_chance_gives():
    ours = [simulate(choose, seed=seed) for seed in range(3)]
    chance = [simulate(at_random, seed=seed) for seed in range(3)]
    assert sum(one.low_tenth for one in ours) > 2 * sum(one.low_tenth for one in chance)
    assert min(one.enough_share for one in ours) > max(one.enough_share for one in chance)
    assert simulate(choose, seed=1) == ours[1]


def test_the_priority_is_the_published_formula():
    assert priority(Shown("unseen")) == pytest.approx((1 / 2 * 1 / 2 * 9) ** 2)
    two_passed = Shown("seen by ten", 10, 6, 2)
    assert priority(two_passed) == pytest.approx((9 / 12 * 7 / 12 * (1 + 8 * 2**-2)) ** 2)
