"""A campaign is shown as the text it shares, with slots where its posts say something of their own."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.campaigns import Filling, Slot, template

FIRST = "緑町の図書館を閉める計画に反対します。"
SECOND = "車のない人には歩いて行けるただ一つの公共施設です。"


def test_what_all_share_is_text_and_what_differs_is_a_slot():
    found = template(
        [FIRST + own + SECOND for own in ("孫も通っています。", "私も毎週使います。", "閉めないでください。")]
    )
    assert [part for part in found.parts if isinstance(part, str)] == [FIRST, "。" + SECOND]
    (slot,) = (part for part in found.parts if isinstance(part, Slot))
    assert {filling.text for filling in slot.fillings} == {
        "孫も通っています",
        "私も毎週使います",
        "閉めないでください",
    }


def test_a_sentence_that_one_puts_in_is_a_slot_most_leave_empty():
    found = template([FIRST + SECOND] * 3 + [FIRST + "孫も通っています。" + SECOND])
    assert found.parts == (FIRST, Slot((Filling("", 3), Filling("孫も通っています。", 1)), 0), SECOND)
    assert (found.posts, found.variants, found.compared) == (4, 2, 2)


def test_spaces_and_marks_make_no_slot():
    assert template([FIRST, FIRST.replace("を", "を　"), FIRST.rstrip("。")]).parts in {(FIRST,), (FIRST.rstrip("。"),)}


def test_people_are_counted_once_and_not_at_all_where_nobody_was_verified():
    assert template([FIRST] * 4, ["m1", "m1", None, "m2"]).people == 2
    assert template([FIRST] * 4).people is None


def test_the_commonest_fillings_are_shown_and_the_others_counted():
    names = ["あ", "い", "う", "え", "お", "か", "き", "く", "け", "こ", "さ", "し"]
    found = template([f"{FIRST}{name * 3}市民より" for name in names] + [f"{FIRST}さささ市民より"])
    (slot,) = (part for part in found.parts if isinstance(part, Slot))
    assert slot.fillings[0] == Filling("さささ", 2)
    assert (len(slot.fillings), slot.further) == (10, 2)


def test_texts_that_share_nothing_are_one_slot():
    found = template(["駅が遠い", "道が狭い"])
    assert found.parts == (Slot((Filling("道が狭い", 1), Filling("駅が遠い", 1)), 0),)


PIECES = st.sampled_from([FIRST, SECOND, "孫も。", "", " ", "A"])


@settings(max_examples=40)
@given(st.lists(st.lists(PIECES, max_size=4).map("".join), min_size=1, max_size=6))
def test_the_order_of_posts_does_not_matter_and_every_word_shown_was_written(texts):
    found = template(texts)
    assert found == template(texts[::-1])
    shown = [part for part in found.parts if isinstance(part, str)]
    shown += [filling.text for part in found.parts if isinstance(part, Slot) for filling in part.fillings]
    assert all(any(words in text for text in texts) for words in shown)
    assert found.posts == len(texts)
