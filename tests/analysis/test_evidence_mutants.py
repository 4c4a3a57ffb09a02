"""Whatever true summary is made, one change of anything in it is noticed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.evidence import Fault, computed, quote, verify
from tests.analysis.town import FACTS, SENTENCES, STATED, at, leaves, queries, towns, with_other


@st.composite
def true_sentences(draw):
    """Facts and a sentence that holds in them: a claim of any form, or a quote."""
    facts = draw(towns())
    if draw(st.integers(0, 3)):
        sentence = computed(draw(queries()), facts, draw(st.sampled_from(["ja", "ja-easy", "en"])))
        assume(sentence.sources)
    else:
        ref = draw(st.sampled_from(sorted(one for one, source in facts.comments.items() if len(source.text) > 2)))
        source = facts.comments[ref]
        first = max((end for _, end in source.masks), default=0)
        start = draw(st.integers(first, len(source.text) - 1))
        sentence = quote(ref, source.text, (start, draw(st.integers(start + 1, len(source.text)))))
    return facts, sentence


def with_character(draw, text):
    """One character changed, added or removed."""
    place = draw(st.integers(0, len(text) - 1))
    other = draw(st.sampled_from("0123456789件人%。のx ").filter(lambda one: one != text[place]))
    return draw(
        st.sampled_from([text[:place] + other + text[place + 1 :], text[:place] + other + text[place:], text + other])
    )


def with_source(draw, sentence, facts):
    """One source gone, another, a stranger or the same again."""
    place = draw(st.integers(0, len(sentence.sources) - 1))
    rest = (*sentence.sources[:place], *sentence.sources[place + 1 :])
    others = [one for one in (*facts.comments, *facts.tables, "nobody") if one not in sentence.sources]
    other = draw(st.sampled_from(others))
    return draw(
        st.sampled_from(
            [rest, (*rest, other), (*sentence.sources, other), (*sentence.sources, sentence.sources[place])]
        )
    )


def with_parameter(draw, query):
    """One parameter of a query changed, left out, or one added."""
    path = draw(st.sampled_from(leaves(query)))
    now = at(query, path)
    if isinstance(now, int):
        other = now + draw(st.sampled_from([-1, 1, 7]))
    else:
        known = ["1", "2", "3", "4", "0", "表", "裏", "良", "悪", "他", "駅", "雪", "count", "share", now + "x", ""]
        other = draw(st.sampled_from([one for one in known if one != now]))
    fewer = {name: value for name, value in query.items() if name != path[0]}
    return draw(
        st.sampled_from([with_other(query, path, other), with_other(query, path, None), fewer, {**query, "k": 1}])
    )


def with_place(draw, spans):
    (ref, start, end), by = spans[0], draw(st.sampled_from([-2, -1, 1, 2]))
    return draw(st.sampled_from([((ref, start + by, end),), ((ref, start, end + by),), ((f"{ref}0", start, end),), ()]))


def mutant(draw, sentence, facts):
    """The sentence with one thing changed."""
    kinds = ["sentence", "sources", "kind"] + (["spans"] if sentence.spans else ["query", "wordings"])
    changed = draw(st.sampled_from(kinds))
    if changed == "wordings":
        language = draw(st.sampled_from(sorted(sentence.wordings)))
        return replace(
            sentence, wordings={**sentence.wordings, language: with_character(draw, sentence.wordings[language])}
        )
    other = {
        "sentence": lambda: with_character(draw, sentence.sentence),
        "sources": lambda: with_source(draw, sentence, facts),
        "kind": lambda: draw(st.sampled_from([one for one in ("quote", "computed", "x") if one != sentence.kind])),
        "spans": lambda: with_place(draw, sentence.spans),
        "query": lambda: with_parameter(draw, sentence.query),
    }[changed]()
    return replace(sentence, **{changed: other})


@settings(max_examples=150, deadline=None)
@given(true_sentences(), st.data())
def test_what_is_made_holds_and_one_change_of_anything_does_not(made, data):
    facts, sentence = made
    assert verify([sentence], facts) == []
    assert verify([mutant(data.draw, sentence, facts)], facts) != []


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one.sentence)
def test_every_digit_of_every_sentence_counts(sentence):
    assert verify([sentence], FACTS) == []
    for place, character in enumerate(sentence.sentence):
        for other in set("0123456789") - {character}:
            if character.isdigit():
                changed = sentence.sentence[:place] + other + sentence.sentence[place + 1 :]
                assert verify([replace(sentence, sentence=changed)], FACTS)[0].fault in {
                    Fault.WRONG_FIGURE,
                    Fault.NOT_EXACT,
                }


def test_a_statement_with_one_number_quote_or_source_changed_is_unsupported():
    assert verify([STATED], FACTS) == []
    for place, character in enumerate(STATED.sentence):
        if character in "32" or 9 < place < 18:
            changed = STATED.sentence[:place] + "7" + STATED.sentence[place + 1 :]
            assert verify([replace(STATED, sentence=changed)], FACTS), changed
    for sources in (("a", "b"), ("a", "c", "d"), ("a", "b", "x"), ("a", "b", "c", "c"), ()):
        assert verify([replace(STATED, sources=sources)], FACTS), sources
