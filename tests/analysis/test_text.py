"""Normalising keeps the way back; sentences end where a reader says they do."""

import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.labels import Vocabulary, keywords
from analysis.lexicon import lexicon
from analysis.phrases import terms
from analysis.text import comparison_key, language_of, normalise, sentences
from analysis.tokens import tokeniser


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("ﾊﾞｽ①", "バス1"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("が", "が"),
        ("㌔", "キロ"),
        ("ＡＢＣ　ｄ", "ABC d"),
        ("𠮷🎉", "𠮷🎉"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("ﬁle", "file"),
        ("각", "각"),
        ("a\x85b\u2028c\vd", "a\nb\nc\nd"),
        ("\x00\x07か\u3099", "\x00\x07が"),
    ],
)
def test_normalising_is_nfkc_with_plain_line_ends(text, normalised):
    assert normalise(text).text == normalised


def test_a_span_of_the_normalised_text_leads_back_to_what_was_written():
    text = "料金は１２㌔で①千円"
    found = normalise(text)
    start = found.text.index("キロ")
    assert text[slice(*found.span(start, start + 2))] == "㌔"
    assert text[slice(*found.span(start + 1, start + 2))] == "㌔"


MIXED = st.text(st.one_of(st.characters(), st.sampled_from("かがﾊﾞ゙ﾟ①㍿ﬁ\r\n\u2028각각👨‍👩‍👧🏽é\u0301.。")), max_size=40)


@given(MIXED)
def test_normalising_by_clusters_is_normalising_the_whole(text):
    whole = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)
    assert normalise(text).text == unicodedata.normalize("NFKC", whole)


@given(MIXED)
def test_the_map_goes_over_the_whole_original_in_order_and_each_piece_gives_its_characters(text):
    found = normalise(text)
    assert len(found.starts) == len(found.ends) == len(found.text)
    pieces = sorted(set(zip(found.starts, found.ends, strict=True)))
    assert [start for start, _ in pieces] == [0, *(end for _, end in pieces)][: len(pieces)]
    assert "".join(text[start:end] for start, end in pieces) == text
    for start, end in pieces:
        mine = [place for place in range(len(found.text)) if (found.starts[place], found.ends[place]) == (start, end)]
        assert normalise(text[start:end]).text == "".join(found.text[place] for place in mine)


def test_every_character_that_normalising_may_join_to_the_one_before_stays_with_it():
    """All of Unicode: what has a combining class, or is the second of a pair that composes."""
    for code in [*range(0xD800), *range(0xE000, 0x30000)]:
        parts = unicodedata.decomposition(chr(code)).split()
        seconds = [chr(int(parts[1], 16))] if len(parts) == 2 and "<" not in parts[0] else []
        for mark in seconds + [chr(code)] * bool(unicodedata.combining(chr(code))):
            assert normalise("か" + mark).span(0, 1) == (0, 2), hex(ord(mark))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("図書館の席", "ja"),
        ("ﾄｼｮｶﾝ", "ja"),
        ("Please add Wi-Fi", "en"),
        ("Ｐｌｅａｓｅ", "en"),
        ("Wi-Fiがほしい", "ja"),
        ("The 駅 is too far away", "en"),
        ("12:30 👍", "other"),
        ("", "other"),
        ("도서관", "other"),
    ],
)
def test_the_script_tells_the_language(text, language):
    assert language_of(text, "other") == language


@given(st.text())
def test_the_comparison_key_of_a_key_is_itself(text):
    key = comparison_key(normalise(text).text)
    assert comparison_key(key) == key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("席が足りません。増やしてください。", ["席が足りません。", "増やしてください。"]),
        ("「静かにして。」と言われた。", ["「静かにして。」と言われた。"]),
        ("席がない（本当に。）困る！？", ["席がない（本当に。）困る！？"]),
        ("混んでいるし、綺麗とは\n言い難い", ["混んでいるし、綺麗とは\n言い難い"]),
        ("席が少ない\n本が古い", ["席が少ない", "本が古い"]),
        ("・席を増やす\n・本を増やす", ["・席を増やす", "・本を増やす"]),
        ("2026.4.1に開館。", ["2026.4.1に開館。"]),
        ("「席がない。困る。」と言った。駅前も。", ["「席がない。困る。」と言った。", "駅前も。"]),
        ("「増やして。」駅前も狭い。", ["「増やして。」", "駅前も狭い。"]),
        ("いつ開きますか？！早く！", ["いつ開きますか？！", "早く！"]),
        ("ｾｷがない｡増やして｡", ["ｾｷがない｡", "増やして｡"]),
        ("席が足りない．本もない．", ["席が足りない．", "本もない．"]),
        ("令和8.4.1にVer.2.0を見た。", ["令和8.4.1にVer.2.0を見た。"]),
        ("困る。（笑）次は？", ["困る。（笑）", "次は？"]),
        ("嬉しい。😊次も。", ["嬉しい。😊", "次も。"]),
        ("でも...そうですね...。", ["でも...そうですね...。"]),
        ("https://example.jp/a?b=1.html を見て。", ["https://example.jp/a?b=1.html を見て。"]),
        ("遠いです。Add a stop. Please!", ["遠いです。", "Add a stop.", "Please!"]),
        ("混んでいるし、\r\n道が狭い\r\n遠い", ["混んでいるし、\r\n道が狭い", "遠い"]),
        ("席が\n・少ない\n①狭い\n2.古い", ["席が", "・少ない", "①狭い", "2.古い"]),
        ("席を\n\n増やす", ["席を", "増やす"]),
        ("駅前の\n駐車場\nが狭い", ["駅前の\n駐車場\nが狭い"]),
        ("コンビニ\nには遠い\nです。", ["コンビニ\nには遠い\nです。"]),
        ("道が狭い\nとても困る\nでも良い", ["道が狭い", "とても困る", "でも良い"]),
        ("席がない。\nが正直な声", ["席がない。", "が正直な声"]),
        ("", []),
        (" \n 。", ["。"]),
    ],
)
def test_japanese_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text, lexicon("ja"))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is far. Add a stop!", ["It is far.", "Add a stop!"]),
        ("Mr. Smith waited 1.5 hours. Why?", ["Mr. Smith waited 1.5 hours.", "Why?"]),
        ("Too dark\nand cold", ["Too dark\nand cold"]),
        ("Too dark\nToo cold", ["Too dark", "Too cold"]),
        ("Open until 5 p.m. on 3.4.2026, e.g. for Dr. Who.", ["Open until 5 p.m. on 3.4.2026, e.g. for Dr. Who."]),
        ("1. Add seats.\n2. Fix bus No. 5.", ["1. Add seats.", "2. Fix bus No. 5."]),
        ('"Why?" she asked. No. Never.', ['"Why?" she asked.', "No.", "Never."]),
        ("Wait... what? See https://e.com/a?b=1. Go.", ["Wait... what?", "See https://e.com/a?b=1.", "Go."]),
        ("light,\nheat", ["light,\nheat"]),
        (
            'She said "Go. Now." and left. "Why? How?" Nobody knew.',
            ['She said "Go. Now." and left.', '"Why?', 'How?"', "Nobody knew."],
        ),
        (
            "They wrote “Too far. Too dark.” on it. Then “Go.” We left.",
            ["They wrote “Too far. Too dark.” on it.", "Then “Go.”", "We left."],
        ),
    ],
)
def test_english_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text, lexicon("en"))] == expected


@given(
    st.text(st.sampled_from("席が。」「\n\r\u2028 、a.!（()！?A1・①😊｡．"), max_size=30), st.sampled_from(["ja", "en"])
)
def test_sentences_hold_every_visible_character_once_and_in_order(text, language):
    spans = sentences(text, lexicon(language))
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@pytest.mark.parametrize("unit", ["あ", "「", "(あ", "が \n", ". ", "「あ。", "a.\n", "か゛ﾊﾞ①", "https://"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_text_of_200_000_characters_is_split_without_delay(unit, language):
    text = (unit * 200_000)[:200_000]
    start = time.process_time()
    assert sentences(text, lexicon(language))[-1][1] >= 199_990 - len(unit)
    assert time.process_time() - start < 3


def written(text, kind=None):
    found = terms(tokeniser("ja")(normalise(text).text), lexicon("ja"))
    return {term.written for term in found if kind in {None, term.kind}}


def test_nouns_that_stand_together_are_one_term_as_written():
    assert {"開館時間", "開館"} <= written("お知らせの開館時間を")
    assert "お菓子" in written("お菓子がほしい")


def test_endings_and_negations_belong_to_their_predicate():
    assert written("説明がわかりにくい", "predicate") == {"わかりにくい"}
    assert written("説明がわからなかった", "predicate") == {"わからない"}
    assert written("カードが使えませんでした", "predicate") == {"使えません"}


def test_a_noun_with_its_predicate_is_a_phrase():
    assert "道が狭い" in written("道はとても狭いです", "phrase")
    assert "席がない" in written("席がない", "phrase")


def test_one_word_in_two_spellings_is_one_keyword():
    texts = ["蕎麦の畑を残す", "蕎麦の畑を守る", "そばの畑が減る", "そばの畑に水を", *["道を直す", "川を直す"] * 10]
    found = Vocabulary([terms(tokeniser("ja")(text), lexicon("ja")) for text in texts])
    words = keywords(found.rank(range(4), range(len(texts)), 2.5))
    assert len({"蕎麦", "そば"} & set(words)) == 1


def test_numbers_counters_and_stop_words_are_no_terms():
    assert written("3時間のことを思う") == set()


def test_markup_is_no_word_and_moves_nothing():
    text = "&hellip;席 https://example.jp/a?b=1 が狭い"
    tokens = tokeniser("ja")(text)
    assert [text[token.start : token.end] for token in tokens] == ["席", "が", "狭い"]


def test_a_very_long_text_is_read_to_its_end():
    text = "図書館の席が足りません。" * 20_000
    assert tokeniser("ja")(text)[-1].end == len(text)


def test_a_variant_character_of_a_name_is_read_as_the_common_one_and_kept_as_written():
    token = tokeniser("ja")("髙橋が")[0]
    assert (token.surface, token.form) == ("髙橋", "高橋")
