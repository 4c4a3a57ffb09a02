"""Which sentences are chosen to speak for a topic: near the best there is, each from another author, nothing masked."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import Source, verify
from analysis.evidence.choosing import candidates, choose_quotes, cover, similarity
from analysis.lexicon import lexicon
from tests.analysis.comments import JAPANESE

JA = lexicon("ja")
EN = lexicon("en")
ROWS, COLUMNS = 6, 7


def worth(nearness, weights, chosen):
    return float(weights @ nearness[:, list(chosen)].max(axis=1, initial=0)) if chosen else 0.0


def best(nearness, weights, owners, count):
    """The greatest worth of any choice, every one tried."""
    return max(
        worth(nearness, weights, chosen)
        for size in range(count + 1)
        for chosen in combinations(range(nearness.shape[1]), size)
        if len({owners[column] for column in chosen}) == size
    )


@st.composite
def cases(draw, authors):
    cells = draw(st.lists(st.integers(0, 4), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS))
    weights = np.array(draw(st.lists(st.integers(1, 3), min_size=ROWS, max_size=ROWS)), dtype=float)
    owners = [draw(st.integers(0, authors)) for _ in range(COLUMNS)] if authors else list(range(COLUMNS))
    return np.array(cells, dtype=float).reshape(ROWS, COLUMNS) / 4, weights, owners, draw(st.integers(1, 3))


@settings(max_examples=60, deadline=None)
@given(cases(0))
def test_the_choice_is_worth_at_least_63_per_cent_of_the_best(case):
    nearness, weights, owners, count = case
    chosen = cover(nearness, weights, owners, count)
    assert len(set(chosen)) == len(chosen) <= count
    assert worth(nearness, weights, chosen) >= (1 - 1 / np.e) * best(nearness, weights, owners, count) - 1e-9
    assert worth(nearness, weights, chosen[:1]) == pytest.approx(best(nearness, weights, owners, 1))


@settings(max_examples=60, deadline=None)
@given(cases(3))
def test_where_no_author_may_come_twice_it_is_worth_at_least_half_of_the_best(case):
    nearness, weights, owners, count = case
    chosen = cover(nearness, weights, owners, count)
    assert len({owners[column] for column in chosen}) == len(chosen)
    assert worth(nearness, weights, chosen) >= best(nearness, weights, owners, count) / 2 - 1e-9


def test_the_guarantee_is_one_that_another_choice_can_miss():
    """Taking the two nearest to most, without looking at what is covered already, falls under it."""
    nearness = np.array([[1, 1, 0]] * 3 + [[0, 0, 1]] * 2, dtype=float)
    weights = np.ones(5)
    alone = sorted(range(3), key=lambda column: -nearness[:, column].sum())[:2]
    assert worth(nearness, weights, alone) < (1 - 1 / np.e) * best(nearness, weights, [0, 1, 2], 2)
    assert cover(nearness, weights, [0, 1, 2], 2) == [0, 2]


def test_equal_gains_go_to_the_earlier_and_a_repetition_is_not_taken():
    nearness = np.array([[0.5, 0.5, 0.5]])
    assert cover(nearness, np.ones(1), ["x", "y", "z"], 3) == [0]


def town(texts, masks=None, authors=None):
    return {
        str(place): Source(text, (masks or {}).get(place, ()), "1", (authors or {}).get(place))
        for place, text in enumerate(texts)
    }


def chosen(comments, count=3, words=JA):
    return choose_quotes(dict.fromkeys(comments, 1.0), list(comments), comments, words, count)


def test_the_quotes_are_exact_full_sentences_of_good_length_one_of_each_comment():
    comments = town(JAPANESE)
    quotes = chosen(comments, 5)
    assert verify(quotes, comments) == []
    assert len({one.sources for one in quotes}) == 5
    assert all(15 <= len(one.sentence) <= 120 for one in quotes)
    assert {next(word for word in ("図書館", "ごみ", "保育園", "除雪") if word in one.sentence) for one in quotes} == {
        "図書館", "ごみ", "保育園", "除雪",
    }  # fmt: skip


def test_nobody_is_quoted_twice_where_authors_are_known():
    comments = town(JAPANESE[:12], authors={place: f"author {place % 2}" for place in range(12)})
    assert len(chosen(comments, 5)) == 2
    assert len(chosen(town(JAPANESE[:12]), 5)) == 5


def test_no_sentence_that_touches_a_mask_is_a_candidate():
    text = "佐藤さんの図書館の話はとても楽しいです。自習席をもう少し増やしてください。"
    hidden = town([text], {0: ((0, 2),)})
    assert [one.span for one in candidates(["0"], hidden, JA)] == [(20, len(text))]
    assert len(candidates(["0"], town([text]), JA)) == 2
    assert candidates(["0"], town([text], {0: ((19, 21),)}), JA) == []


def test_each_comment_of_a_run_is_cut_into_sentences_by_its_own_language():
    english = "Dr. Smith's clinic is far from the station. The library should stay\nopen until eight."
    japanese = "保育園は本町にあります.駅前に、\n駐輪場を増やして。"
    comments = town([english, japanese])
    for words in (JA, EN):
        found = [comments[one.comment_id].text[slice(*one.span)] for one in candidates(["0", "1"], comments, words)]
        assert found == [
            "Dr. Smith's clinic is far from the station.",
            "The library should stay\nopen until eight.",
            "保育園は本町にあります.",
            "駅前に、\n駐輪場を増やして。",
        ]


def test_words_that_mean_nothing_are_those_of_the_text_s_language_not_of_the_run():
    near = similarity(["The library closes early"], ["the pool is early", "how is the weather"], JA)
    assert near[0, 0] > near[0, 1] == 0


def test_a_short_or_long_sentence_only_where_it_covers_more_than_any_of_good_length():
    good, short, tiny, long = (
        "駐車場が狭くて車を止められません。",
        "駐車場が狭い。",
        "狭い。",
        "駐車場が狭い" * 40 + "。",
    )
    assert [one.sentence for one in chosen(town([short, good]), 1)] == [good]
    assert [one.sentence for one in chosen(town([short] * 5 + [good]), 1)] == [short]
    assert [one.sentence for one in chosen(town([short, tiny, long]), 3)] == [short]
    assert chosen(town([tiny, long])) == []


def test_the_choice_does_not_depend_on_the_order_of_equal_comments_beyond_the_first():
    comments = town(JAPANESE)
    backwards = dict(reversed(comments.items()))
    ids = list(comments)
    weights = dict.fromkeys(ids, 1.0)
    assert choose_quotes(weights, ids, comments, JA, 4) == choose_quotes(weights, ids, backwards, JA, 4)


def test_nothing_to_choose_from_is_no_quote():
    assert chosen(town(["", "。。。", "12345678901234567890"])) == []
    assert choose_quotes({}, [], {}, JA, 3) == []


def test_words_without_meaning_and_masked_words_bring_nothing_near():
    near = similarity(["図書館の席", "駅の席", "\0\0の話"], ["図書館へ", "とてもよかったです"], JA)
    assert near[0, 0] > 0
    assert near[:, 1].tolist() == [0, 0, 0]
    english = similarity(["The library closes early", "The pool is cold"], ["the library", "is the"], EN)
    assert english[:, 1].tolist() == [0, 0]
    assert english[0, 0] > english[1, 0] == 0


def test_meaning_brings_comments_near_that_share_no_word():
    texts = [
        "駐車場が狭くて車を止められません。",
        "クルマの置き場所をもっと広げてください。",
        "図書館の本をもっと増やしてください。",
    ]
    comments = town([*texts, "パーキングの拡張を急ぎ検討してほしいです。"])
    meaning = {"0": np.array([1.0, 0]), "1": np.array([1.0, 0]), "2": np.array([0, 1.0]), "3": np.array([1.0, 0])}
    weights = dict.fromkeys(comments, 1.0)
    by_words = choose_quotes(weights, ["2", "0"], comments, JA, 1)
    by_both = choose_quotes(weights, ["2", "0"], comments, JA, 1, meaning)
    assert by_words[0].sources == ("2",)  # もっと and ください are no help: two share a pair of characters
    assert by_both[0].sources == ("0",)
