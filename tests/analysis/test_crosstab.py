"""Cross-tabs against SciPy, statsmodels and plain counting."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency
from scipy.stats.contingency import association
from statsmodels.stats.proportion import proportion_confint

from analysis.crosstab import crosstab, crosstab_of, table_of
from analysis.disclosure import release
from analysis.inference import Axis
from analysis.significance import chi_square_tail, wilson_interval

AGE = Axis("age", ("young", "middle", "old"))
USE = Axis("use", ("often", "never"))
WISH = Axis("wish", ("bench", "shade"), multiple=True)


def answers(table):
    """One pair per respondent from a nested list of counts, AGE down, USE across."""
    return [
        (age, use)
        for age, line in zip(AGE.categories, table, strict=True)
        for use, count in zip(USE.categories, line, strict=True)
        for _ in range(count)
    ]


def test_counts_shares_and_base_are_of_those_who_answered_both():
    pairs = [*answers([[6, 2], [0, 4], [3, 5]]), ("young", None), (None, "often"), (None, None)]
    tab = crosstab(pairs, AGE, USE)
    cell = tab.cells[0]
    assert (tab.base, cell.count, cell.row_share, cell.column_share) == (20, 6, 6 / 8, 6 / 9)
    assert tab.counts["young", None] == 8


def test_a_multiple_choice_counts_respondents_and_has_no_chi_square():
    pairs = [("young", frozenset({"bench", "shade"})), ("young", frozenset({"bench"})), ("old", frozenset())]
    tab = crosstab(pairs, AGE, WISH)
    assert tab.base == 2
    assert tab.counts["young", "bench"] == 2
    assert tab.counts["young", "shade"] == 1
    assert tab.counts["young", None] == 2
    assert tab.chi2 is None


def test_an_answer_the_question_does_not_offer_is_refused():
    with pytest.raises(ValueError, match="no answer to use"):
        crosstab([("young", "sometimes")], AGE, USE)
    with pytest.raises(ValueError, match="no answer to age"):
        crosstab([(frozenset({"young", "old"}), "often")], AGE, USE)


@given(st.lists(st.lists(st.integers(0, 60), min_size=2, max_size=2), min_size=3, max_size=3))
def test_chi_square_and_cramers_v_equal_scipy(table):
    used = [line for line in table if sum(line)]
    assume(len(used) > 1 and all(map(sum, zip(*used, strict=True))))
    ours = crosstab(answers(table), AGE, USE).chi2
    theirs = chi2_contingency(used, correction=False)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-8, abs=1e-8)
    assert ours.df == theirs.dof
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-8, abs=1e-12)
    assert ours.min_expected == pytest.approx(theirs.expected_freq.min(), rel=1e-8)
    assert ours.cramers_v == pytest.approx(association(used, "cramer"), rel=1e-8, abs=1e-8)
    few = (theirs.expected_freq < 5).mean() > 0.2 or theirs.expected_freq.min() < 1
    assert ours.small_expected == few


@given(st.floats(0, 3000), st.integers(1, 120))
def test_the_tail_of_chi_square_equals_scipy(statistic, df):
    assert chi_square_tail(statistic, df) == pytest.approx(chi2.sf(statistic, df), rel=1e-8, abs=1e-300)


@given(st.integers(1, 100_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_intervals_equal_statsmodels(share):
    low, high = proportion_confint(*share, method="wilson")
    assert wilson_interval(*share) == (pytest.approx(low, abs=1e-8), pytest.approx(high, abs=1e-8))


def test_one_row_in_use_is_nothing_to_test():
    assert crosstab(answers([[6, 2], [0, 0], [0, 0]]), AGE, USE).chi2 is None


def test_nobody_is_a_table_of_zeros_without_shares():
    tab = crosstab([], AGE, USE)
    assert tab.base == 0
    assert {(cell.count, cell.row_share, cell.ci95) for cell in tab.cells} == {(0, None, None)}


def test_json_is_what_the_contract_prints():
    tab = crosstab(answers([[6, 2], [0, 4], [3, 5]]), AGE, USE)
    printed = json.loads(json.dumps(tab.to_json()))
    assert list(printed) == ["row", "column", "base", "cells", "chi2"]
    assert list(printed["cells"][0]) == [
        "row",
        "column",
        "count",
        "row_share",
        "column_share",
        "ci95",
        "suppressed",
    ]
    assert list(printed["chi2"]) == ["statistic", "df", "p", "min_expected", "cramers_v"]
    assert [(cell["row"], cell["column"]) for cell in printed["cells"]][:3] == [
        ("young", "often"),
        ("young", "never"),
        ("middle", "often"),
    ]


def test_a_released_cross_tab_has_lost_what_was_hidden_and_the_test_with_it():
    tab = crosstab(answers([[30, 2], [40, 40], [50, 50]]), AGE, USE)
    assert tab.chi2 is not None
    seen = crosstab_of(release([table_of(tab, "age x use", 212)])[0])
    small = next(cell for cell in seen.cells if (cell.row, cell.column) == ("young", "never"))
    assert (small.count, small.row_share, small.column_share, small.ci95, small.suppressed) == (*[None] * 4, True)
    assert sum(cell.suppressed for cell in seen.cells) >= 4
    assert seen.chi2 is None


def test_a_cross_tab_without_small_cells_is_released_whole():
    tab = crosstab(answers([[30, 20], [40, 40], [50, 50]]), AGE, USE)
    assert crosstab_of(release([table_of(tab, "age x use", 230)])[0]) == tab
