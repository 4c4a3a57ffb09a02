"""Borda: a point for each option below, half a point beside, however much of the ballot is filled in."""

from fractions import Fraction

from consultations.votes.counting.borda import borda
from consultations.votes.counting.pairwise import pairwise_table
from tests.consultations.votes.counting.strategies import SEEDS, given, weakly_ranked


def totals(counted):
    return {line.option: line.total for line in counted.lines}


def test_a_full_ranking_gives_one_point_less_at_each_rank():
    assert totals(borda([(["a", "b", "c", "d"], 1)], "abcd")) == {"a": 3, "b": 2, "c": 1, "d": 0}


def test_options_left_out_share_the_points_that_are_left():
    assert totals(borda([(["a"], 2)], "abcd")) == {"a": 6, "b": 2, "c": 2, "d": 2}
    assert totals(borda([(["a", ["b", "c"]], 1)], "abc")) == {"a": 2, "b": Fraction(1, 2), "c": Fraction(1, 2)}


def test_tennessee_chooses_nashville():
    """The example of textbooks: Memphis 42, Nashville 26, Chattanooga 15, Knoxville 17; Borda gives 126, 194, 173, 107."""
    cast = [
        (("M", "N", "C", "K"), 42),
        (("N", "C", "K", "M"), 26),
        (("C", "K", "N", "M"), 15),
        (("K", "C", "N", "M"), 17),
    ]
    counted = borda(cast, "MNCK")
    assert totals(counted) == {"N": 194, "C": 173, "M": 126, "K": 107}
    assert counted.elected == ("N",)


@given(weakly_ranked(), SEEDS)
def test_points_are_wins_over_the_other_options_one_by_one(election, seed):
    codes, cast = election
    table = pairwise_table(cast, codes)
    for code, total in totals(borda(cast, codes, seed=seed)).items():
        won = sum(table.above[code].values())
        lost = sum(table.above[other][code] for other in codes if other != code)
        level = table.ballots * (len(codes) - 1) - won - lost
        assert total == won + Fraction(level, 2)


@given(weakly_ranked(), SEEDS)
def test_every_ballot_gives_the_same_number_of_points(election, seed):
    codes, cast = election
    counted = borda(cast, codes, seed=seed)
    assert sum(totals(counted).values()) == Fraction(counted.ballots * len(codes) * (len(codes) - 1), 2)


@given(weakly_ranked(), SEEDS)
def test_a_condorcet_winner_is_never_last_alone(election, seed):
    codes, cast = election
    winner = pairwise_table(cast, codes).condorcet_winner
    points = totals(borda(cast, codes, seed=seed))
    if winner is not None and len(codes) > 1:
        assert points[winner] > min(points.values())
