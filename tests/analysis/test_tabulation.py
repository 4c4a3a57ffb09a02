"""Many cross-tabs at once: equal to the plain count, to statsmodels, and blind to the order of respondents."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.weightstats import DescrStatsW

from analysis.crosstab import crosstab
from analysis.inference import Axis
from analysis.means import means
from analysis.significance import holm
from analysis.spreadsheets import Sheet
from analysis.tabular import as_text, read_table, write_csv
from analysis.tabulation import Question, cross, report, three_way, trend

AGE = Axis("age", ("young", "middle", "old"))
USE = Axis("use", ("never", "seldom", "often"))
WISH = Axis("wish", ("bench", "shade"), multiple=True)
ONE = st.tuples(
    st.sampled_from([None, *AGE.categories]),
    st.sampled_from([None, *USE.categories]),
    st.sampled_from([None, frozenset(), frozenset({"bench"}), frozenset({"bench", "shade"})]),
    st.sampled_from([0.0, 0.5, 1.0, 3.25]),
)


def questions(people):
    ages, uses, wishes, _ = zip(*people, strict=True)
    return [Question(AGE, ages, ordered=True), Question(USE, uses, ordered=True), Question(WISH, wishes)]


def rising():
    """Sixty people of whom the older go more often."""
    counts = [[12, 6, 2], [6, 8, 6], [3, 7, 10]]
    return [
        (age, use, frozenset({"bench"}) if number % 3 else frozenset({"bench", "shade"}), 1.0 + number % 2)
        for age, line in zip(AGE.categories, counts, strict=True)
        for use, count in zip(USE.categories, line, strict=True)
        for number in range(count)
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(ONE, min_size=1, max_size=40).filter(lambda people: any(one[3] for one in people)))
def test_a_whole_report_counts_as_the_plain_cross_tab_does(people):
    asked = questions(people)
    weights = [one[3] for one in people]
    for given_weights in (None, weights):
        for tab in report(asked, weights=given_weights).tabs:
            row, column = (next(one for one in asked if one.axis == axis) for axis in (tab.row, tab.column))
            pairs = list(zip(row.answers, column.answers, strict=True))
            plain = crosstab(pairs, row.axis, column.axis, given_weights)
            assert (tab.counts, tab.base) == (plain.counts, plain.base)
            for ours, theirs in zip(tab.cells, plain.cells, strict=True):
                assert (ours.count, ours.row_share, ours.ci95) == (theirs.count, theirs.row_share, theirs.ci95)
                if given_weights:
                    assert ours.weighted.count == pytest.approx(theirs.weighted.count, abs=1e-9)
                    assert ours.weighted.ci95 == pytest.approx(theirs.weighted.ci95, abs=1e-8)
                else:
                    assert ours.weighted is None


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(60)))
def test_the_order_of_respondents_cannot_matter(order):
    people = rising()
    assert report(questions(people)) == report(questions([people[place] for place in order]))


def test_weights_of_one_change_no_figure():
    people = rising()
    row, column, _ = questions(people)
    tab = cross(row, column, [1.0] * len(people))
    for cell in tab.cells:
        assert cell.weighted.row_share == cell.row_share
        assert cell.weighted.ci95 == pytest.approx(cell.ci95)
    assert tab.effective_base == tab.base
    assert tab.weighted_chi2.statistic == pytest.approx(tab.chi2.statistic)


def test_holm_equals_statsmodels_and_a_report_corrects_all_its_tests():
    p_values = [0.01, None, 0.04, 0.03, 0.2, 0.011]
    known = [p for p in p_values if p is not None]
    theirs = multipletests(known, method="holm")[1]
    assert [p for p in holm(p_values) if p is not None] == pytest.approx(list(theirs), abs=1e-12)
    assert holm(p_values)[1] is None
    found = report(questions(rising()))
    assert [p is None for p in found.p_holm] == [False, True, True]  # a multiple choice has no test
    assert found.tests().rows[0][5] == found.p_holm[0]


def test_a_trend_equals_statsmodels():
    tab = cross(*questions(rising())[:2])
    counts = [[tab.counts[age, use] for use in USE.categories] for age in AGE.categories]
    theirs = Table(np.array(counts), shift_zeros=False).test_ordinal_association()
    assert trend(tab).z == pytest.approx(theirs.zscore, rel=1e-8)
    assert trend(tab).p == pytest.approx(theirs.pvalue, rel=1e-8)
    assert trend(cross(*questions([("old", "often", None, 1.0)] * 5)[:2])) is None


def test_three_questions_are_a_cross_tab_in_each_layer_and_one_test_within_layers():
    people = rising()
    row, column, wish = questions(people)
    layer = Question(Axis("sex", ("f", "m")), ["f" if place % 2 else "m" for place in range(len(people))])
    found = three_way(row, column, layer)
    for category, tab in found.tabs.items():
        among = [one for one, sex in zip(people, layer.answers, strict=True) if sex == category]
        assert tab == crosstab([one[:2] for one in among], AGE, USE)
    assert found.together == crosstab([one[:2] for one in people], AGE, USE)
    statistic = sum(tab.chi2.statistic for tab in found.tabs.values())
    assert found.conditional.p == pytest.approx(chi2.sf(statistic, found.conditional.df), rel=1e-8)
    several = three_way(row, column, wish)
    assert several.conditional is None
    assert several.tabs["bench"].base == several.together.base == 60


def test_what_cannot_be_counted_is_named_by_its_row():
    people = rising()
    row, column, wish = questions(people)
    strange = Question(USE, [*column.answers[:-1], "sometimes"])
    with pytest.raises(ValueError, match="row 60: sometimes is no answer to use"):
        cross(row, strange)
    with pytest.raises(ValueError, match="row 60: lamp is no answer to wish"):
        cross(row, Question(WISH, [*wish.answers[:-1], frozenset({"lamp"})]))
    with pytest.raises(ValueError, match="row 1: middle and young is no answer to age"):
        cross(Question(AGE, [frozenset({"young", "middle"})] * 60), column)
    with pytest.raises(ValueError, match="different numbers"):
        cross(row, Question(USE, column.answers[1:]))
    for bad in (float("nan"), -1.0, float("inf")):
        with pytest.raises(ValueError, match="row 3: the weight"):
            cross(row, column, [1.0, 1.0, bad, *[1.0] * 57])
        with pytest.raises(ValueError, match="row 3: the weight"):
            crosstab([one[:2] for one in people], AGE, USE, [1.0, 1.0, bad, *[1.0] * 57])
    with pytest.raises(ValueError, match="59 weights for 60"):
        cross(row, column, [1.0] * 59)


NUMBERS = [3.0, 4.5, 2.0, 8.0, 9.5, 7.0, 1.0, None, 6.0, 5.5]
GROUPS = ["young", "young", "young", "old", "old", "old", "middle", "middle", "middle", None]


def test_means_their_intervals_and_welch_equal_statsmodels():
    found = means("visits", NUMBERS, AGE, GROUPS)
    samples = [
        [number for number, group in zip(NUMBERS, GROUPS, strict=True) if group == age and number is not None]
        for age in AGE.categories
    ]
    for age, sample in zip(AGE.categories, samples, strict=True):
        assert found.groups[age].ci95 == pytest.approx(DescrStatsW(sample).tconfint_mean(), abs=1e-8)
        assert found.groups[age].quartiles == pytest.approx(np.quantile(sample, (0.25, 0.5, 0.75)))
    theirs = anova_oneway(samples, use_var="unequal")
    assert found.test.statistic == pytest.approx(theirs.statistic, rel=1e-8)
    assert found.test.p == pytest.approx(theirs.pvalue, rel=1e-8)
    assert found.groups[None].count == 8


def test_weighted_means_stand_beside_the_others_and_overlapping_groups_have_no_test():
    weights = [1.0, 3.0, *[1.0] * 8]
    found = means("visits", NUMBERS, AGE, GROUPS, weights)
    assert found.groups["young"].weighted_mean == pytest.approx((3 + 3 * 4.5 + 2) / 5)
    assert found.groups["young"].effective == pytest.approx(25 / 11)
    wishes = [frozenset({"bench", "shade"})] * 10
    assert means("visits", NUMBERS, WISH, wishes).test is None
    with pytest.raises(ValueError, match="row 2: nan is not a number"):
        means("visits", [1.0, float("nan")], AGE, ["old", "old"])
    with pytest.raises(ValueError, match="row 2: ancient is no answer to age"):
        means("visits", [1.0, 2.0], AGE, ["old", "ancient"])


def tables():
    people = rising()
    row, column, _ = questions(people)
    weights = [one[3] for one in people]
    layer = Question(Axis("sex", ("=f", "-m")), ["=f" if place % 2 else "-m" for place in range(60)])
    yield report([row, column, layer], weights=weights).sheet()
    yield report([row, column, layer]).tests()
    yield three_way(row, column, layer, weights).sheet()
    yield cross(row, column).sheet()
    yield means("visits", NUMBERS, AGE, GROUPS, [1.0] * 10).sheet()


@pytest.mark.parametrize("sheet", list(tables()), ids=lambda sheet: sheet.name)
def test_every_record_comes_back_from_csv_as_it_was(sheet: Sheet):
    back = read_table(b"".join(write_csv(sheet.headers, sheet.rows)))
    assert back.headers == tuple(sheet.headers)
    assert back.rows == [tuple(as_text(value) for value in row) for row in sheet.rows]
