"""What groups say, counted by hand: every p and share as SciPy and statsmodels find them from the same counts."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from analysis.standpoints import Tally, consensus, divisive, representative

SEEN = np.array([[40, 30, 20, 5, 4, 25], [50, 20, 30, 40, 40, 25]])
AGREED = np.array([[36, 20, 3, 5, 4, 12], [44, 15, 27, 4, 4, 13]])
DISAGREED = SEEN - AGREED - np.array([[1, 2, 0, 0, 0, 1], [2, 1, 0, 3, 0, 2]])
TALLY = Tally(tuple("uvwxyz"), SEEN, AGREED, DISAGREED)
"""Statement y has too few reactions in the first group, x has just enough."""

ENOUGH = [0, 1, 2, 3, 5]


def holm(ps):
    return multipletests(ps, method="holm")[1]


def test_what_divides_is_tested_by_chi_square_over_the_groups():
    tables = [np.stack([AGREED[:, place], SEEN[:, place] - AGREED[:, place]]) for place in ENOUGH]
    corrected = dict(zip(ENOUGH, holm([chi2_contingency(one, correction=False).pvalue for one in tables]), strict=True))
    found = {one.statement: one for one in divisive(TALLY)}
    assert found.keys() == {"uvwxyz"[place] for place, p in corrected.items() if p < 0.05} == {"w", "x"}
    for place in (2, 3):
        assert found["uvwxyz"[place]].p_holm == pytest.approx(corrected[place], rel=1e-8)
        assert found["uvwxyz"[place]].shares == pytest.approx((AGREED / SEEN)[:, place])


def test_what_all_agree_with_is_more_than_half_of_each_group_and_not_by_chance():
    whole, said = SEEN.sum(axis=0), AGREED.sum(axis=0)
    ps = [proportions_ztest(said[place], whole[place], 0.5, prop_var=0.5)[1] for place in ENOUGH]
    found = consensus(TALLY, 1)
    assert [one.statement for one in found] == ["u", "v"]
    for one, place in zip(found, (0, 1), strict=True):
        assert one.p_holm == pytest.approx(holm(ps)[place], rel=1e-8)
        assert one.across == pytest.approx(np.prod((AGREED[:, place] + 1) / (SEEN[:, place] + 2)))
        assert one.share_agree == pytest.approx(said[place] / whole[place])
        assert one.share_disagree == pytest.approx(DISAGREED[:, place].sum() / whole[place])
        assert one.ci95 == pytest.approx(proportion_confint(said[place], whole[place], method="wilson"), abs=1e-8)
    assert consensus(Tally(TALLY.statements, SEEN, DISAGREED, AGREED), -1)[0].across == found[0].across


def test_a_group_is_set_apart_from_five_reactions_on_and_corrected_for_every_test():
    pairs = [(counts[0, place], counts[1, place], place) for counts in (AGREED, DISAGREED) for place in ENOUGH]
    ps = [proportions_ztest([one, other], SEEN[:, place])[1] for one, other, place in pairs]
    twice = holm([p for p in ps for _ in range(2)])  # the other group's tests are the same
    found = {(one.statement, one.direction): one for one in representative(TALLY, 0)}
    assert found.keys() == {("x", "agree"), ("w", "disagree")}
    assert found["x", "agree"].p_value == pytest.approx(ps[3], rel=1e-8)
    assert found["x", "agree"].p_holm == pytest.approx(twice[6], rel=1e-8)
    assert found["x", "agree"].seen == 5


def test_half_of_a_group_is_not_most_of_it():
    seen = np.array([[100, 100], [20, 20]])
    agreed = np.array([[99, 99], [10, 11]])
    found = consensus(Tally(("half", "most"), seen, agreed, seen - agreed), 1)
    assert [one.statement for one in found] == ["most"]
