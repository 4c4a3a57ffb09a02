"""The Scottish rules, one by one, on made elections; published results are in test_published.py."""

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.draw import Reason, draw
from consultations.votes.counting.errors import NoBallots, SeedMissing
from consultations.votes.counting.stv import Act
from consultations.votes.counting.wigm import ONE, wigm
from tests.consultations.votes.counting.strategies import SEEDS, given, ranked


def stage_votes(stage):
    return {code: str(votes) for code, votes in stage.votes.items()}


def test_the_quota_is_one_more_than_the_share_of_a_seat_and_a_seat_without_its_fraction():
    """Rule 46: 10 papers for 2 seats are 3.33, so 4."""
    counted = wigm([(["a"], 4), (["b"], 4), (["c"], 2)], "abc", seats=2)
    assert str(counted.stages[0].quota) == "4.00000"
    assert counted.stages[0].elected == ("a", "b")
    assert len(counted.stages) == 1


def test_a_surplus_goes_on_at_a_value_cut_to_five_decimals():
    """Rule 48: 7 papers over a quota of 4 go on at 3/7, cut to 0.42857; what the cut loses is nobody's."""
    counted = wigm([(["a", "b"], 5), (["a"], 2), (["b"], 2), (["c"], 1)], "abc", seats=2)
    surplus = counted.stages[1]
    assert (surplus.act, surplus.of, str(surplus.transfer_value)) == (Act.SURPLUS, "a", "0.42857")
    assert stage_votes(surplus) == {"a": "4.00000", "b": "4.14285", "c": "1.00000"}
    assert str(surplus.transferred["b"]) == "2.14285"
    assert str(surplus.non_transferable) == "0.85715"
    assert str(surplus.rounding) == "0.00001"


def test_papers_received_go_on_at_their_own_value():
    """Rule 48(3): a paper that came at 0.28571 is worth that much less when it goes on with the next surplus."""
    cast = [(("a", "b", "c"), 7), (("b", "d"), 4), (("c",), 4), (("d",), 4)]
    counted = wigm(cast, "abcd", seats=3)
    first, second = counted.stages[1], counted.stages[2]
    assert (first.of, str(first.transferred["b"]), first.elected) == ("a", "1.99997", ("b",))
    assert (second.of, str(second.transfer_value)) == ("b", "0.16666")
    assert str(second.transferred["c"]) == "0.33327"  # 7 papers at 0.99997 × 0.28571 ÷ 5.99997 = 0.04761
    assert str(second.transferred["d"]) == "0.66664"  # 4 papers at 0.99997 ÷ 5.99997 = 0.16666


def test_the_larger_surplus_is_transferred_first():
    counted = wigm([(("a", "c"), 5), (("b", "c"), 6), (("c",), 1), (("d",), 2)], "abcd", seats=3)
    assert [stage.of for stage in counted.stages if stage.act is Act.SURPLUS] == ["b", "a"]


def test_equal_surpluses_look_back_and_then_are_drawn_for():
    """Rule 49(2) and (3): equal at all stages, so a lot."""
    cast = [(("a", "c"), 6), (("b", "d"), 6), (("c",), 2), (("d",), 1)]
    counted = wigm(cast, "abcd", seats=3, seed="8")
    first = counted.stages[1]
    assert first.of == draw("8", "ab")[0]
    assert (first.draws[0].reason, first.draws[0].order) == (Reason.TRANSFER, draw("8", "ab"))
    with pytest.raises(SeedMissing):
        wigm(cast, "abcd", seats=3)


def test_the_lowest_tied_look_back_to_the_last_stage_that_tells_them_apart():
    """Rule 51(2)(a): b and c are level after d's paper reached c; before that c had fewer, so c is excluded."""
    counted = wigm([(("a",), 9), (("b",), 3), (("c",), 2), (("d", "c"), 1)], "abcd", seats=1)
    assert counted.stages[0].elected == ("a",)
    counted = wigm([(("a",), 6), (("e",), 5), (("b",), 3), (("c",), 2), (("d", "c"), 1)], "abcde", seats=1)
    assert [(stage.of, stage.draws) for stage in counted.stages if stage.act is Act.EXCLUSION][:2] == [
        ("d", ()),
        ("c", ()),
    ]


def test_it_is_the_most_recent_stage_that_counts_not_the_first():
    """a and c have 9 each after b is out; a had 9 to 8 just before, though 6 to 8 at first: c is excluded."""
    cast = [("ac", 4), ("c", 3), ("adb", 2), ("b", 5), ("bcd", 1), ("da", 3), ("cab", 5)]
    counted = wigm([(tuple(ranking), papers) for ranking, papers in cast], "abcd", seats=1)
    assert [stage.of for stage in counted.stages] == [None, "d", "b", "c"]
    assert counted.stages[3].draws == ()


def test_a_tie_at_every_stage_for_the_lowest_is_drawn():
    counted = wigm([(("a",), 4), (("e",), 4), (("b",), 1), (("c",), 1)], "abce", seats=1, seed="3")
    order = draw("3", "bc")
    assert counted.stages[1].of == order[-1]
    assert counted.stages[1].draws[0].order == order


def test_those_left_fill_the_last_seats_without_the_quota():
    """Rule 52."""
    counted = wigm([(("a",), 5), (("b",), 3), (("c",), 1)], "abc", seats=2)
    assert counted.elected == ("a", "b")
    assert counted.stages[-1].elected == ("b",)
    assert counted.stages[-1].votes["b"].units < counted.stages[-1].quota.units


def test_as_many_candidates_as_seats_are_elected_at_the_first_stage():
    counted = wigm([(("a",), 1)], "ab", seats=2)
    assert counted.elected == ("a", "b")
    assert len(counted.stages) == 1


def test_an_empty_paper_counts_nowhere():
    assert wigm([((), 50), (("a",), 2), (("b",), 1)], "ab", seats=1).ballots == 3
    with pytest.raises(NoBallots):
        wigm([((), 50)], "ab", seats=1)


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_votes_are_conserved_to_the_last_decimal(election, seats, seed):
    codes, cast = election
    counted = wigm(cast, codes, seats=min(seats, len(codes)), seed=seed)
    before = 0
    for stage in counted.stages:
        assert (
            sum(votes.units for votes in stage.votes.values()) + stage.non_transferable.units == counted.ballots * ONE
        )
        assert before <= stage.rounding.units <= stage.non_transferable.units
        before = stage.rounding.units


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_the_seats_are_filled_each_by_somebody_else(election, seats, seed):
    codes, cast = election
    seats = min(seats, len(codes))
    counted = wigm(cast, codes, seats=seats, seed=seed)
    assert len(set(counted.elected)) == len(counted.elected) == seats
    assert counted.elected == tuple(code for stage in counted.stages for code in stage.elected)


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_whoever_reaches_the_quota_at_first_preferences_is_elected(election, seats, seed):
    codes, cast = election
    counted = wigm(cast, codes, seats=min(seats, len(codes)), seed=seed)
    first = counted.stages[0]
    assert {code for code, votes in first.votes.items() if votes.units >= first.quota.units} <= set(first.elected)


@given(ranked(marked=1), st.integers(1, 3), SEEDS)
def test_a_group_with_quotas_of_voters_gets_seats(election, seats, seed):
    """Proportionality for solid coalitions, with one candidate: quota + 1 first preferences are never passed over."""
    codes, cast = election
    seats = min(seats, len(codes))
    total = sum(times for _, times in cast)
    counted = wigm(cast, codes, seats=seats, seed=seed)
    for size in (1, 2):
        for group in {frozenset(ballot[:size]) for ballot, _ in cast if len(ballot) >= size}:
            behind = sum(times for ballot, times in cast if len(ballot) >= size and frozenset(ballot[:size]) == group)
            quotas = behind // (total // (seats + 1) + 1)
            assert len(group & set(counted.elected)) >= min(quotas, size)
