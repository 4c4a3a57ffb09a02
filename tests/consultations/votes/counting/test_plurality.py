"""Plurality: one choice, the most votes, ties by the draw alone."""

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.draw import Draw, Reason, draw
from consultations.votes.counting.errors import SeedMissing
from consultations.votes.counting.plurality import plurality
from consultations.votes.counting.tallies import Line
from tests.consultations.votes.counting.strategies import OPTIONS, SEEDS, ballots, given


def test_the_most_votes_win_and_every_option_has_its_line():
    counted = plurality([("yes", 40), ("no", 38), ("yes", 2)], ["no", "yes", "blank"])
    assert counted.elected == ("yes",)
    assert counted.ballots == 80
    assert counted.lines == (Line("yes", 42, 1, True), Line("no", 38, 2, False), Line("blank", 0, 3, False))
    assert counted.draw is None


def test_a_tie_for_the_seat_is_drawn_and_the_draw_is_recorded():
    counted = plurality([("b", 5), ("a", 5), ("c", 1)], "abc", seed="2026")
    assert counted.draw == Draw(Reason.SEAT, draw("2026", "ab"), draw("2026", "ab")[:1])
    assert counted.elected == counted.draw.taken
    assert [line.place for line in counted.lines] == [1, 1, 3]


def test_a_tie_without_a_seed_stops_the_count():
    with pytest.raises(SeedMissing):
        plurality([("a", 5), ("b", 5)], "ab")


def test_a_tie_that_decides_nothing_needs_no_draw():
    counted = plurality([("a", 5), ("b", 5), ("c", 1)], "abc", seats=2)
    assert counted.elected == ("a", "b")
    assert counted.draw is None


@given(ballots(st.sampled_from(OPTIONS)), SEEDS)
def test_more_than_half_of_the_votes_win(cast, seed):
    counted = plurality(cast, OPTIONS, seed=seed)
    for line in counted.lines:
        if 2 * line.total > counted.ballots:
            assert counted.elected == (line.option,)


@given(ballots(st.sampled_from(OPTIONS)), SEEDS, st.integers(1, 5))
def test_nobody_outside_has_more_votes_than_anybody_elected(cast, seed, seats):
    counted = plurality(cast, OPTIONS, seats=seats, seed=seed)
    totals = {line.option: line.total for line in counted.lines}
    assert len(set(counted.elected)) == seats
    outside = [totals[code] for code in OPTIONS if code not in counted.elected]
    assert max(outside, default=0) <= min(totals[code] for code in counted.elected)
    assert sum(totals.values()) == counted.ballots
