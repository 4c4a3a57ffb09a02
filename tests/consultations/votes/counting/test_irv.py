"""Instant run-off: round by round, the lowest out, until one has more than half of what still counts."""

import pytest

from consultations.votes.counting.draw import Draw, Reason, draw
from consultations.votes.counting.errors import SeedMissing
from consultations.votes.counting.irv import Round, instant_runoff
from tests.consultations.votes.counting.strategies import SEEDS, given, ranked

TENNESSEE = [
    (("M", "N", "C", "K"), 42),
    (("N", "C", "K", "M"), 26),
    (("C", "K", "N", "M"), 15),
    (("K", "C", "N", "M"), 17),
]


def test_the_lowest_is_excluded_until_one_has_more_than_half():
    counted = instant_runoff(TENNESSEE, "MNCK")
    assert counted.rounds == (
        Round(1, {"C": 15, "K": 17, "M": 42, "N": 26}, 0, None, "C", None),
        Round(2, {"K": 32, "M": 42, "N": 26}, 0, None, "N", None),
        Round(3, {"K": 58, "M": 42}, 0, "K", None, None),
    )
    assert counted.elected == ("K",)


def test_exhausted_ballots_are_recorded_and_no_longer_count():
    counted = instant_runoff([(["a"], 4), (["b"], 3), (["c"], 2)], "abc")
    assert [(one.exhausted, one.winner) for one in counted.rounds] == [(0, None), (2, "a")]


def test_exactly_half_is_not_more_than_half():
    counted = instant_runoff([(["a", "b"], 4), (["b", "a"], 3), (["c", "b"], 1)], "abc", seed="1")
    assert counted.rounds[0].winner is None
    assert counted.rounds[1].votes == {"a": 4, "b": 4}


def test_a_tie_for_the_lowest_is_drawn():
    counted = instant_runoff([(["a"], 4), (["b"], 2), (["c"], 2)], "abc", seed="5")
    order = draw("5", "bc")
    assert counted.rounds[0].draw == Draw(Reason.EXCLUSION, order, order[1:])
    assert counted.rounds[0].excluded == order[1]
    with pytest.raises(SeedMissing):
        instant_runoff([(["a"], 4), (["b"], 2), (["c"], 2)], "abc")


def test_ballots_that_name_nobody_leave_it_to_the_draw():
    counted = instant_runoff([((), 3)], "abc", seed="9")
    assert counted.elected == draw("9", "abc")[:1]
    assert counted.rounds[-1].exhausted == 3


@given(ranked(), SEEDS)
def test_every_round_accounts_for_every_ballot(election, seed):
    codes, cast = election
    counted = instant_runoff(cast, codes, seed=seed)
    for one in counted.rounds:
        assert sum(one.votes.values()) + one.exhausted == counted.ballots
    assert [len(one.votes) for one in counted.rounds] == [len(codes) - number for number in range(len(counted.rounds))]


@given(ranked(), SEEDS)
def test_more_than_half_of_first_places_win_at_once(election, seed):
    codes, cast = election
    counted = instant_runoff(cast, codes, seed=seed)
    for code in codes:
        if 2 * sum(times for ballot, times in cast if ballot[:1] == (code,)) > counted.ballots:
            assert counted.elected == (code,)
            assert len(counted.rounds) == 1


@given(ranked(marked=1), SEEDS)
def test_who_loses_to_every_other_option_does_not_win(election, seed):
    """The Condorcet loser criterion, which instant run-off keeps where no tie is drawn for."""
    codes, cast = election
    counted = instant_runoff(cast, codes, seed=seed)
    winner = counted.elected[0]
    if not any(one.draw for one in counted.rounds) and len(codes) > 1:
        assert any(not beaten(winner, other, cast) for other in codes if other != winner)


def beaten(one, other, cast):
    def above(first, second):
        return sum(
            times
            for ballot, times in cast
            if first in ballot and (second not in ballot or ballot.index(first) < ballot.index(second))
        )

    return above(other, one) > above(one, other)
