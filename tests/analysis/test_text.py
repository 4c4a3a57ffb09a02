"""Normalising keeps the way back; sentences end where a reader says they do."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.labels import Vocabulary, keywords
from analysis.lexicon import lexicon
from analysis.phrases import terms
from analysis.text import comparison_key, normalise, sentences
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


@given(st.text())
def test_every_normalised_character_comes_from_a_piece_that_gives_it(text):
    found = normalise(text)
    assert len(found.starts) == len(found.ends) == len(found.text)
    for place, character in enumerate(found.text):
        origin = text[slice(*found.span(place, place + 1))]
        assert character in unicodedata.normalize("NFKC", origin).replace("\r", "\n")


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
    ],
)
def test_english_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text, lexicon("en"))] == expected


@given(st.text(st.sampled_from("席が。」\n 、a.1!（）")), st.sampled_from(["ja", "en"]))
def test_sentences_hold_every_visible_character_once_and_in_order(text, language):
    spans = sentences(text, lexicon(language))
    assert "".join(text[start:end] for start, end in spans).split() == text.split() or "".join(
        "".join(text[start:end].split()) for start, end in spans
    ) == "".join(text.split())


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
