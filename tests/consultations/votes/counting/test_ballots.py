"""What no count is made of: options and ballots that make no sense, each refused by its name."""

import pytest

from consultations.votes.counting import errors
from consultations.votes.counting.approval import approval
from consultations.votes.counting.borda import borda
from consultations.votes.counting.irv import instant_runoff
from consultations.votes.counting.methods import METHODS, BallotKind
from consultations.votes.counting.plurality import plurality
from consultations.votes.counting.schulze import schulze
from consultations.votes.counting.score import score

A_BALLOT = {
    BallotKind.CHOICE: "a",
    BallotKind.CHOICES: ["a"],
    BallotKind.SCORES: {"a": 1},
    BallotKind.RANKING: ["a"],
    BallotKind.WEAK_RANKING: [["a"]],
}
STRANGER = {
    BallotKind.CHOICE: "x",
    BallotKind.CHOICES: ["x"],
    BallotKind.SCORES: {"x": 1},
    BallotKind.RANKING: ["x"],
    BallotKind.WEAK_RANKING: [["x"]],
}
EVERY = pytest.mark.parametrize("name", METHODS)


def count(name, ballots, options="ab", **more):
    """Any method, with what it needs beside ballots and options."""
    method = METHODS[name]
    if name in ("greedy", "equal_shares"):
        return method.count(ballots, dict.fromkeys(options, 10), budget=10, seed="1", **more)
    needed = {"score": {"highest": 3}, "wigm": {"seats": 1}, "meek": {"seats": 1}}.get(name, {})
    return method.count(ballots, options, seed="1", **(needed | more))


@EVERY
def test_an_unknown_option_is_named(name):
    kind = METHODS[name].ballot
    with pytest.raises(errors.UnknownOption, match="'x'"):
        count(name, [(A_BALLOT[kind], 1), (STRANGER[kind], 1)])


@EVERY
@pytest.mark.parametrize("times", [-1, 1.0, "1", True, None])
def test_a_ballot_is_cast_a_whole_number_of_times(name, times):
    with pytest.raises(errors.BadCount):
        count(name, [(A_BALLOT[METHODS[name].ballot], times)])


@EVERY
def test_no_ballot_at_all_is_not_a_count(name):
    with pytest.raises(errors.NoBallots):
        count(name, [])
    with pytest.raises(errors.NoBallots):
        count(name, [(A_BALLOT[METHODS[name].ballot], 0)])


@EVERY
def test_options_are_there_and_have_codes(name):
    ballots = [(A_BALLOT[METHODS[name].ballot], 1)]
    with pytest.raises(errors.NoOptions):
        count(name, ballots, ())
    with pytest.raises(errors.EmptyCode):
        count(name, ballots, ("a", ""))


@pytest.mark.parametrize("name", [name for name in METHODS if name not in ("greedy", "equal_shares")])
def test_an_option_listed_twice_is_named(name):
    with pytest.raises(errors.DoubledOption, match="'a'"):
        count(name, [(A_BALLOT[METHODS[name].ballot], 1)], ("a", "b", "a"))


@pytest.mark.parametrize("name", [name for name, method in METHODS.items() if method.several_seats])
@pytest.mark.parametrize("seats", [0, -1, 3])
def test_there_are_no_more_seats_than_options_and_at_least_one(name, seats):
    with pytest.raises(errors.BadSeats, match=f"{seats} seats cannot be filled from 2 options"):
        count(name, [(A_BALLOT[METHODS[name].ballot], 1)], seats=seats)


@pytest.mark.parametrize("name", ["irv", "wigm", "meek", "borda", "schulze"])
def test_an_option_is_ranked_once(name):
    with pytest.raises(errors.RankedTwice, match="'a'"):
        count(name, [(("a", "b", "a"), 1)])


@pytest.mark.parametrize("name", ["borda", "schulze"])
def test_an_option_stands_at_one_rank(name):
    with pytest.raises(errors.RankedTwice, match="'a'"):
        count(name, [((["a", "b"], ["a"]), 1)])
    with pytest.raises(errors.EmptyRank):
        count(name, [((["a"], [], ["b"]), 1)])


@pytest.mark.parametrize("name", [name for name, one in METHODS.items() if one.ballot is not BallotKind.CHOICE])
def test_a_text_is_no_list_of_options(name):
    refused = AttributeError if name == "score" else errors.UnknownOption
    with pytest.raises(refused):
        count(name, [("ab", 1)])


def test_a_ballot_keeps_to_the_most_choices():
    with pytest.raises(errors.TooManyChoices, match="chooses 3 options; 2 are allowed"):
        approval([(["a", "b", "c"], 1)], "abc", most=2)


@pytest.mark.parametrize("points", [-1, 4, 1.5, "2", True, None])
def test_a_score_is_a_whole_number_of_the_scale(points):
    with pytest.raises(errors.ScoreOutOfRange, match="0 to 3"):
        score([({"a": points}, 1)], "ab", highest=3)


def test_every_refusal_is_a_sentence():
    for refusal in (
        lambda: plurality([("x", 1)], "ab"),
        lambda: borda([(["a", "a"], 1)], "ab"),
        lambda: schulze([], "ab"),
        lambda: instant_runoff([(["a"], -1)], "ab"),
    ):
        with pytest.raises(errors.CountRefused) as refused:
            refusal()
        assert str(refused.value)[0].isupper()
        assert str(refused.value).endswith(".")
