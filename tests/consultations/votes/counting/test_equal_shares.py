"""Equal shares: every yen is somebody's, nobody pays for what they did not choose, and groups get their part."""

from fractions import Fraction

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.draw import Reason, draw
from consultations.votes.counting.equal_shares import Completion, Purchase, Worth, equal_shares
from consultations.votes.counting.errors import SeedMissing
from consultations.votes.counting.greedy import greedy
from tests.consultations.votes.counting.strategies import SEEDS, budgeted, given

WORTHS = st.sampled_from(Worth)


def test_a_minority_gets_its_part_where_votes_alone_would_leave_it_nothing():
    """51 of 100 approve ten red projects, 49 ten blue ones, and there is money for ten: 5 and 4, and one more by votes."""
    red, blue = [f"r{number}" for number in range(10)], [f"b{number}" for number in range(10)]
    cast, costs = [(red, 51), (blue, 49)], dict.fromkeys([*red, *blue], 10)
    counted = equal_shares(cast, costs, budget=100, seed="1")
    assert sum(one.project in blue for one in counted.purchases) == 4
    assert sum(one.project in red for one in counted.purchases) == 5
    assert (len(counted.bought), counted.spent) == (10, 100)
    assert not set(greedy(cast, costs, budget=100, seed="1").bought) & set(blue)


def test_supporters_pay_as_equally_as_they_can_and_the_poor_give_all():
    """4 ballots, 10 yen each. a costs 16 and is paid by two, 8 each; b costs 14: one has 2 left, two pay 6 each."""
    cast = [(["a", "b"], 1), (["a"], 1), (["b"], 2)]
    counted = equal_shares(cast, {"a": 16, "b": 14}, budget=40, worth=Worth.ONE, completion=Completion.NONE)
    assert counted.purchases[0].project == "b"
    cast = [(["a", "b"], 1), (["a"], 2), (["b"], 1)]
    counted = equal_shares(cast, {"a": 24, "b": 11}, budget=40, completion=Completion.NONE)
    assert counted.purchases == (
        Purchase("a", 24, 3, Fraction(3), Fraction(8), 3, 0, None),
        Purchase("b", 11, 2, Fraction(11, 9), Fraction(9), 1, 1, None),
    )


def test_bought_next_is_the_project_with_the_most_effective_votes():
    cast = [(["dear"], 3), (["cheap"], 2)]
    costs = {"dear": 30, "cheap": 10}
    assert equal_shares(cast, costs, budget=100).purchases[0].project == "dear"
    assert equal_shares(cast, costs, budget=100, worth=Worth.ONE).purchases[0].project == "cheap"


def test_one_yen_more_for_every_ballot_until_it_would_cost_too_much():
    """Two ballots and 10 yen: 5 each buys nothing; at 6 each a is bought; b would need 8 and then both cost 14."""
    counted = equal_shares([(["a"], 1), (["b"], 1)], {"a": 6, "b": 8}, budget=10, seed="1")
    assert (counted.endowment, counted.runs, counted.overspent_at) == (Fraction(7), 4, Fraction(8))
    assert [one.project for one in counted.purchases] == ["a"]
    assert counted.bought == ("a",)


def test_a_run_that_spends_the_whole_budget_counts():
    counted = equal_shares([(["a"], 1), (["b"], 1)], {"a": 6, "b": 4}, budget=10, completion=Completion.ADD1, seed="1")
    assert (counted.spent, counted.endowment, counted.overspent_at) == (10, Fraction(6), None)


def test_what_is_left_is_spent_by_votes():
    counted = equal_shares([(["a"], 9), (["b"], 1), (["c"], 2)], {"a": 50, "b": 30, "c": 60}, budget=100)
    assert counted.bought == ("a", "b")
    assert [(one.project, one.bought) for one in counted.completed] == [("c", False), ("b", True)]
    none = equal_shares(
        [(["a"], 9), (["b"], 1), (["c"], 2)], {"a": 50, "b": 30, "c": 60}, budget=100, completion=Completion.NONE
    )
    assert none.completed == ()
    assert [(one.project, one.money_behind) for one in none.remaining] == [
        ("b", Fraction(25, 3)),
        ("c", Fraction(50, 3)),
    ]


def test_equal_projects_are_drawn_for():
    counted = equal_shares([(["a", "b"], 3)], {"a": 60, "b": 60}, budget=100, completion=Completion.NONE, seed="6")
    assert counted.bought == draw("6", "ab")[:1]
    assert counted.draws[0].reason is Reason.PURCHASE
    with pytest.raises(SeedMissing):
        equal_shares([(["a", "b"], 3)], {"a": 60, "b": 60}, budget=100)


@given(budgeted(), WORTHS, st.sampled_from(Completion), SEEDS)
def test_it_never_overspends(election, worth, completion, seed):
    costs, budget, cast = election
    counted = equal_shares(cast, costs, budget=budget, worth=worth, completion=completion, seed=seed)
    assert counted.spent == sum(costs[code] for code in counted.bought) <= budget
    assert len(set(counted.bought)) == len(counted.bought)
    assert {*counted.bought} | {one.project for one in counted.remaining} == set(costs)


@given(budgeted(), WORTHS, SEEDS)
def test_it_is_what_one_purse_for_each_voter_gives(election, worth, seed):
    """Held against the method written voter by voter in fractions, without folding, bounds or units."""
    costs, budget, cast = election
    counted = equal_shares(cast, costs, budget=budget, worth=worth, completion=Completion.NONE, seed=seed)
    voters = [ballot for ballot, times in cast for _ in range(times)]
    bought, purses = voter_by_voter(voters, costs, Fraction(budget, len(voters)), worth, seed)
    assert [(one.project, one.highest_share) for one in counted.purchases] == bought
    assert sum(purses) == budget - counted.spent
    assert {one.project: one.money_behind for one in counted.remaining} == {
        code: sum(purse for ballot, purse in zip(voters, purses, strict=True) if code in ballot)
        for code in costs
        if code not in dict(bought)
    }


def voter_by_voter(voters, costs, endowment, worth, seed):
    purses, bought = [endowment] * len(voters), []
    while True:
        offers = {code: share(code, voters, purses, cost) for code, cost in costs.items() if code not in dict(bought)}
        ranks = {
            code: highest / (costs[code] if worth is Worth.COST else 1)
            for code, highest in offers.items()
            if highest is not None
        }
        if not ranks:
            return bought, purses
        code = draw(seed, [code for code, rank in ranks.items() if rank == min(ranks.values())])[0]
        bought.append((code, offers[code]))
        purses = [
            purse - min(purse, offers[code]) if code in ballot else purse
            for ballot, purse in zip(voters, purses, strict=True)
        ]


def share(code, voters, purses, cost):
    """The highest share when all supporters pay the same or all they have, None without enough money."""
    own = [purse for ballot, purse in zip(voters, purses, strict=True) if code in ballot]
    if not own or sum(own) < cost:
        return None
    return next(
        paid
        for poor in range(len(own))
        if (paid := (cost - sum(sorted(own)[:poor])) / Fraction(len(own) - poor)) <= sorted(own)[poor]
    )


@given(budgeted(), WORTHS, SEEDS)
def test_a_group_that_can_pay_for_what_it_agrees_on_is_not_left_with_nothing(election, worth, seed):
    """Justified representation: voters who could pay for a project together do not all go without."""
    costs, budget, cast = election
    counted = equal_shares(cast, costs, budget=budget, worth=worth, seed=seed)
    for code, cost in costs.items():
        group = [(ballot, times) for ballot, times in cast if code in ballot]
        if sum(times for _, times in group) * budget >= cost * counted.ballots and group:
            assert any(ballot & set(counted.bought) for ballot, _ in group)


@given(budgeted(), WORTHS, SEEDS)
def test_the_completion_leaves_nothing_that_fits_and_has_a_vote(election, worth, seed):
    costs, budget, cast = election
    counted = equal_shares(cast, costs, budget=budget, worth=worth, seed=seed)
    for one in counted.remaining:
        if one.votes and one.project not in counted.bought:
            assert costs[one.project] > budget - counted.spent
