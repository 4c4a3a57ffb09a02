"""Score: points add up, an option left out got none."""

from hypothesis import strategies as st

from consultations.votes.counting.approval import approval
from consultations.votes.counting.score import score
from tests.consultations.votes.counting.strategies import OPTIONS, SEEDS, ballots, given


def test_points_add_up_and_what_is_left_out_got_none():
    counted = score([({"a": 5, "b": 4}, 2), ({"b": 3}, 1), ({"b": 3, "a": 0}, 1)], "abc", highest=5)
    assert {line.option: line.total for line in counted.lines} == {"a": 10, "b": 14, "c": 0}
    assert counted.elected == ("b",)


@given(ballots(st.frozensets(st.sampled_from(OPTIONS))), SEEDS)
def test_points_of_one_are_approvals(cast, seed):
    points = [(dict.fromkeys(ballot, 1), times) for ballot, times in cast]
    scored, approved = score(points, OPTIONS, highest=1, seed=seed), approval(cast, OPTIONS, seed=seed)
    assert (scored.lines, scored.elected, scored.draw) == (approved.lines, approved.elected, approved.draw)
