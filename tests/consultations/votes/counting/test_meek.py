"""Meek: keep factors, computed to nine decimals, and held against a count in exact fractions and one in floats."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from consultations.votes.counting.draw import draw
from consultations.votes.counting.errors import NoBallots, SeedMissing
from consultations.votes.counting.meek import OMEGA, ONE, meek
from consultations.votes.counting.stv import Act
from tests.consultations.votes.counting.strategies import SEEDS, given, ranked


def test_a_surplus_is_shared_by_lowering_the_factor_of_the_elected():
    """Six of ten prefer a, then b: a keeps just the quota of what arrives, the rest of each ballot goes on to b."""
    counted = meek([(("a", "b"), 6), (("c",), 3), (("b",), 1)], "abc", seats=2)
    assert counted.stages[0].elected == ("a",)
    assert str(counted.stages[0].quota) == "3.333333334"
    last = counted.stages[-1]
    assert counted.elected == ("a", "b")
    assert abs(last.keep["a"].units - ONE * 5 // 9) <= 1
    assert abs(last.votes["b"].units - (ONE + 6 * ONE * 4 // 9)) <= 10


def test_the_quota_falls_with_ballots_that_name_nobody_left():
    counted = meek([(("a",), 4), (("b",), 3), (("c",), 1)], "abc", seats=1)
    assert [str(stage.quota) for stage in counted.stages] == ["4.000000001", "3.500000001"]
    assert str(counted.stages[-1].non_transferable) == "1.000000000"


def test_a_tie_for_the_lowest_is_drawn():
    cast = [(("a",), 4), (("d",), 4), (("b",), 1), (("c",), 1)]
    counted = meek(cast, "abcd", seats=1, seed="3")
    excluded = next(stage for stage in counted.stages if stage.act is Act.EXCLUSION)
    assert excluded.of == draw("3", "bc")[-1]
    assert excluded.draws[0].order == draw("3", "bc")
    with pytest.raises(SeedMissing):
        meek(cast, "abcd", seats=1)


def test_a_candidate_within_the_surplus_of_the_lowest_is_level_with_the_lowest():
    """b has 0.000000364 less than e, but c and d still hold 0.000000546 over the quota, so b and e are drawn for."""
    counted = meek([(("d", "b", "e"), 4), (("e", "b", "a"), 2), (("c",), 8)], "abcde", seats=3, seed="1")
    *_, before, after = counted.stages
    assert (str(before.votes["b"]), str(before.votes["e"])) == ("1.999999636", "2.000000000")
    assert after.draws[0].order == draw("1", "be")
    assert after.of == draw("1", "be")[1]


def test_an_empty_ballot_counts_nowhere():
    assert meek([((), 50), (("a",), 2), (("b",), 1)], "ab", seats=1).ballots == 3
    with pytest.raises(NoBallots):
        meek([((), 50)], "ab", seats=1)


def test_as_many_candidates_as_seats_are_elected():
    assert meek([(("a",), 1)], "ab", seats=2).elected == ("a", "b")


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_iterations_end_with_every_elected_candidate_at_the_quota(election, seats, seed):
    """With every ballot filled in, a stage that elects nobody leaves a surplus under 0.000001 in all."""
    codes, cast = election
    filled = [((*ballot, *(code for code in codes if code not in ballot)), times) for ballot, times in cast]
    counted = meek(filled, codes, seats=min(seats, len(codes)), seed=seed)
    elected: set[str] = set()
    for stage in counted.stages:
        assert stage.iterations < 500
        if not stage.elected:
            assert sum(stage.votes[code].units - stage.quota.units for code in elected) < OMEGA
        elected |= set(stage.elected)


def test_iterations_end_where_nothing_can_be_passed_on():
    """Every ballot ends with the one elected: the quota falls with the factor, and the rule's rounding ends it."""
    counted = meek([(("a",), 1)], "abc", seats=2, seed="1")
    assert counted.elected[0] == "a"
    assert all(stage.iterations < 50 for stage in counted.stages)


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_no_vote_is_made_and_the_excluded_keep_none(election, seats, seed):
    codes, cast = election
    counted = meek(cast, codes, seats=min(seats, len(codes)), seed=seed)
    excluded: set[str] = set()
    for stage in counted.stages:
        excluded |= {stage.of} if stage.act is Act.EXCLUSION else set()
        assert (
            sum(votes.units for votes in stage.votes.values()) + stage.non_transferable.units == counted.ballots * ONE
        )
        assert stage.non_transferable.units >= 0
        assert all(stage.votes[code].units == stage.keep[code].units == 0 for code in excluded)
    assert len(set(counted.elected)) == len(counted.elected) == min(seats, len(codes))


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_the_votes_are_those_that_the_keep_factors_give_in_exact_fractions(election, seats, seed):
    codes, cast = election
    counted = meek(cast, codes, seats=min(seats, len(codes)), seed=seed)
    for stage in counted.stages:
        keep = {code: Fraction(factor.units, ONE) for code, factor in stage.keep.items()}
        exact = dict.fromkeys(codes, Fraction(0))
        for ballot, times in cast:
            weight = Fraction(1)
            for code in ballot:
                exact[code] += weight * keep[code] * times
                weight *= 1 - keep[code]
        for code in codes:
            assert abs(Fraction(stage.votes[code].units, ONE) - exact[code]) < Fraction(1, 10**6)


@given(ranked(marked=1), st.integers(1, 4), SEEDS)
def test_what_a_candidate_keeps_of_a_ballot_is_rounded_up_to_nine_decimals(election, seats, seed):
    codes, cast = election
    counted = meek(cast, codes, seats=min(seats, len(codes)), seed=seed)
    for stage in counted.stages:
        votes = dict.fromkeys(codes, 0)
        for ballot, times in cast:
            weight = ONE
            for code in ballot:
                kept = ceil(Fraction(weight * stage.keep[code].units, ONE))
                votes[code] += kept * times
                weight -= kept
        assert votes == {code: stage.votes[code].units for code in codes}


@given(ranked(marked=1), st.integers(1, 3), SEEDS)
def test_a_count_in_floats_elects_the_same_where_nothing_is_close(election, seats, seed):
    codes, cast = election
    seats = min(seats, len(codes))
    expected = in_floats(codes, cast, seats)
    assume(expected is not None)
    assert set(meek(cast, codes, seats=seats, seed=seed).elected) == expected


def in_floats(codes, cast, seats):
    """Meek's method as in Hill, Wichmann & Woodall, written anew in floats; None where two figures are close."""
    hopeful, elected, keep = set(codes), set(), dict.fromkeys(codes, 1.0)
    while len(elected) < seats and len(elected) + len(hopeful) > seats:
        for _ in range(2000):
            votes = dict.fromkeys(codes, 0.0)
            for ballot, times in cast:
                weight = float(times)
                for code in ballot:
                    votes[code] += weight * keep[code]
                    weight *= 1 - keep[code]
            quota = sum(votes.values()) / (seats + 1)
            if any(abs(votes[code] - quota) < 1e-4 for code in hopeful):
                return None
            if reached := {code for code in hopeful if votes[code] > quota}:
                elected |= reached
                hopeful -= reached
                break
            if sum(votes[code] - quota for code in elected) < 1e-9:
                lowest = sorted(hopeful, key=votes.__getitem__)[:2]
                if len(lowest) > 1 and votes[lowest[1]] - votes[lowest[0]] < 1e-4:
                    return None
                hopeful.discard(lowest[0])
                keep[lowest[0]] = 0.0
                break
            for code in elected:
                keep[code] *= quota / votes[code]
        else:
            return None
    return elected | hopeful if len(elected) < seats else elected
