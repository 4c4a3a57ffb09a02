"""Copies are folded, whatever a campaign changes in its text; what only shares a topic is not."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.folding import fold
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
