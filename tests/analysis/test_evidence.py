"""A summary holds or it does not: every single change to a sentence, a number or a source is caught."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence import Source, computed, quote, verify

COMMENTS = {
    "a": Source("図書館の席が足りません。自習席を増やしてください。", (), "1"),
    "b": Source("自習席がいつも満席です。", (), "1"),
    "c": Source("佐藤さんの図書館の話が楽しい。", ((0, 2),), "1"),
    "d": Source("除雪が遅い。", (), "2"),
    "e": Source("歩道の除雪も頼みたい。", (), "3"),
    "f": Source("なし", (), None),
    "g": Source("  ", (), None),
}
QUOTE = quote("a", COMMENTS["a"].text, (12, 25))
COUNT = computed({"claim": "count", "topic": "1"}, COMMENTS, "ja")
SHARE = computed({"claim": "share", "topic": "2", "parts": ["3"]}, COMMENTS, "ja")
TOP = computed({"claim": "top", "topic": "1", "words": ["満席", "自習席", "図書館"], "n": 2}, COMMENTS, "ja")


def holds(sentence):
    return verify([sentence], COMMENTS) == []


def test_true_sentences_hold():
    assert verify([QUOTE, COUNT, SHARE, TOP], COMMENTS) == []


def test_the_wording_carries_the_figures_in_all_three_languages():
    assert QUOTE.sentence == "自習席を増やしてください。"
    assert SHARE.wordings == {
        "ja": "この話題の意見は2件で、書かれた意見6件の33.3%にあたります。",
        "ja-easy": (
            "この {話題/わだい}の {意見/いけん}は 2{件/けん}です。"
            "{書/か}いてもらった {意見/いけん} 6{件/けん}の 33.3%です。"
        ),
        "en": "Comments in this topic: 2, which is 33.3% of the 6 that were written.",
    }
    assert TOP.sentence == "よく書かれた言葉は「図書館」(2件)、「自習席」(2件)です。"
    assert set(SHARE.sources) == {"d", "e"}


def test_a_latin_word_is_counted_only_where_it_stands_alone():
    comments = {"a": Source("Our MP listens.", (), "1"), "b": Source("Please implement it.", (), "1")}
    found = computed({"claim": "top", "topic": "1", "words": ["mp"], "n": 1}, comments, "en")
    assert found.sentence == "Words often written in them: “mp” (1 comment)."
    assert found.sources == ("a",)


@given(st.sampled_from([QUOTE, COUNT, SHARE, TOP]), st.data())
def test_a_changed_character_is_caught(sentence, data):
    place = data.draw(st.integers(0, len(sentence.sentence) - 1))
    other = data.draw(st.characters().filter(lambda character: character != sentence.sentence[place]))
    changed = sentence.sentence[:place] + other + sentence.sentence[place + 1 :]
    assert not holds(replace(sentence, sentence=changed))
    if sentence.wordings:
        assert not holds(replace(sentence, wordings={**sentence.wordings, "ja": changed}))


@pytest.mark.parametrize("sentence", [QUOTE, COUNT, SHARE, TOP])
def test_a_missing_foreign_doubled_or_absent_source_is_caught(sentence):
    assert not holds(replace(sentence, sources=sentence.sources[1:]))
    assert not holds(replace(sentence, sources=(*sentence.sources, "f")))
    assert not holds(replace(sentence, sources=(*sentence.sources, sentence.sources[0])))
    assert not holds(replace(sentence, sources=("nobody", *sentence.sources[1:])))
    gone = {comment_id: source for comment_id, source in COMMENTS.items() if comment_id != sentence.sources[0]}
    assert verify([COUNT, sentence], gone)[-1].index == 1


@pytest.mark.parametrize(
    "query",
    [
        None,
        {},
        {"claim": "mood", "topic": "2"},
        {"claim": "share"},
        {"claim": "share", "topic": "2"},
        {"claim": "share", "topic": "1", "parts": ["3"]},
        {"claim": "count", "topic": "2", "parts": ["3"]},
        {"claim": "top", "topic": "2"},
        {"claim": "share", "topic": ["2"], "parts": 3},
    ],
)
def test_a_changed_query_is_caught(query):
    assert not holds(replace(SHARE, query=query))


@pytest.mark.parametrize("span", [("a", 11, 25), ("a", 12, 24), ("b", 12, 25), ("a", -13, 25), ("a", 12, 99)])
def test_a_moved_span_is_caught(span):
    assert not holds(replace(QUOTE, spans=(span,)))


def test_a_quote_of_masked_text_is_caught():
    assert "masked" in verify([quote("c", COMMENTS["c"].text, (0, 15))], COMMENTS)[0].reason
    assert holds(quote("c", COMMENTS["c"].text, (5, 15)))


def test_a_quote_cannot_pose_as_a_computed_sentence_nor_the_other_way():
    assert not holds(replace(QUOTE, kind="computed"))
    assert not holds(replace(COUNT, kind="quote"))
    assert not holds(replace(COUNT, spans=QUOTE.spans))


def test_a_comment_that_moved_or_was_added_makes_the_old_figure_fail():
    for change in ({"d": replace(COMMENTS["d"], topic="1")}, {"h": Source("図書館", (), "1")}):
        assert verify([COUNT], {**COMMENTS, **change})
