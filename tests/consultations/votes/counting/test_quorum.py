"""Quorum: what an ordinance asks for, with each figure, and never a rounding."""

from fractions import Fraction

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.errors import BadQuorum
from consultations.votes.counting.quorum import (
    All,
    Approval,
    Either,
    Figures,
    Of,
    Turnout,
    Voters,
    hold,
    quorum_of,
)
from consultations.votes.counting.records import plain
from tests.consultations.votes.counting.strategies import given

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
FIGURES = Figures(roll=1001, cast=501, valid=500, votes={"yes": 251, "no": 249})


def figures(cast=501, valid=500, yes=251):
    return Figures(1001, cast, valid, {"yes": yes, "no": valid - yes})


@pytest.mark.parametrize(
    ("rule", "enough", "too_few", "needed", "whole"),
    [
        (Voters(500), figures(cast=500), figures(cast=499, valid=499), 500, None),
        (Turnout(HALF), figures(cast=501), figures(cast=500), 501, 1001),
        (Turnout(HALF, more=True), figures(cast=501), figures(cast=500), 501, 1001),
        (Approval("yes", HALF, Of.VALID), figures(yes=250), figures(yes=249), 250, 500),
        (Approval("yes", HALF, Of.VALID, more=True), figures(yes=251), figures(yes=250), 251, 500),
        (Approval("yes", HALF, Of.CAST), figures(yes=251), figures(yes=250), 251, 501),
        (Approval("yes", QUARTER, Of.ROLL), figures(yes=251), figures(yes=250), 251, 1001),
        (Approval("yes", Fraction(2, 3), Of.VALID), figures(yes=334), figures(yes=333), 334, 500),
    ],
)
def test_one_fewer_is_too_few(rule, enough, too_few, needed, whole):
    met, missed = hold(rule, enough), hold(rule, too_few)
    assert (met.met, missed.met) == (True, False)
    assert (met.needed, met.whole) == (needed, whole)
    assert met.found == missed.found + 1


def test_exactly_half_is_at_least_half_and_not_more():
    even = Figures(1000, 500, 500, {"yes": 250, "no": 250})
    assert hold(Turnout(HALF), even).met
    assert not hold(Turnout(HALF, more=True), even).met


def test_all_and_any_keep_the_record_of_each_rule():
    rule = All((Turnout(HALF), Either((Approval("yes", QUARTER, Of.ROLL), Approval("no", QUARTER, Of.ROLL)))))
    held = hold(rule, FIGURES)
    assert held.met
    turnout, either = held.parts
    assert (turnout.found, turnout.needed) == (501, 501)
    assert [(part.found, part.needed, part.met) for part in either.parts] == [(251, 251, True), (249, 251, False)]
    assert not hold(All((Turnout(HALF), Voters(502))), FIGURES).met
    assert hold(All(()), FIGURES).met


def test_nobody_is_never_enough():
    nobody = Figures(0, 0, 0, {"yes": 0})
    assert not hold(Turnout(HALF), nobody).met
    assert not hold(Approval("yes", HALF, Of.VALID), nobody).met


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Voters(0), "asks for nothing"),
        (Turnout(Fraction(0)), "share of 0"),
        (Turnout(Fraction(3, 2)), "share of 3/2"),
        (Turnout(Fraction(1), more=True), "share of 1"),
        (Approval("maybe", HALF, Of.VALID), "'maybe'"),
        (Either(()), "no rules"),
    ],
)
def test_a_rule_without_sense_is_refused(rule, sentence):
    with pytest.raises(BadQuorum, match=sentence):
        hold(rule, FIGURES)


@pytest.mark.parametrize(
    "bad",
    [
        Figures(10, 11, 5, {}),
        Figures(10, 5, 6, {}),
        Figures(10, 5, -1, {}),
        Figures(10, 5, 5, {"yes": 6}),
        Figures(10, 5, 5, {"yes": -1}),
    ],
)
def test_figures_that_do_not_hold_together_are_refused(bad):
    with pytest.raises(BadQuorum):
        hold(Voters(1), bad)


SHARES = st.fractions(Fraction(1, 100), 1, max_denominator=1000)
RULES = st.recursive(
    st.builds(Voters, st.integers(1, 10**6))
    | st.builds(Turnout, SHARES, st.booleans())
    | st.builds(Approval, st.sampled_from(["yes", "no"]), SHARES, st.sampled_from(Of), st.booleans()),
    lambda rules: st.builds(All, st.tuples(rules, rules)) | st.builds(Either, st.tuples(rules)),
    max_leaves=5,
)


@given(RULES)
def test_a_rule_stands_in_a_manifest_and_comes_back(rule):
    assert quorum_of(plain(rule)) == rule


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"voters": 5},
        {"voters": {"least": "5"}},
        {"voters": {"least": True}},
        {"voters": {"least": 5, "most": 6}},
        {"voters": {"least": 5}, "all": []},
        {"turnout": {"share": 0.5, "more": False}},
        {"turnout": {"share": "1/0", "more": False}},
        {"turnout": {"share": "-1/2", "more": False}},
        {"turnout": {"share": "½", "more": False}},
        {"turnout": {"share": "0.5", "more": False}},
        {"turnout": {"share": "1/2"}},
        {"approval": {"option": "yes", "share": "1/2", "of": "moon", "more": False}},
        {"all": [{"voters": {}}]},
        {"any": {}},
    ],
)
def test_any_other_document_is_refused(document):
    with pytest.raises(BadQuorum):
        quorum_of(document)


@given(st.integers(1, 10**9), SHARES, st.booleans())
def test_what_is_needed_is_the_least_number_that_meets_the_share(whole, share, more):
    needed = hold(Turnout(share, more and share < 1), Figures(whole, 0, 0, {})).needed
    reached = Fraction(needed, whole)
    below = Fraction(needed - 1, whole)
    assert reached > share if more and share < 1 else reached >= share
    assert below <= share if more and share < 1 else below < share
