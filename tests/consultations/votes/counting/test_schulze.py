"""Schulze: the pairwise table, the strongest paths, and what the method promises."""

from itertools import pairwise, permutations

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.draw import draw
from consultations.votes.counting.errors import BadTable, SeedMissing
from consultations.votes.counting.pairwise import pairwise_table, table_of
from consultations.votes.counting.schulze import Strength, schulze, schulze_of
from tests.consultations.votes.counting.strategies import OPTIONS, SEEDS, given, ranked, weakly_ranked

SCHULZE_2011 = [
    ("ACBED", 5), ("ADECB", 5), ("BEDAC", 8), ("CABED", 3), ("CAEBD", 7), ("CBADE", 2), ("DCEBA", 7), ("EBADC", 8),
]  # fmt: skip
"""The 45 ballots of Schulze's paper, as also in Wikipedia: E wins, and the order is E A C B D."""


def test_the_papers_example_has_its_table_paths_and_order():
    counted = schulze([(tuple(ballot), times) for ballot, times in SCHULZE_2011], "ABCDE", seats=5)
    assert counted.table.above["A"] == {"B": 20, "C": 26, "D": 30, "E": 22}
    assert counted.table.above["E"] == {"A": 23, "B": 27, "C": 21, "D": 31}
    votes = {one: {other: path.votes for other, path in row.items()} for one, row in counted.paths.items()}
    assert votes["A"] == {"B": 28, "C": 28, "D": 30, "E": 24}
    assert votes["B"] == {"A": 25, "C": 28, "D": 33, "E": 24}
    assert votes["C"] == {"A": 25, "B": 29, "D": 29, "E": 24}
    assert votes["D"] == {"A": 25, "B": 28, "C": 28, "E": 24}
    assert votes["E"] == {"A": 25, "B": 28, "C": 28, "D": 31}
    assert counted.elected == tuple("EACBD")
    assert counted.condorcet_winner is None


def test_options_left_out_are_below_those_ranked_and_beside_one_another():
    table = pairwise_table([(["a"], 2), ([["b", "c"]], 1)], "abc")
    assert table.above == {"a": {"b": 2, "c": 2}, "b": {"a": 1, "c": 0}, "c": {"a": 1, "b": 0}}


def test_a_cycle_is_cut_at_its_weakest_defeat():
    counted = schulze([(("a", "b", "c"), 4), (("b", "c", "a"), 3), (("c", "a", "b"), 2)], "abc")
    assert counted.elected == ("a",)
    assert counted.paths["a"]["c"] == Strength(6, 3)
    assert counted.paths["c"]["a"] == Strength(5, 4)


def test_equal_votes_of_the_winner_are_told_apart_by_those_of_the_loser():
    """All defeats of the cycle have 4 votes; the one with most against it, b over c, is the weakest."""
    above = {"a": {"b": 4, "c": 2}, "b": {"a": 1, "c": 4}, "c": {"a": 4, "b": 3}}
    assert schulze_of(table_of(above)).elected == ("c",)


def test_a_perfect_cycle_is_a_tie_for_the_draw():
    cast = [(("a", "b", "c"), 1), (("b", "c", "a"), 1), (("c", "a", "b"), 1)]
    counted = schulze(cast, "abc", seed="44")
    assert counted.seats_filled[0].unbeaten == ("a", "b", "c")
    assert counted.elected == draw("44", "abc")[:1]
    with pytest.raises(SeedMissing):
        schulze(cast, "abc")


@pytest.mark.parametrize("number", [None, -1, 1.0, "1", True])
def test_a_table_from_elsewhere_needs_every_number(number):
    above = {"a": {"b": 3}, "b": {"a": number} if number is not None else {}}
    with pytest.raises(BadTable, match="'b' above 'a'"):
        table_of(above)


@given(weakly_ranked())
def test_the_table_is_what_counting_each_pair_gives(election):
    codes, cast = election
    table = pairwise_table(cast, codes)
    for one, other in permutations(codes, 2):
        assert table.above[one][other] == sum(times for ballot, times in cast if stands_above(one, other, ballot))


def stands_above(one, other, ballot):
    def rank(code):
        return next((number for number, group in enumerate(ballot) if code in group), len(ballot))

    return rank(one) < rank(other)


@given(weakly_ranked(), SEEDS)
def test_a_condorcet_winner_is_elected(election, seed):
    codes, cast = election
    counted = schulze(cast, codes, seed=seed)
    winner = pairwise_table(cast, codes).condorcet_winner
    if winner is not None:
        assert counted.elected == (winner,)
        assert counted.seats_filled[0].draw is None


@given(ranked(marked=1), SEEDS)
def test_more_than_half_of_first_places_win(election, seed):
    codes, cast = election
    counted = schulze(cast, codes, seed=seed)
    for code in codes:
        if 2 * sum(times for ballot, times in cast if ballot[0] == code) > counted.table.ballots:
            assert counted.elected == (code,)


@given(weakly_ranked(), SEEDS, st.integers(1, 5))
def test_the_paths_are_those_found_by_walking_every_path(election, seed, seats):
    codes, cast = election
    counted = schulze(cast, codes, seats=min(seats, len(codes)), seed=seed)
    strongest = {pair: widest(*pair, counted.table) for pair in permutations(codes, 2)}
    for (one, other), strength in strongest.items():
        path = counted.paths[one][other]
        assert ((path.votes, -path.against) if path else None) == strength
    unbeaten = [a for a in codes if all(at_least(strongest[a, b], strongest[b, a]) for b in codes if b != a)]
    assert counted.seats_filled[0].unbeaten == tuple(unbeaten)


def widest(start, end, table):
    """The strength of the strongest path, over every order of every set of options between."""
    between = [code for code in table.options if code not in (start, end)]
    paths = [(start, *middle, end) for size in range(len(between) + 1) for middle in permutations(between, size)]
    return max((weakest(path, table) for path in paths if weakest(path, table)), default=None)


def weakest(path, table):
    steps = list(pairwise(path))
    if not all(table.beats(one, other) for one, other in steps):
        return None
    return min((table.above[one][other], -table.above[other][one]) for one, other in steps)


def at_least(one, other):
    return other is None or (one is not None and one >= other)


@given(weakly_ranked(), SEEDS)
def test_turning_every_ballot_round_does_not_elect_the_same_alone(election, seed):
    """Reversal symmetry, for a winner that no draw had to find."""
    codes, cast = election
    everybody = [
        (
            (*ballot, frozenset(codes) - frozenset().union(*ballot))
            if len(frozenset().union(*ballot)) < len(codes)
            else ballot,
            n,
        )
        for ballot, n in cast
    ]
    before = schulze(everybody, codes, seed=seed)
    after = schulze([(ballot[::-1], times) for ballot, times in everybody], codes, seed=seed)
    if len(codes) > 1 and before.seats_filled[0].draw is None:
        assert before.elected[0] not in after.seats_filled[0].unbeaten or len(after.seats_filled[0].unbeaten) > 1


@given(weakly_ranked(), SEEDS, st.sampled_from(OPTIONS))
def test_ranking_the_winner_first_on_one_more_ballot_keeps_it(election, seed, code):
    codes, cast = election
    winner = schulze(cast, codes, seed=seed).elected[0]
    again = schulze([*cast, (([winner],), 1)], codes, seed=seed)
    assert winner in again.seats_filled[0].unbeaten
