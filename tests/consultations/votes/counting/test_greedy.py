"""Budget by votes: the most approved project that fits, again and again; ties only where money decides."""

import pytest

from consultations.votes.counting import errors
from consultations.votes.counting.draw import Reason, draw
from consultations.votes.counting.greedy import Considered, greedy
from tests.consultations.votes.counting.strategies import SEEDS, budgeted, given


def test_a_project_that_no_longer_fits_is_passed_over():
    counted = greedy([(["a"], 5), (["b"], 4), (["c"], 3)], {"a": 60, "b": 50, "c": 40}, budget=100)
    assert counted.bought == ("a", "c")
    assert counted.spent == 100
    assert counted.considered == (
        Considered("a", 60, 5, 100, True),
        Considered("b", 50, 4, 40, False),
        Considered("c", 40, 3, 40, True),
    )


def test_equal_votes_are_drawn_for_where_the_money_does_not_reach():
    counted = greedy([(["a", "b", "c"], 2)], {"a": 60, "b": 60, "c": 200}, budget=100, seed="6")
    assert counted.bought == draw("6", "ab")[:1]
    assert counted.draws[0].reason is Reason.PURCHASE
    assert counted.draws[0].order == draw("6", "ab")
    with pytest.raises(errors.SeedMissing):
        greedy([(["a", "b"], 2)], {"a": 60, "b": 60}, budget=100)


def test_equal_votes_with_money_for_all_need_no_draw():
    counted = greedy([(["a", "b", "c"], 2)], {"a": 50, "b": 50, "c": 200}, budget=100)
    assert counted.bought == ("a", "b")
    assert counted.draws == ()


def test_a_project_without_a_vote_is_not_bought():
    assert greedy([(["a"], 1)], {"a": 1, "b": 1}, budget=100).bought == ("a",)


@pytest.mark.parametrize("amount", [0, -1, 1.5, "100", True])
def test_money_is_whole_and_there(amount):
    with pytest.raises(errors.BadBudget):
        greedy([(["a"], 1)], {"a": 1}, budget=amount)
    with pytest.raises(errors.BadCost, match="'a'"):
        greedy([(["a"], 1)], {"a": amount}, budget=1)


def test_a_ballot_keeps_to_the_most_choices():
    with pytest.raises(errors.TooManyChoices):
        greedy([(["a", "b"], 1)], {"a": 1, "b": 1}, budget=1, most=1)


@given(budgeted(), SEEDS)
def test_it_never_overspends_and_leaves_out_only_what_does_not_fit(election, seed):
    costs, budget, cast = election
    counted = greedy(cast, costs, budget=budget, seed=seed)
    assert counted.spent == sum(costs[code] for code in counted.bought) <= budget
    assert {one.project for one in counted.considered} == set(costs)
    for one in counted.considered:
        assert one.bought == (one.votes > 0 and one.cost <= one.left_before)
