"""The draft as numbered passages: labels as clerks say them, words that all arrive, HTML that obeys nobody."""

import time
from collections.abc import Sequence

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from consultations.comments.drafting import markup, pairing
from consultations.comments.drafting.labels import LONGEST, number_of
from consultations.comments.drafting.passages import Passage, anchored, parse
from consultations.comments.stages import PassageKind

PLAN = """# 地域公共交通計画（案）

まえがき。

## はじめに

これは案です。

## 第2章 取り組むこと

予約して乗るバスを始めます。

### 停留所

屋根をつけます。

1. 病院前
2. 市役所前

| 年度 | 額 |
|---|---|
| 2027 | 4億円 |
"""
ORDINANCE = """# 第一章　総則

### 第1条（目的）
この条例は、目的を定める。
2　市は、次の責務を負う。
（1）知らせること。
（2）聞くこと。

第2条の2　市長は、計画を定める。

2. 計画は、公表する。
3. 変更も、同じとする。
"""
HOSTILE = [
    "[押す](javascript:alert(1))", "[押す](JaVaScRiPt:alert(1))", "[押す](//evil.example/)", "[押す](/\\evil.example/)",
    "[押す](data:text/html,x)", "<javascript:alert(1)>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)" onclick="x">押す</a>', "![図](https://evil.example/x.png)", "[押す](vbscript:x)",
    '[押す](https://ok.example/ "onmouseover=alert(1)")', "```html onload\n<b>\n```", "&lt;script&gt;", "[a]: javascript:x\n\n[a]",
]  # fmt: skip
LINES = st.text(alphabet="あ漢字カナab12*_`[]()<>#-|\\&!。「」（） 　\t", max_size=30)
DRAFTS = st.lists(LINES, max_size=20).map("\n".join)
SENTENCES = st.text(alphabet="あいうえお計画市民ab1", min_size=1, max_size=8)
DOCUMENTS = st.lists(SENTENCES, max_size=12)


def named(markdown: str) -> list[tuple[str, str]]:
    return [(one.label, one.text) for one in parse(markdown)]


def laid_out(sentences: Sequence[str]) -> str:
    return "\n\n".join(sentences)


def test_numbers_of_the_author_stay_and_the_rest_is_counted_below_them() -> None:
    assert named(PLAN) == [
        ("地域公共交通計画（案）", "地域公共交通計画（案）"), ("0-1", "まえがき。"),
        ("はじめに", "はじめに"), ("はじめに-1", "これは案です。"),
        ("第2章", "第2章 取り組むこと"), ("2-1", "予約して乗るバスを始めます。"), ("2-2", "停留所"), ("2-2-1", "屋根をつけます。"),
        ("2-2-1(1)", "病院前"), ("2-2-1(2)", "市役所前"), ("2-2-2", "年度 | 額\n2027 | 4億円"),
    ]  # fmt: skip


def test_an_ordinance_is_cut_into_articles_paragraphs_and_items() -> None:
    assert [(one.label, one.kind) for one in parse(ORDINANCE)] == [
        ("第一章", PassageKind.CHAPTER), ("第1条", PassageKind.ARTICLE), ("第1条第1項", PassageKind.PARAGRAPH),
        ("第1条第2項", PassageKind.PARAGRAPH), ("第1条第2項第1号", PassageKind.ITEM), ("第1条第2項第2号", PassageKind.ITEM),
        ("第2条の2", PassageKind.ARTICLE), ("第2条の2第2項", PassageKind.PARAGRAPH), ("第2条の2第3項", PassageKind.PARAGRAPH),
    ]  # fmt: skip


def test_two_lists_below_one_paragraph_share_no_label() -> None:
    assert [label for label, _text in named("文。\n\n1. 一\n2. 二\n\n1) 三")] == [
        "0-1", "0-1(1)", "0-1(2)", "0-2(1)",
    ]  # fmt: skip
    assert [label for label, _text in named("第3条　次のとおり。\n（1）甲\n\n1. 乙\n\n| 表 |\n|---|\n| 丙 |")] == [
        "第3条", "第3条第1号", "第3条第2項第1号", "第3条第2項の表",
    ]  # fmt: skip


def test_a_plan_without_numbers_is_counted_from_one() -> None:
    assert [label for label, _text in named("# 目的\n\n文。\n\n# 取組\n\n文。\n\n## 細目\n\n文。")] == [
        "1", "1-1", "2", "2-1", "2-2", "2-2-1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "value"),
    [("３", 3), ("三", 3), ("十", 10), ("二十一", 21), ("百二", 102), ("42", 42), ("〇", 0), ("条", 0)],
)
def test_numbers_are_read_in_digits_and_kanji(written: str, value: int) -> None:
    assert number_of(written) == value


@pytest.mark.parametrize(
    ("markdown", "strong"),
    [
        ("**「強調」**です", "「強調」"), ("これは**「強調」**です", "「強調」"), ("**強調。**次へ", "強調。"),
        ("これは**重要（必須）**です", "重要（必須）"), ("**注意**：本文", "注意"), ("「**中**」", "中"), ("a **b** c", "b"),
    ],
)  # fmt: skip
def test_japanese_is_emphasised_without_spaces(markdown: str, strong: str) -> None:
    (passage,) = parse(markdown)
    assert [tag.get_text() for tag in BeautifulSoup(passage.html, "html5lib").find_all("strong")] == [strong]
    assert "*" not in passage.text


def test_a_lone_asterisk_stays_one() -> None:
    assert [one.text for one in parse("5 * 3 は 15")] == ["5 * 3 は 15"]


def test_lines_of_japanese_join_without_a_space_and_those_of_english_with_one() -> None:
    assert [one.text for one in parse("一行目\n二行目\n\none\ntwo")] == ["一行目二行目", "one two"]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_markdown_is_shown_and_never_obeyed(markdown: str) -> None:
    html = "".join(one.html for one in parse(f"文\n\n{markdown}\n\n- {markdown}\n\n1. {markdown}"))
    assert_tame(html)


def test_the_cleaner_stands_behind_the_parser() -> None:
    assert_tame(markup.sanitised('<p onclick="x"><a href="//evil.example">x</a><img src=x><svg/onload=x></p>'))
    with pytest.raises(AssertionError):
        assert_tame('<a href="//evil.example">x</a>')


def assert_tame(html: str) -> None:
    """Only known tags, each with the attribute it may have, links that lead where they may."""
    for tag in BeautifulSoup(html, "html5lib").body.find_all(True):  # type: ignore[union-attr]  # the parser always adds one
        assert tag.name in markup.TAGS | {"tbody"}, tag.name
        assert set(tag.attrs) <= {"a": {"href"}, "ol": {"start"}}.get(tag.name, set()), tag
        if "href" in tag.attrs:
            assert markup.may_lead_to(str(tag["href"]))


@given(DRAFTS)
def test_whatever_is_typed_is_parsed_into_tame_passages(markdown: str) -> None:
    found = anchored(parse(markdown), [])
    assert len({one.anchor for one in found}) == len(found)
    for one in found:
        assert one.text.strip()
        assert 0 < len(one.label) <= LONGEST
        assert one.depth >= 1
        assert_tame(one.html)


@given(DRAFTS)
def test_no_letter_of_the_draft_is_lost(markdown: str) -> None:
    def letters(text: str) -> list[str]:
        return sorted(character for character in text if character in "あ漢字カナb。「」（）")

    if "```" not in markdown:  # the word after a fence names a language and is not shown
        assert letters("".join(one.text for one in parse(markdown))) == letters(markdown)


@given(DOCUMENTS, DOCUMENTS, st.integers(0, 12))
def test_what_stands_unchanged_keeps_its_anchor_when_something_is_put_in(
    before: list[str], added: list[str], place: int
) -> None:
    first = anchored(parse(laid_out(before)), [])
    second = anchored(parse(laid_out([*before[:place], *added, *before[place:]])), first)
    assert len({one.anchor for one in second}) == len(second)
    assert len({one.anchor for one in first} & {one.anchor for one in second}) == len(first)


@given(st.lists(SENTENCES, max_size=12, unique=True), st.sets(st.integers(0, 11)))
def test_what_stands_unchanged_keeps_its_anchor_when_something_goes(before: list[str], gone: set[int]) -> None:
    first = anchored(parse(laid_out(before)), [])
    left = [sentence for place, sentence in enumerate(before) if place not in gone]
    second = anchored(parse(laid_out(left)), first)
    anchor_of = {one.text: one.anchor for one in first}
    assert [one.anchor for one in second] == [anchor_of[one.text] for one in second]


def test_a_changed_paragraph_keeps_its_anchor_and_a_new_one_gets_a_fresh_one() -> None:
    first = anchored(parse("最終バスを30分遅くします。\n\n屋根をつけます。"), [])
    second = anchored(parse("最終バスを60分遅くします。\n\n夜の便を新しく作ります。\n\n屋根をつけます。"), first)
    assert [one.anchor for one in second] == ["p1", "p3", "p2"]


def test_the_anchor_of_a_passage_that_went_is_never_given_again() -> None:
    first = anchored(parse("一。\n\n二。\n\n三。"), [])
    second = anchored(parse("一。\n\n二。"), first, 3)
    assert [one.anchor for one in anchored(parse("一。\n\n二。\n\n四つ目の話。"), second, 3)] == ["p1", "p2", "p4"]


def test_a_sentence_that_stands_in_two_chapters_stays_in_its_own() -> None:
    first = anchored(parse("# 甲\n\n同じ。\n\n# 乙\n\n同じ。"), [])
    second = anchored(parse("# 新\n\n同じ。\n\n# 甲\n\n同じ。\n\n# 乙\n\n同じ。"), first)
    assert [one.anchor for one in second] == ["p5", "p6", "p1", "p2", "p3", "p4"]


def many(count: int, words: str = "段落") -> str:
    return "\n\n".join(f"第{i % 7}の**{words}**、番号{i}は[資料](https://a.example/{i})を見る。" for i in range(count))


CHANGES = {
    "nothing": many(10_000),
    "one in front": f"はじめ。\n\n{many(10_000)}",
    "every one": many(10_000, "文章"),
    "all new": "\n\n".join(f"バスの便{i * 7919 % 10_007}を増やす" for i in range(10_000)),
    "turned round": "\n\n".join(reversed(many(10_000).split("\n\n"))),
    "one sentence ten thousand times": "同じ。\n\n" * 10_000,
}


@pytest.fixture(scope="module")
def ten_thousand() -> list[Passage]:
    return anchored(parse(many(10_000)), [])


@pytest.mark.parametrize("change", CHANGES)
def test_ten_thousand_passages_take_seconds_and_not_minutes(change: str, ten_thousand: list[Passage]) -> None:
    start = time.process_time()
    after = parse(CHANGES[change])
    parsed = time.process_time()
    found = anchored(after, ten_thousand)
    assert len({one.anchor for one in found}) == len(found) == len(after) >= 10_000
    assert parsed - start < 5, "measured: 1.2 s"
    assert time.process_time() - parsed < 3, "measured: 0.4 s"


def test_the_pairing_of_passages_notices_what_it_promises() -> None:
    assert pairing.equal_pairs("abcxdef", "abydef") == [(0, 0), (1, 1), (4, 3), (5, 4), (6, 5)]
    assert pairing.equal_pairs("", "a") == []
    assert pairing.likeness(pairing.marks("同じ文"), pairing.marks("同じ文")) == 1


@pytest.mark.parametrize(
    "words", ["[", "[a](", "*a ", "**あ", "`a ", "<", "> ", "- ", "|a", "_a ", "1. a\n", "![[", "\\"]
)
def test_no_repetition_keeps_the_parser_busy(words: str) -> None:
    start = time.process_time()
    parse(words * (100_000 // len(words)))
    assert time.process_time() - start < 10, "measured: at most 3 s"


def test_a_passage_is_a_value() -> None:
    assert parse("文。") == [Passage(PassageKind.PARAGRAPH, 1, "0-1", "文。", "<p>文。</p>\n")]
