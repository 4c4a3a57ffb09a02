"""Every method: who is counted, not in which order or by which name (anonymity, neutrality), and the same as JSON."""

import json

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.draw import draw
from consultations.votes.counting.methods import METHODS, BallotKind
from consultations.votes.counting.records import plain
from tests.consultations.votes.counting.strategies import OPTIONS, SEEDS, ballots, given, rankings, weak_rankings

HIGHEST = 4
BALLOTS = {
    BallotKind.CHOICE: st.sampled_from(OPTIONS),
    BallotKind.CHOICES: st.frozensets(st.sampled_from(OPTIONS)),
    BallotKind.SCORES: st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, HIGHEST)),
    BallotKind.RANKING: rankings(OPTIONS, 1),
    BallotKind.WEAK_RANKING: weak_rankings(OPTIONS),
}
EVERY = pytest.mark.parametrize("name", METHODS)


def count(name, cast, options, seed, seats=2):
    method = METHODS[name]
    if name in ("greedy", "equal_shares"):
        return method.count(cast, {code: 5 + len(code) for code in options}, budget=20, seed=seed)
    more = {"seats": seats} if method.several_seats else {}
    return method.count(cast, options, seed=seed, **more, **({"highest": HIGHEST} if name == "score" else {}))


@EVERY
@given(data=st.data())
def test_the_order_of_ballots_and_options_changes_nothing(name, data):
    cast = data.draw(ballots(BALLOTS[METHODS[name].ballot]))
    seed = data.draw(SEEDS)
    mixed, options = data.draw(st.permutations(cast)), data.draw(st.permutations(OPTIONS))
    assert count(name, mixed, options, seed) == count(name, cast, OPTIONS, seed)


@EVERY
@given(data=st.data())
def test_a_ballot_cast_three_times_is_three_ballots(name, data):
    cast = data.draw(ballots(BALLOTS[METHODS[name].ballot]))
    single = [(ballot, 1) for ballot, times in cast for _ in range(times)]
    assert count(name, single, OPTIONS, "1") == count(name, cast, OPTIONS, "1")


@EVERY
@given(data=st.data())
def test_names_have_no_say_but_in_the_draw(name, data):
    """Rename the options so that the draw keeps its order, and the winners are renamed, nothing else."""
    cast = data.draw(ballots(BALLOTS[METHODS[name].ballot]))
    new = draw("1", ("v", "w", "x", "y", "z"))
    names = dict(zip(draw("1", OPTIONS), new, strict=True))
    renamed = [(rename(ballot, names), times) for ballot, times in cast]
    before, after = count(name, cast, OPTIONS, "1"), count(name, renamed, new, "1")
    assert {names[code] for code in winners(before)} == set(winners(after))


def rename(ballot, names):
    if isinstance(ballot, str):
        return names[ballot]
    if isinstance(ballot, dict):
        return {names[code]: points for code, points in ballot.items()}
    return type(ballot)(rename(part, names) for part in ballot)


def winners(counted):
    return counted.bought if hasattr(counted, "bought") else counted.elected


@EVERY
@given(data=st.data())
def test_a_record_is_plain_json_without_a_decimal_number(name, data):
    counted = count(name, data.draw(ballots(BALLOTS[METHODS[name].ballot])), OPTIONS, "1")
    written = plain(counted)
    assert json.loads(json.dumps(written), parse_float=refuse_float) == written
    assert written["method"] == name
    assert written["seed"] == "1"


def refuse_float(text):
    raise AssertionError(f"{text} is no exact number")


@EVERY
def test_every_method_has_its_own_tests(name):
    from pathlib import Path

    assert (Path(__file__).parent / f"test_{name}.py").exists()


def test_what_has_no_plain_form_is_refused():
    for value in (1.5, object(), {1: "one"}, {"a": b"bytes"}, int):
        with pytest.raises(TypeError):
            plain(value)
