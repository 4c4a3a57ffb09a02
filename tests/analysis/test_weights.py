"""Weights against R's published figures, statsmodels, and the margins themselves; and what they refuse."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from analysis.margins import Margin, MarginRefused, margins_from, representativeness
from analysis.weights import rake, weight_cells

SAMPLE = [[20, 40, 40], [50, 140, 310], [100, 50, 50], [30, 100, 70]]
POPULATION = [[80, 40, 55], [60, 150, 340], [170, 60, 200], [55, 165, 125]]
"""Kalton & Flores-Cervantes, Weighting Methods, Journal of Official Statistics 19 (2003), as in tests/kalton.R of the
R package survey 4.4; a down (1 to 4), b across (1 to 3)."""
POST_STRATIFIED = [[4.00, 1.00, 1.38], [1.20, 1.07, 1.10], [1.70, 1.20, 4.00], [1.83, 1.65, 1.79]]
RAKED = [[1.81, 1.45, 2.02], [1.08, 0.87, 1.21], [2.20, 1.76, 2.45], [1.83, 1.47, 2.04]]
"""What `postStratify` and `rake` of that package print (tests/kalton.Rout.save), to two decimals."""


def kalton():
    people = [
        (str(a), str(b)) for a, line in enumerate(SAMPLE, 1) for b, count in enumerate(line, 1) for _ in range(count)
    ]
    a, b = zip(*people, strict=True)
    rows = [("a", str(place), float(sum(line))) for place, line in enumerate(POPULATION, 1)]
    rows += [("b", str(place), float(sum(line))) for place, line in enumerate(zip(*POPULATION, strict=True), 1)]
    return {"a": list(a), "b": list(b)}, margins_from(rows)


def by_cell(columns, weights):
    cells = dict(zip(zip(columns["a"], columns["b"], strict=True), weights, strict=True))
    return [[cells[str(a), str(b)] for b in (1, 2, 3)] for a in (1, 2, 3, 4)]


def test_raking_and_cells_give_the_figures_published_for_r():
    columns, margins = kalton()
    times = sum(map(sum, POPULATION)) / 1000  # R's weights sum to the population, ours to the sample
    raked = np.array(by_cell(columns, rake(columns, margins).weights)) * times
    assert np.round(raked, 2).tolist() == RAKED
    crossed = margins_from(
        [("a*b", f"{a}*{b}", float(count)) for a, line in enumerate(POPULATION, 1) for b, count in enumerate(line, 1)]
    )
    cells = np.array(by_cell(columns, weight_cells(columns, crossed[0]).weights)) * times
    assert cells.tolist() == pytest.approx(np.array(POPULATION) / np.array(SAMPLE), abs=1e-8)
    assert cells == pytest.approx(np.array(POST_STRATIFIED), abs=0.00501)


def test_raking_equals_the_log_linear_model_that_statsmodels_fits():
    """Raking is the Poisson model of the margins with the sample as offset (Bishop, Fienberg & Holland 1975, 3.5)."""
    columns, margins = kalton()
    a, b = (np.array(list(margin.shares.values())) for margin in margins)
    design = np.array(
        [[1, *(i == np.arange(1, 4)), *(j == np.arange(1, 3))] for i in range(4) for j in range(3)], float
    )
    offset = np.log(np.array(SAMPLE, float).ravel())
    target = np.outer(a, b).ravel() * 1000  # any table with these margins
    fitted = sm.GLM(target, design, family=sm.families.Poisson(), offset=offset).fit(tol=1e-14, maxiter=200)
    ours = np.array(by_cell(columns, rake(columns, margins).weights)).ravel()
    assert ours == pytest.approx(fitted.fittedvalues / np.array(SAMPLE).ravel(), abs=1e-8)


@st.composite
def samples(draw):
    """People in every crossing of two variables, and margins that somebody stands for."""
    counts = draw(st.lists(st.integers(1, 9), min_size=6, max_size=6))
    people = [
        (a, b)
        for (a, b), count in zip([(a, b) for a in "xyz" for b in "pq"], counts, strict=True)
        for _ in range(count)
    ]
    people = draw(st.permutations(people))
    first = draw(st.lists(st.integers(1, 20), min_size=3, max_size=3))
    second = draw(st.lists(st.integers(1, 20), min_size=2, max_size=2))
    lines = [("u", name, count / sum(first)) for name, count in zip("xyz", first, strict=True)]
    lines += [("v", name, count / sum(second)) for name, count in zip("pq", second, strict=True)]
    return {"u": [a for a, _ in people], "v": [b for _, b in people]}, margins_from(lines)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_weights_sum_to_n_and_meet_every_margin(sample):
    columns, margins = sample
    found = rake(columns, margins, max_weight=None)
    assert sum(found.weights) == pytest.approx(len(columns["u"]), abs=1e-8)
    for margin in margins:
        held = dict.fromkeys(margin.shares, 0.0)
        for category, weight in zip(margin.of(columns), found.weights, strict=True):
            held[category] += weight / len(found.weights)
        assert held == pytest.approx(dict(margin.shares), abs=1e-9)
    squares = sum(weight * weight for weight in found.weights)
    assert found.effective == pytest.approx(sum(found.weights) ** 2 / squares)
    assert found.design_effect == pytest.approx(len(found.weights) / found.effective)


@settings(max_examples=15, deadline=None)
@given(samples(), st.floats(1.2, 4))
def test_no_weight_is_above_the_limit_and_what_is_missed_is_told(sample, limit):
    columns, margins = sample
    found = rake(columns, margins, max_weight=limit)
    assert max(found.weights) <= limit * (1 + 1e-9)
    assert found.trimmed == sum(weight > limit - 1e-8 for weight in found.weights)
    assert rake(columns, margins, max_weight=None).trimmed == 0
    assert sum(found.weights) == pytest.approx(len(found.weights), abs=1e-8)
    told = {(one.margin, one.category) for one in found.missed}
    for margin in margins:
        held = dict.fromkeys(margin.shares, 0.0)
        for category, weight in zip(margin.of(columns), found.weights, strict=True):
            held[category] += weight / len(found.weights)
        for category, target in margin.shares.items():
            assert (abs(held[category] - target) < 1e-5) or (margin.name, category[0]) in told


def test_the_order_of_respondents_cannot_matter():
    columns, margins = kalton()
    order = np.random.default_rng(0).permutation(1000)
    shuffled = {name: [values[place] for place in order] for name, values in columns.items()}
    plain, other = rake(columns, margins).weights, rake(shuffled, margins).weights
    assert [plain[place] for place in order] == pytest.approx(list(other), abs=1e-9)


def test_weights_to_start_from_are_kept_within_a_category():
    columns, margins = kalton()
    base = [2.0 if place % 2 else 1.0 for place in range(1000)]
    found = rake(columns, margins, base=base).weights
    assert found[1] / found[0] == pytest.approx(2)


def refusals():
    people = {"age": ["young", "old", "old"], "sex": ["f", "f", "m"]}
    age = [("age", "young", 0.5), ("age", "old", 0.5)]
    yield "Row 3 of the sample: age is ancient", people | {"age": ["young", "old", "ancient"]}, age
    yield "Row 2 of the sample: age is empty", people | {"age": ["young", "", "old"]}, age
    yield "no column town", people, [("town", "A", 1.0)]
    yield "No respondent stands for age = middle", people, [*age[:1], ("age", "old", 0.25), ("age", "middle", 0.25)]
    yield "shares of age sum to 0.9", people, [("age", "young", 0.5), ("age", "old", 0.4)]
    yield (
        "targets of sex sum to 90",
        people,
        [("age", "young", 50), ("age", "old", 50), ("sex", "f", 40), ("sex", "m", 50)],
    )
    yield "sum to 0", people, [("age", "young", 0.0), ("age", "old", 0.0)]
    yield "is there twice", people, [*age, age[0]]
    yield "nan is not a number", people, [("age", "young", float("nan"))]
    yield "Row 2 of the margins: the target -1", people, [("age", "young", 1.0), ("age", "old", -1.0)]
    yield "has 1 values for 2 variables", people, [("age*sex", "young", 1.0)]
    yield "has no row", {"age": [], "sex": []}, age
    yield "no line", people, []
    impossible = [*age, ("sex", "f", 0.2), ("sex", "m", 0.8)]
    yield "did not converge.*cell age = young and sex = m", people, impossible
    four = {"age": ["young", "old", "old", "old"], "sex": ["f", "f", "m", "m"], "town": ["A", "B", "A", "B"]}
    furthest = [("town", "A", 0.5), ("town", "B", 0.5), *impossible]
    yield "rounds: age = old has a share of 0.8 instead of 0.5", four, furthest


@pytest.mark.parametrize(
    ("said", "columns", "lines"), list(refusals()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_cannot_be_weighted_is_named(said, columns, lines):
    with pytest.raises(MarginRefused, match=said):
        rake(columns, margins_from(lines))


def test_a_limit_of_one_and_a_base_that_is_no_number_are_refused():
    columns, margins = kalton()
    with pytest.raises(ValueError, match="above 1"):
        rake(columns, margins, max_weight=1)
    with pytest.raises(ValueError, match="row 2: the weight nan"):
        rake(columns, margins, base=[1.0, float("nan"), *[1.0] * 998])


def test_a_sample_is_held_against_its_margins_and_its_smallest_groups_are_named():
    columns, margins = kalton()
    found = representativeness(columns, margins)
    first = found.standings[0]
    assert (first.count, first.share, first.target) == (100, 0.1, pytest.approx(175 / 1500))
    assert first.ratio == pytest.approx(0.1 / (175 / 1500))
    expected = [1000 * one.target for one in found.standings[:4]]
    assert found.p_holm["a"] == pytest.approx(2 * chisquare([100, 500, 200, 200], expected).pvalue, rel=1e-8)
    assert found.small == ()
    few = {"a": ["1", "2", "2", "3", "4"], "b": ["1", "2", "3", "1", "1"]}
    assert representativeness(few, margins).small[0].category == "1"
    assert "a = 1 (1)" in representativeness(few, margins).sentence()
    nobody = representativeness({"a": ["1", "2"]}, [Margin(("a",), {("1",): 1.0, ("2",): 0.0})])
    assert nobody.p_holm["a"] == 0
