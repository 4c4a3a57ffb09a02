"""A research file in which nobody stands alone, and texts beside no attribute that singles their author out."""

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.research import ANY, Hierarchy, NoSafeFile, Plan, research_file, safe_beside_texts, singled_out

DECADES = {str(age): f"{age // 10 * 10}代" for age in range(20, 80)}
HALVES = {str(age): "20–49" if age < 50 else "50–79" for age in range(20, 80)}
AGE = Hierarchy("age", (DECADES, HALVES))
TOWN = Hierarchy("town", ({"本町": "中央", "駅前": "中央", "山手": "外", "浜": "外"},))
PLAN = Plan((AGE, TOWN), ("content",), k=5, l=2, removed=0.05)


def rows(size, seed=0):
    chance = random.Random(seed)
    return [
        {
            "age": str(chance.randint(20, 79)),
            "town": chance.choice(["本町", "本町", "駅前", "山手", "浜"]),
            "content": chance.choice(["よい", "ふつう", "わるい"]),
            "comment": "書いた文",
        }
        for _ in range(size)
    ]


def groups(made):
    found = defaultdict(list)
    for *attributes, answer in made.rows:
        found[tuple(attributes)].append(answer)
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 150), st.integers(0, 5))
def test_every_combination_of_attributes_is_shared_by_k_rows_with_l_answers(size, seed):
    made = research_file(rows(size, seed), PLAN)
    for answers in groups(made).values():
        assert len(answers) >= 5
        assert len(set(answers)) >= 2
    assert made.removed <= 0.05 * size
    assert len(made.rows) + made.removed == size


def test_the_file_is_as_fine_as_it_may_be():
    people = [{"age": str(age), "town": "本町", "content": answer} for age in (25, 27) for answer in "abcab"]
    assert research_file(people, PLAN).levels == {"age": 0, "town": 0}
    mixed = [*people, *({"age": "26", "town": "本町", "content": answer} for answer in "abc")]
    assert research_file(mixed, PLAN).levels == {"age": 1, "town": 0}


def test_one_answer_for_all_of_a_group_is_no_protection():
    people = [{"age": str(age), "town": "本町", "content": f"{age}"} for age in (25, 35) for _ in range(9)]
    made = research_file(people, PLAN)
    assert made.levels["age"] == 2
    assert made.risk.surest_answer == 0.5
    with pytest.raises(NoSafeFile):
        research_file([row | {"content": "same"} for row in people], PLAN)


def test_columns_that_the_plan_does_not_name_are_not_released():
    made = research_file(rows(60), PLAN)
    assert made.headers == ("age", "town", "content")
    assert list(made.rows) == sorted(made.rows)


def test_the_codebook_says_what_was_coarsened_and_how_great_the_risk_is():
    made = research_file(rows(80), PLAN)
    book = made.codebook()
    assert [column["column"] for column in book["columns"]] == ["age", "town", "content"]
    assert book["columns"][0]["level"] == made.levels["age"]
    smallest = min(map(len, groups(made).values()))
    assert book["risk"]["highest"] == round(1 / smallest, 6)
    assert book["risk"]["unique_before"] == sum(
        count == 1 for count in Counter((row["age"], row["town"]) for row in rows(80)).values()
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"k": 1}, "k of 2"),
        ({"removed": 1.0}, "removed"),
        ({"attributes": ()}, "attributes"),
        ({"sensitive": ("age",)}, "once"),
    ],
)
def test_a_plan_that_promises_nothing_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        Plan(**{"attributes": (AGE,), "sensitive": ("content",), **change})


def test_a_value_without_a_place_in_the_hierarchy_is_named():
    with pytest.raises(ValueError, match="'99'"):
        research_file([{"age": "99", "town": "本町", "content": "a"}] * 9, PLAN)


def test_the_top_of_every_hierarchy_is_anything():
    assert AGE.at(AGE.top, "25") == ANY


def test_a_text_does_not_stand_beside_attributes_that_few_share():
    attributes = [("30代", "女"), ("30代", "女"), ("30代", "男"), ("70代", "男")] * 4 + [("70代", "女")]
    assert singled_out(attributes, 5) == [2, 3, 6, 7, 10, 11, 14, 15, 16]
    shown = safe_beside_texts(attributes, 5)
    assert shown == (0,)
    assert singled_out([[one[place] for place in shown] for one in attributes], 5) == []
    assert safe_beside_texts([("a",), ("b",)], 2) == ()
    assert safe_beside_texts([], 5) == ()
