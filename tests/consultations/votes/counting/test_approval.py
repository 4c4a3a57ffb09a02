"""Approval: any number of choices, each counted once."""

from hypothesis import strategies as st

from consultations.votes.counting.approval import approval
from tests.consultations.votes.counting.strategies import OPTIONS, SEEDS, ballots, given


def test_each_choice_counts_once_and_an_empty_ballot_is_a_ballot():
    counted = approval([(["a", "b"], 3), (["b", "b"], 2), ([], 4)], "abc")
    assert {line.option: line.total for line in counted.lines} == {"a": 3, "b": 5, "c": 0}
    assert counted.elected == ("b",)
    assert counted.ballots == 9


@given(ballots(st.frozensets(st.sampled_from(OPTIONS))), SEEDS, st.sampled_from(OPTIONS))
def test_one_more_approval_never_harms_who_is_elected(cast, seed, code):
    before = approval(cast, OPTIONS, seed=seed)
    after = approval([*cast, ([before.elected[0]], 1)], OPTIONS, seed=seed)
    assert after.elected == before.elected


@given(ballots(st.frozensets(st.sampled_from(OPTIONS))), SEEDS)
def test_totals_are_the_ballots_that_name_the_option(cast, seed):
    counted = approval(cast, OPTIONS, seed=seed)
    for line in counted.lines:
        assert line.total == sum(times for ballot, times in cast if line.option in ballot)
