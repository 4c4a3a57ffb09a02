"""Nothing that leaves the staff area gives a small count away, not even to a reader who subtracts."""

import json
import subprocess
import sys
from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import FrequencyTable, NotDue, Policy, ReleasedTable, due_for_release, release
from analysis.inference import Axis
from analysis.suppression_attack import Attack
from tests.analysis.disclosure_auditor import chose, recoverable

AGE = Axis("age", ("young", "middle", "old"))
USE = Axis("use", ("bus", "train"))
WISH = Axis("wish", ("bench", "shade", "toilet"), multiple=True)
STRICT = Policy(protect_unanswered=True)
SHAPES = [(AGE,), (USE,), (WISH,), (AGE, USE), (AGE, WISH)]


def tallied(people, shapes=SHAPES):
    """The tables a survey would count from these answers."""
    tables = []
    for axes in shapes:
        counts = {
            place: sum(
                all(chose(axis, category)(person) for axis, category in zip(axes, place, strict=True))
                for person in people
            )
            for place in product(*((*axis.categories, None) for axis in axes))
        }
        tables.append(FrequencyTable("x".join(axis.variable for axis in axes), axes, counts, len(people)))
    return tables


def single(counts, base=None, variable="age"):
    """A one-way table of a single choice."""
    total = sum(counts.values())
    places = {(category,): count for category, count in counts.items()} | {(None,): total}
    return FrequencyTable(variable, (Axis(variable, tuple(counts)),), places, total if base is None else base)


def shown(table):
    return {place[0]: cell.count for place, cell in table.cells.items()}


def answers_of(age, use, wishes):
    return {
        "age": frozenset({age} - {None}),
        "use": frozenset({use} - {None}),
        "wish": frozenset(wishes),
    }


@st.composite
def people(draw, least):
    """A few ways to answer, each by a few people, so that small counts are everywhere."""
    ways = st.builds(
        answers_of,
        st.sampled_from([*AGE.categories, None]),
        st.sampled_from([*USE.categories, None]),
        st.sets(st.sampled_from(WISH.categories)),
    )
    groups = draw(st.lists(st.tuples(ways, st.sampled_from([1, 2, 3, 4, 5, 7, 20])), min_size=1, max_size=7))
    found = [way for way, size in groups for _ in range(size)]
    return found + [groups[0][0]] * (least - len(found))


def test_a_count_of_one_to_four_is_hidden_and_a_second_with_it():
    [table] = release([single({"young": 3, "middle": 40, "old": 57})])
    assert shown(table) == {"young": None, "middle": None, "old": 57, None: 100}
    cell = table.cells["young",]
    assert (cell.count, cell.share, cell.suppressed) == (None, None, True)
    assert table.cells["old",].share == 0.57


def test_zero_and_everybody_are_shown():
    [table] = release([single({"young": 0, "middle": 30, "old": 0})])
    assert shown(table) == {"young": 0, "middle": 30, "old": 0, None: 30}


@pytest.mark.parametrize("counts", [(4, 2, 1), (5, 2, 0), (7, 0, 0), (1, 6, 0)])
def test_a_survey_with_seven_answers_shows_no_small_count(counts):
    [table] = release([single(dict(zip(AGE.categories, counts, strict=True)))])
    assert not {1, 2, 3, 4} & set(shown(table).values())
    assert table.base == 7


def test_fewer_participations_than_the_smallest_cell_show_nothing_not_even_their_number():
    [table] = release([single({"young": 4, "middle": 0, "old": 0})])
    assert table.base is None
    assert all(cell.suppressed for cell in table.cells.values())


def test_a_question_answered_by_three_hides_its_zeros_too():
    table, _ = release([single({"young": 3, "old": 0}, base=50), single({"bus": 20, "train": 30}, variable="use")])
    assert shown(table) == {"young": None, "old": None, None: None}


def test_those_who_did_not_choose_an_option_are_protected_like_those_who_did():
    counts = {("bench",): 97, ("shade",): 50, ("toilet",): 40, (None,): 100}
    [table] = release([FrequencyTable("wish", (WISH,), counts, 100)])
    assert shown(table) == {"bench": None, "shade": 50, "toilet": 40, None: 100}


def test_those_who_did_not_answer_are_protected_where_the_policy_asks():
    table = single({"young": 20, "middle": 30, "old": 48}, base=100)
    assert shown(release([table])[0]) == {"young": 20, "middle": 30, "old": 48, None: 98}
    [strict] = release([table], policy=STRICT)
    assert shown(strict) == {"young": None, "middle": 30, "old": 48, None: None}


def test_a_question_put_only_to_some_does_not_tell_how_few_were_passed_over():
    asked = single({"yes": 97, "no": 3})
    why = FrequencyTable(
        "why", (Axis("why", ("a", "b"), conditional=True),), {("a",): 40, ("b",): 57, (None,): 97}, 100
    )
    tables = release([asked, why])
    assert shown(tables[0]) == {"yes": None, "no": None, None: 100}
    assert shown(tables[1]) == {"a": None, "b": 57, None: None}


def test_no_answer_as_a_category_is_protected_like_any():
    [table] = release([single({"young": 20, "old": 48, "none": 2})])
    assert shown(table) == {"young": None, "old": 48, "none": None, None: 70}


def test_a_cell_hidden_in_a_cross_tab_is_not_given_back_by_the_one_way_table():
    people = [answers_of("young", "bus", "")] * 2 + [answers_of("old", "bus", "")] * 30
    people += [answers_of("young", "train", "")] * 30 + [answers_of("old", "train", "")] * 30
    tables = release(tallied(people, [(AGE,), (USE,), (AGE, USE)]))
    assert tables[2].cells["young", "bus"].suppressed
    assert not recoverable([tables], [people])


def test_no_mean_stands_beside_a_hidden_count() -> None:
    counts = {("1",): 30, ("2",): 3, ("3",): 40, (None,): 73}
    table = FrequencyTable("scale", (Axis("scale", ("1", "2", "3")),), counts, 73, {"mean": 2.1})
    released = release([table])[0]
    assert released.cells["2",].suppressed
    assert released.figures == {"mean": None}


def test_figures_of_a_number_are_shown_while_its_count_is():
    def visit(count):
        counts = {(None,): count}
        return FrequencyTable("visits", (Axis("visits", ()),), counts, 50, {"mean": 2.5, "median": 2.0})

    assert release([visit(50)])[0].figures == {"mean": 2.5, "median": 2.0}
    assert release([visit(4)])[0].figures == {"mean": None, "median": None}
    assert release([visit(48)], policy=STRICT)[0].figures == {"mean": None, "median": None}


def test_two_releases_do_not_differ_by_a_small_count():
    first = release([single({"young": 20, "middle": 30})])
    [second] = release([single({"young": 21, "middle": 39})], first)
    assert shown(second) == {"young": None, "middle": None, None: 60}
    [second] = release([single({"young": 25, "middle": 35})], first)
    assert shown(second) == {"young": 25, "middle": 35, None: 60}


def test_a_withdrawn_answer_does_not_show_as_a_small_difference():
    first = release([single({"young": 20, "middle": 30})])
    [second] = release([single({"young": 19, "middle": 41})], first)
    assert shown(second) == {"young": None, "middle": None, None: 60}


def test_a_table_added_later_keeps_what_was_hidden_hidden():
    people = [answers_of("young", "bus", "")] * 3 + [answers_of("middle", "bus", "")] * 6
    people += [answers_of("old", "train", "")] * 30
    first = release(tallied(people, [(AGE,)]))
    second = release(tallied(people, [(USE,), (AGE, USE)]), first)
    assert not recoverable([first + second], [people])


def test_a_live_release_waits_for_ten_participations_and_for_growth_by_half():
    assert not due_for_release(None, 9)
    assert due_for_release(None, 10)
    assert not due_for_release(10, 19)
    assert due_for_release(10, 20)
    assert not due_for_release(100, 149)
    assert due_for_release(100, 150)


def test_a_release_of_fewer_than_ten_new_participations_is_refused_and_the_last_needs_no_growth():
    assert release([single({"young": 30, "middle": 30})], release([single({"young": 20, "middle": 30})]))
    with pytest.raises(NotDue):
        release([single({"young": 20, "middle": 35})], release([single({"young": 20, "middle": 30})]))


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([single({"a": 5}, 9), single({"b": 5}, 8, "use")], "one base"),
        ([FrequencyTable("age", (AGE,), {("young",): 5}, 5)], "every place"),
        ([FrequencyTable("age", (AGE,), {("young",): 3}, 3)], "every place"),
        ([single({"a": 5, "b": 6}, 11), single({"a": 6, "b": 5}, 11)], "unlike another"),
        ([FrequencyTable("t", (Axis("t", ("a", "b")),), {("a",): 5, ("b",): 6, (None,): 12}, 12)], "add up"),
        ([single({"a": 5, "b": 6}, 10)], "add up"),
    ],
)
def test_tables_that_do_not_add_up_are_refused(tables, words):
    with pytest.raises(ValueError, match=words):
        release(tables)


def test_a_policy_whose_step_is_under_its_cell_is_refused():
    with pytest.raises(ValueError, match="minimum_cell"):
        Policy(minimum_cell=5, release_step=4)


def test_a_stricter_policy_hides_more():
    table = single({"young": 8, "middle": 40, "old": 50})
    assert shown(release([table])[0])["young"] == 8
    assert shown(release([table], policy=Policy(minimum_cell=10))[0])["young"] is None


@settings(max_examples=20, deadline=None, derandomize=True)
@given(people(least=1), st.booleans())
def test_nothing_small_can_be_computed_from_one_release(people, silence):
    tables = release(tallied(people), policy=Policy(protect_unanswered=silence))
    assert not recoverable([tables], [people], silence=silence)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(people(least=10), people(least=10), st.booleans())
def test_nothing_small_can_be_computed_from_two_releases(early, late, silence):
    policy, shapes = Policy(protect_unanswered=silence), [(AGE,), (WISH,), (AGE, USE)]
    first = release(tallied(early, shapes), policy=policy)
    second = release(tallied(early + late, shapes), first, policy)
    assert not recoverable([first, second], [early, late], silence=silence)


@given(people(least=1))
@settings(max_examples=20, deadline=None)
def test_a_release_survives_storage_as_json(people):
    tables = release(tallied(people, [(AGE,), (WISH,)]))
    assert [ReleasedTable.from_json(json.loads(json.dumps(table.to_json()))) for table in tables] == tables


def test_the_auditor_catches_control_without_complementary_suppression(monkeypatch):
    people = [answers_of("young", "bus", "")] * 3 + [answers_of("old", "train", "")] * 30
    monkeypatch.setattr(Attack, "found_out", lambda self, hidden: [])
    leaks = recoverable([release(tallied(people))], [people])
    assert any("age('young',)" in leak for leak in leaks)


def test_the_auditor_catches_releases_that_forget_each_other():
    early = [answers_of("young", "bus", "")] * 20 + [answers_of("old", "bus", "")] * 20
    late = [answers_of("young", "bus", "")] * 2 + [answers_of("old", "bus", "")] * 10
    first, second = release(tallied(early, [(AGE,)])), release(tallied(early + late, [(AGE,)]))
    assert Counter(leak.split(":")[0] for leak in recoverable([first, second], [early, late]))["age('young',) 1-1"] == 1


def test_pages_can_read_releases_without_loading_a_solver():
    lines = "import sys, analysis.disclosure, analysis.crosstab, analysis.tabular, analysis.spreadsheets"
    check = f"{lines}; print([n for n in ('numpy', 'scipy', 'openpyxl', 'xlsxwriter') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
