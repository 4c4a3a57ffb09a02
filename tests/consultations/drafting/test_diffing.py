"""What changed between two texts, and between two versions of a draft."""

import time

from hypothesis import given
from hypothesis import strategies as st

from consultations.comments.drafting.diffing import Change, Piece, changed_passages, word_diff, words
from consultations.comments.drafting.passages import Passage
from consultations.comments.stages import PassageKind

TEXTS = st.text(alphabet="計画を市バスのア1２ ab。、\n", max_size=40)


def equal(text: str) -> Piece:
    return Piece(Change.EQUAL, text)


def deleted(text: str) -> Piece:
    return Piece(Change.DELETED, text)


def inserted(text: str) -> Piece:
    return Piece(Change.INSERTED, text)


def passage(anchor: str, text: str) -> Passage:
    return Passage(PassageKind.PARAGRAPH, 2, anchor, text, text, anchor)


def test_japanese_is_cut_where_the_script_changes() -> None:
    assert words("最終バスを30分遅くします。") == ["最終", "バス", "を", "30", "分遅", "くします", "。"]
    assert words("The last bus, 30 min.") == ["The", " ", "last", " ", "bus", ",", " ", "30", " ", "min", "."]


def test_a_changed_number_stands_alone() -> None:
    assert word_diff("最終バスを30分遅くします。", "最終バスを60分遅くします。") == [
        equal("最終バスを"), deleted("30"), inserted("60"), equal("分遅くします。"),
    ]  # fmt: skip


def test_english_changes_by_words() -> None:
    assert word_diff("The last bus leaves late.", "The first bus leaves late.") == [
        equal("The "), deleted("last"), inserted("first"), equal(" bus leaves late."),
    ]  # fmt: skip


def test_one_letter_between_two_changes_is_no_island() -> None:
    assert word_diff("屋根を直す。", "床板を張る。")[:2] == [deleted("屋根を直す"), inserted("床板を張る")]


def test_what_came_and_what_went() -> None:
    assert word_diff("", "新しい") == [inserted("新しい")]
    assert word_diff("古い", "") == [deleted("古い")]
    assert word_diff("", "") == []
    assert word_diff("同じ", "同じ") == [equal("同じ")]


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(one.text for one in pieces if one.change is not Change.INSERTED) == before
    assert "".join(one.text for one in pieces if one.change is not Change.DELETED) == after
    assert all(one.text for one in pieces)
    assert (before == after) == all(one.change is Change.EQUAL for one in pieces)


def test_two_long_texts_without_a_common_word_take_no_time() -> None:
    start = time.process_time()
    pieces = word_diff("あ、" * 50_000, "い。" * 50_000)
    assert time.process_time() - start < 1
    assert [one.change for one in pieces] == [Change.DELETED, Change.INSERTED]


def test_passages_are_paired_by_anchor_and_what_is_gone_stands_where_it_stood() -> None:
    before = [passage("p1", "消えた。"), passage("p2", "残る。"), passage("p3", "30分"), passage("p4", "終わり。")]
    after = [passage("p2", "残る。"), passage("p3", "60分"), passage("p5", "新しい。")]
    found = changed_passages(before, after)
    assert [(one.before and one.before.anchor, one.after and one.after.anchor) for one in found] == [
        ("p1", None), ("p3", "p3"), ("p4", None), (None, "p5"),
    ]  # fmt: skip
    assert found[1].pieces == (deleted("30"), inserted("60"), equal("分"))
    assert changed_passages(before, before) == []
