"""Words of one meaning: counted as one beside what was written, as far as the writers of these texts share it."""

from analysis.corpus import read_corpus
from analysis.lexicon import lexicon
from analysis.reading import read_all
from analysis.synonyms import MARK, meaning_like, shared_meanings, with_meanings
from analysis.text import Comment
from analysis.tokens import synonym_groups, tokeniser

GROUPS = {"hall": (1, 2), "hole": (1,), "auditorium": (2,), "lavatory": (3,), "toilet": (3,), "road": (4,)}


def meanings_in(*texts):
    return shared_meanings([text.split() for text in texts], lambda word: GROUPS.get(word, ()))


def corpus_of(texts, language):
    comments = [Comment(str(number), text) for number, text in enumerate(texts, start=1)]
    return read_corpus(read_all(comments, lexicon(language), lambda: None), lexicon(language))


def test_words_of_one_meaning_stand_for_the_same():
    found = meanings_in("lavatory dirty", "toilet dirty", "road")
    assert found["lavatory"] == found["toilet"]
    assert set(found) == {"lavatory", "toilet"}


def test_a_word_whose_synonyms_nobody_here_uses_stands_for_itself():
    assert meanings_in("toilet dirty", "toilet road") == {}


def test_a_word_of_several_senses_is_taken_as_most_texts_here_mean_it():
    assert meanings_in("hall", "hole", "auditorium", "auditorium")["hall"] == f"{MARK}2"
    assert meanings_in("hall", "hole", "hole", "auditorium")["hall"] == f"{MARK}1"


def test_of_senses_as_common_the_first_is_taken_whatever_the_order():
    texts = ["hall", "hole", "auditorium"]
    assert meanings_in(*texts) == meanings_in(*reversed(texts))
    assert meanings_in(*texts)["hall"] == f"{MARK}1"


def test_what_a_word_stands_for_is_counted_beside_the_word():
    assert with_meanings(["toilet", "road"], {"toilet": "≡3"}) == ["toilet", "≡3", "road"]


def test_what_a_noun_stands_for_weighs_as_a_noun():
    assert meaning_like({"toilet", "road"}, {"toilet": "≡3", "wash": "≡5"}) == {"≡3"}


def test_the_dictionary_joins_words_of_one_meaning_and_leaves_others_apart():
    assert set(synonym_groups("川")) & set(synonym_groups("河川"))
    assert not set(synonym_groups("川")) & set(synonym_groups("道路"))
    assert synonym_groups("駅前の駐車場") == ()


def test_no_word_of_a_text_is_taken_for_a_meaning():
    assert all(token.form != "≡22583" for token in tokeniser("ja")("これは≡22583です"))


def test_comments_about_one_thing_share_a_meaning_whatever_they_call_it():
    corpus = corpus_of(["川が汚い", "河川にごみがあります", "道路が狭い"], "ja")
    marks = [{corpus.meanings.get(word) for word in unit.first.words} - {None} for unit in corpus.texts]
    river = [found for unit, found in zip(corpus.texts, marks, strict=True) if "狭い" not in unit.text]
    assert river[0] & river[1] <= corpus.nouns
    assert river[0] & river[1]


def test_words_of_another_language_are_not_looked_up_in_the_japanese_dictionary():
    assert corpus_of(["The toilet is dirty", "The lavatory is dirty"], "en").meanings == {}
