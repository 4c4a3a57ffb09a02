"""Copies are folded, whatever a campaign changes in its text; what only shares a topic is not."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.folding import LONG, FoldIndex, fold
from benchmarks.folding import GOALS, scored, written
from tests.analysis.comments import JAPANESE

CAMPAIGN = (
    "緑町の図書館を閉めるという計画に反対します。図書館は子どもからお年寄りまでが集まる場所で、車のない人には歩いて行ける"
    "ただ一つの公共施設です。建物が古いなら直して使ってください。"
)


def groups(texts):
    return [sorted(each.members) for each in fold(texts)]


def test_case_space_and_closing_marks_do_not_make_a_new_text():
    assert groups(["More Benches!", "more benches", "more  benches."]) == [[0, 1, 2]]
    assert fold(["席を増やして", "席を 増やして。"])[0].kind == "exact"


def test_a_retyped_extended_or_shortened_campaign_text_is_a_near_copy():
    variants = [
        CAMPAIGN,
        "いつもお世話になっております。" + CAMPAIGN,
        CAMPAIGN + "どうかよろしくお願いいたします。",
        CAMPAIGN.replace("建物が古いなら直して使ってください。", ""),
        CAMPAIGN.replace("緑町", "若葉町").replace("お年寄り", "高齢者"),
    ]
    assert groups([*variants, *JAPANESE])[0] == [0, 1, 2, 3, 4]
    assert fold(variants)[0].kind == "near"


def test_texts_on_one_subject_are_not_copies():
    assert [members for members in groups(JAPANESE) if len(members) > 1] == []


def test_short_texts_are_never_chained():
    """Each is near the next, the first not near the last: no fold may hold both ends."""
    letters = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ"
    chain = [letters[start : start + 22] for start in range(9)]
    folds = groups(chain)
    assert len(folds) > 1
    assert all(max(members) - min(members) <= 4 for members in folds)


@given(st.lists(st.text(max_size=60), max_size=20))
def test_every_row_is_in_one_fold_and_folding_the_folded_changes_nothing(texts):
    folds = fold(texts)
    assert sorted(row for each in folds for row in each.members) == list(range(len(texts)))
    kept = [texts[each.members[0]] for each in folds if each.kind == "exact"]
    assert all(len(each.members) == 1 for each in fold(kept) if each.kind == "exact")


LETTERS = "あいうえおかきくけこ"


@st.composite
def alike(draw):
    """A few short and long texts, each in several variants with some characters changed, some of them repeated."""
    random_ = random.Random(draw(st.integers(0, 2**32)))
    bases = ["".join(random_.choices(LETTERS, k=random_.choice([3, 12, 22, 30, 38, 45, 60]))) for _ in range(4)]
    texts = []
    for _ in range(draw(st.integers(1, 24))):
        text = list(random_.choice(bases))
        for _ in range(random_.randrange(4)):
            place = random_.randrange(len(text))
            text[place : place + random_.randrange(2)] = random_.choice(["", random_.choice(LETTERS)])
        texts.append("".join(text))
    return texts + random_.choices(texts, k=random_.randrange(6))


@settings(max_examples=40)
@given(alike(), st.randoms(use_true_random=False))
def test_the_folds_do_not_depend_on_the_order_of_rows(texts, random_):
    order = list(range(len(texts)))
    random_.shuffle(order)
    shuffled = [sorted(order[row] for row in each.members) for each in fold([texts[row] for row in order])]
    assert sorted(shuffled) == sorted(groups(texts))


@settings(max_examples=40)
@given(alike(), st.integers(0, 30))
def test_adding_one_by_one_is_folding_at_once(texts, first):
    index = FoldIndex(texts[:first])
    rows = [index.add(text) for text in texts[first:]]
    assert rows == list(range(len(texts)))[first:]
    assert index.folds() == fold(texts)
    assert all(row in index.fold_of(row).members for row in range(len(index)))


@settings(max_examples=30)
@given(alike())
def test_folding_the_representatives_of_exact_copies_folds_nothing_exactly(texts):
    kept = [texts[each.members[0]] for each in fold(texts)]
    assert all(len(each.members) == 1 or each.kind == "near" for each in fold(kept))


def test_a_crowd_folds_as_the_same_texts_in_small_company(monkeypatch):
    random_ = random.Random(3)
    base = "".join(random_.choices(LETTERS, k=60))
    texts = [base + "".join(random_.choices(LETTERS, k=12)) for _ in range(90)]
    texts += [text[:30] for text in texts[:70]] + ["".join(random_.choices(LETTERS, k=30)) for _ in range(20)]
    crowded = fold(texts)
    monkeypatch.setattr("analysis.folding._CROWDED", 1_000)
    assert fold(texts) == crowded
    assert len(crowded[0].members) >= 90


def test_a_short_text_that_becomes_the_commonest_becomes_the_centre():
    letters = "あいうえおかきくけこさしすせそたちつてとなにぬねのは"
    ends, middle = [letters[:22], letters[4:]], letters[2:24]
    index = FoldIndex([ends[0], ends[0], ends[1], ends[1], middle])
    assert len(index.folds()) == 2
    for _ in range(2):
        index.add(middle)
    assert [sorted(each.members) for each in index.folds()] == [list(range(7))]
    assert index.fold_of(0).members[0] == 4
    assert index.folds() == fold([ends[0], ends[0], ends[1], ends[1], middle, middle, middle])


def test_a_long_text_takes_the_short_ones_that_are_linked_to_it():
    long = CAMPAIGN[:LONG]
    index = FoldIndex([long[:-4], long[:-3]])
    index.add(long)
    assert len(index.folds()) == 1


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["😀"], ["あ" * 200_000, "い"], ["\x00", "\ud800"]])
def test_what_has_little_in_it_is_folded_all_the_same(texts):
    assert sorted(row for each in fold(texts) for row in each.members) == list(range(len(texts)))


def test_copies_of_every_kind_are_found_and_no_others():
    texts = written(5, 700, 40, variants=20)
    recall, precision = scored(texts, [each.members for each in fold([text for text, _, _ in texts])])
    assert all(recall[kind] >= goal for kind, goal in GOALS.items() if kind != "retyped"), recall
    assert precision >= 0.997
