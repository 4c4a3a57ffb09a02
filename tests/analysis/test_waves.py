"""Two waves of one survey: differences as statsmodels finds them, and no change told that is chance."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from analysis.inference import Axis
from analysis.significance import difference
from analysis.tabular import as_text, read_table, write_csv
from analysis.waves import Wave, WavesRefused, compare_waves

USE = Axis("use", ("often", "never"))
WISH = Axis("wish", ("bench", "shade"), multiple=True)

SHARE = st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@settings(max_examples=60, deadline=None)
@given(SHARE, SHARE)
def test_a_difference_of_shares_equals_statsmodels(before, after):
    ours = difference(*before, *after)
    theirs = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff")
    assert ours.ci95 == pytest.approx(theirs, abs=1e-8)
    if ours.p is None:
        assert before[0] / before[1] == after[0] / after[1]
    else:
        z, p = proportions_ztest([after[0], before[0]], [after[1], before[1]])
        assert (ours.z, ours.p) == (pytest.approx(z, abs=1e-8), pytest.approx(p, abs=1e-8))


def wave(name, often, never, benches=10, weights=None):
    answers = ["often"] * often + ["never"] * never
    wishes = [frozenset({"bench", "shade"} if place < benches else {"shade"}) for place in range(len(answers))]
    return Wave(name, {"use": answers, "wish": wishes}, weights)


def test_a_change_is_told_after_the_correction_and_chance_is_not():
    found = compare_waves([USE, WISH], wave("2025", 40, 160), wave("2026", 80, 120, benches=12))
    told = {(one.question, one.category): one.told for one in found.changes}
    assert told == {
        ("use", "often"): True,
        ("use", "never"): True,
        ("wish", "bench"): False,
        ("wish", "shade"): False,
    }
    often = found.changes[0]
    assert often.change.difference == pytest.approx(0.2)
    assert often.p_holm == pytest.approx(3 * often.change.p)  # shade, at 1 in both waves, asks nothing


def test_weights_change_the_share_and_widen_the_interval():
    plain = compare_waves([USE], wave("a", 50, 50), wave("b", 60, 40)).changes[0]
    weights = [3.0] * 60 + [1.0] * 40
    heavy = compare_waves([USE], wave("a", 50, 50), wave("b", 60, 40, weights=weights)).changes[0]
    assert heavy.after.share == pytest.approx(180 / 220)
    assert heavy.after.count == 60
    assert heavy.after.effective == pytest.approx(220**2 / (60 * 9 + 40))
    assert heavy.after.effective < plain.after.effective == 100
    for share in (heavy.before, heavy.after):
        count, number = share.share * share.effective, share.effective
        assert share.ci95 == pytest.approx(proportion_confint(count, number, method="wilson"), abs=1e-8)
    shares = [(share.share * share.effective, share.effective) for share in (heavy.after, heavy.before)]
    theirs = confint_proportions_2indep(*shares[0], *shares[1], method="newcomb", compare="diff")
    assert heavy.change.ci95 == pytest.approx(theirs, abs=1e-8)


def test_the_base_is_who_answered():
    silent = Wave("b", {"use": ["often", None, "never", None, "often"]}, [1.0, 9.0, 1.0, 9.0, 2.0])
    after = compare_waves([USE], wave("a", 1, 1), silent).changes[0].after
    assert (after.count, after.base, after.share) == (2, 3, 0.75)
    assert after.effective == pytest.approx(4**2 / 6)


def test_a_comparison_comes_back_from_csv():
    sheet = compare_waves([USE, WISH], wave("2025", 40, 160), wave("2026", 80, 120)).sheet()
    back = read_table(b"".join(write_csv(sheet.headers, sheet.rows)))
    assert back.rows == [tuple(as_text(value) for value in row) for row in sheet.rows]


def test_what_cannot_be_compared_is_named():
    with pytest.raises(WavesRefused, match="2026 has no question use"):
        compare_waves([USE], wave("2025", 1, 1), Wave("2026", {"wish": []}))
    with pytest.raises(WavesRefused, match="Nobody answered use in 2026"):
        compare_waves([USE], wave("2025", 1, 1), Wave("2026", {"use": [None, None]}))
    with pytest.raises(WavesRefused, match="2026, row 2: sometimes is no answer to use"):
        compare_waves([USE], wave("2025", 1, 1), Wave("2026", {"use": ["often", "sometimes"]}))
    both = [frozenset({"often", "never"})]
    with pytest.raises(WavesRefused, match="2026, row 1: never and often is no answer to use"):
        compare_waves([USE], wave("2025", 1, 1), Wave("2026", {"use": both}))
    with pytest.raises(ValueError, match="row 1: the weight nan"):
        compare_waves([USE], wave("2025", 1, 1), wave("2026", 1, 1, weights=[float("nan"), 1.0]))
