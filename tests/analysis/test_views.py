"""What many clusterings agree on: which views count, what hangs together, who joins a neighbour's topic."""

import numpy as np
import pytest

from analysis.consensus import kind_weights
from analysis.constraints import Binding
from analysis.cores import asked_of_cores, in_core, loose_clusters, settled
from analysis.labels import Vocabulary, keywords
from analysis.lexicon import lexicon
from analysis.phrases import terms
from analysis.reading import read
from analysis.text import Comment
from analysis.tokens import tokeniser

ROWS = np.arange(60)
SUBJECTS = ROWS % 3


def runs_of(view):
    return [(ROWS, view(number)) for number in range(4)]


def of_the_subject(number):
    """The three subjects, with another tenth of the texts in the wrong place each time."""
    return np.where(np.equal(ROWS % 10, number), 0, SUBJECTS)


def by_chance(number):
    return np.random.default_rng(number).integers(3, size=len(ROWS))


def test_a_view_counts_by_how_well_it_finds_what_the_others_find():
    weights = kind_weights([runs_of(of_the_subject), runs_of(of_the_subject), runs_of(by_chance)], len(ROWS))
    assert weights[0] == weights[1] > 1.2
    assert 0.5 <= weights[2] < 0.6
    assert weights.sum() == pytest.approx(3)


def test_views_that_tell_nothing_apart_count_alike():
    one = [(ROWS, np.zeros(len(ROWS), dtype=np.int64))]
    assert kind_weights([one, one], len(ROWS)).tolist() == [1, 1]


def test_many_texts_are_compared_by_some_of_them_and_runs_by_the_texts_they_saw():
    many = np.arange(2000)
    seen = many[many % 5 > 0]
    chance = [(many, np.random.default_rng(number).integers(3, size=len(many))) for number in range(4)]
    weights = kind_weights([[(many, many % 3)], [(seen, seen % 3)], chance], len(many))
    assert min(weights[:2]) > 1.2
    assert weights[2] < 0.6


LABELS = np.repeat([0, 1], 10)


def belonging_of(own, elsewhere, core=0):
    """Ten texts at home in the first cluster, then ten of which the first `core` are core and the others belong so."""
    found = np.array([[0.8, 0.1]] * 10 + [[elsewhere, own]] * 10)
    found[10 : 10 + core] = elsewhere, 0.4
    return found


@pytest.mark.parametrize(
    ("own", "elsewhere", "core", "loose"),
    [
        (0.2, 0.2, 2, True),  # nobody's home, and few in the core
        (0.25, 0.1, 5, False),  # broad, and yet clearly another subject than the rest
        (0.2, 0.2, 3, False),  # 30 % in the core
        (0.25, 0.1, 2, True),  # too few to name it and to quote
        (0.25, 0.2, 2, True),  # hardly more here than there
    ],
)
def test_a_cluster_is_loose_unless_its_texts_are_core_or_clearly_its_own(own, elsewhere, core, loose):
    assert (1 in loose_clusters(LABELS, belonging_of(own, elsewhere, core), set())) is loose


def test_a_broad_cluster_needs_some_core_but_not_a_third():
    labels = np.repeat([0, 1], 50)
    belonging = np.array([[0.8, 0.1]] * 50 + [[0.1, 0.4]] * 6 + [[0.1, 0.25]] * 44)
    assert loose_clusters(labels, belonging, set()) == frozenset()
    belonging[50:, 0] = 0.2
    assert loose_clusters(labels, belonging, set()) == {1}


def core_of(belonging):
    return in_core(belonging, LABELS, asked_of_cores(belonging, LABELS))


def test_the_core_is_who_belongs_there_strongly_and_clearly_more_than_anywhere_else():
    belonging = belonging_of(0.6, 0.1)
    belonging[0] = 0.29, 0.1  # hardly
    belonging[1] = 0.6, 0.5  # there as well
    assert np.flatnonzero(~core_of(belonging)).tolist() == [0, 1]
    belonging[1] = 0.75, 0.5
    assert np.flatnonzero(~core_of(belonging)).tolist() == [0]


def test_of_clusters_too_alike_the_core_is_who_belongs_there_strongly():
    belonging = belonging_of(0.6, 0.5)
    assert core_of(belonging)[10:].all()
    belonging[15:, 0] = 0.2  # five clearly belong there now: enough for a core of their own
    assert np.flatnonzero(core_of(belonging)[10:]).tolist() == [5, 6, 7, 8, 9]


def test_of_a_broad_cluster_the_core_is_who_belongs_there_strongly_or_clearly():
    belonging = belonging_of(0.2, 0.1)
    belonging[10] = 0.1, 0.4
    belonging[11] = 0.19, 0.2
    assert np.flatnonzero(~core_of(belonging)[10:]).tolist() == [1]


def test_nobody_joins_a_topic_that_would_be_too_thin_with_them():
    labels = np.array([0] * 10 + [1] * 30)
    belonging = np.array([[0.8, 0.1]] * 3 + [[0.2, 0.19]] * 7 + [[0.2, 0.1]] * 30)
    assert settled(labels, belonging, frozenset({1}), Binding()).tolist() == labels.tolist()
    belonging[3:10] = 0.8, 0.1
    assert settled(labels, belonging, frozenset({1}), Binding())[10:].tolist() == [0] * 30


def test_a_cluster_that_people_named_is_never_loose():
    assert loose_clusters(LABELS, belonging_of(0.1, 0.2), {1}) == frozenset()


def test_a_text_of_a_loose_cluster_joins_the_topic_it_clearly_belongs_to():
    belonging = belonging_of(0.1, 0.12)
    belonging[12, 0] = 0.15
    assert np.flatnonzero(settled(LABELS, belonging, frozenset({1}), Binding())[10:] == 0).tolist() == [2]


def test_nobody_moves_out_of_what_people_bound_or_out_of_a_topic():
    belonging = belonging_of(0.1, 0.3)
    kept = settled(LABELS, belonging, frozenset({1}), Binding([[10, 11]]))
    assert kept.tolist() == [0] * 10 + [1, 1] + [0] * 8
    assert settled(LABELS, belonging, frozenset(), Binding()).tolist() == LABELS.tolist()
    assert settled(LABELS, belonging, frozenset({0, 1}), Binding()).tolist() == LABELS.tolist()


def test_the_second_keyword_speaks_for_texts_that_the_first_does_not():
    inside = [*["駐車場と満車のこと"] * 6, *["駐車場のこと"] * 2, *["料金のこと"] * 4]
    words = [
        terms(tokeniser("ja")(text), lexicon("ja")) for text in [*inside, *["空と海と山", "川と森", "湖と島"] * 12]
    ]
    assert keywords(Vocabulary(words).rank(range(len(inside)), None, 2.5))[:3] == [
        "駐車場",
        "料金",
        "満車",
    ]


@pytest.mark.parametrize("text", ["\u200b", "\u2060\u200d", "★☆", "\x07"])
def test_a_comment_of_signs_alone_has_no_word(text):
    assert read(Comment("1", text), lexicon("ja")).words == ()
