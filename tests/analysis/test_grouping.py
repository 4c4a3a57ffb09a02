"""What the grouping of texts stands on: counts, directions, clusters and work in several processes, each beside the plain way."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.cluster import KMeans

import analysis.reading
import analysis.workers
from analysis import cli
from analysis.arrangement import _first_level
from analysis.consensus import Clusters, co_association, extend
from analysis.corpus import read_corpus
from analysis.counting import count, count_codes, known_codes, piece_codes, with_pairs
from analysis.directions import common_directions, singular_directions, unit_rows, unit_sparse_rows
from analysis.kmeans import k_means
from analysis.lexicon import lexicon
from analysis.reading import read, read_all
from analysis.text import Comment
from tests.analysis.comments import ENGLISH, JAPANESE

WORDS = st.lists(st.lists(st.sampled_from(["道", "雪", "が", "abc", "席", "ab"]), max_size=6), max_size=6)


@settings(max_examples=30)
@given(WORDS)
def test_items_are_counted_text_by_text(texts):
    counts, items = count(texts)
    assert items == sorted({item for text in texts for item in text})
    assert counts.shape[0] == len(texts)
    for row, text in enumerate(texts):
        assert {items[at]: counts[row, at] for at in counts[row].indices} == Counter(text)


def test_pairs_stand_beside_the_words_they_are_made_of():
    assert with_pairs(["雪", "が", "多い"]) == ["雪", "が", "多い", "雪 が", "が 多い"]


@settings(max_examples=50)
@given(st.lists(st.text("aB雪が。 é😀\n", max_size=12), max_size=5))
def test_pieces_of_two_and_three_characters_are_those_within_words(texts):
    codes, ends = piece_codes(texts)
    known = known_codes(codes, ends, 1)
    counts = count_codes(codes, ends, known)
    expected = [plain_pieces(text) for text in texts]
    spread = Counter(piece for text in expected for piece in text)
    kept = sorted(piece for piece in spread if spread[piece] <= max(len(texts) / 2, 1))
    assert counts.toarray().tolist() == [[text[piece] for piece in kept] for text in expected]


def plain_pieces(text):
    runs = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return Counter(run[i : i + n] for run in runs for n in (2, 3) for i in range(len(run) - n + 1))


def test_rows_are_scaled_to_length_1_and_empty_ones_stay():
    rows = np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32)
    assert unit_rows(rows) == pytest.approx(unit_sparse_rows(sparse.csr_matrix(rows)).toarray())
    assert np.linalg.norm(unit_rows(rows), axis=1).tolist() == pytest.approx([1, 0])


@pytest.mark.parametrize("shape", [(60, 40), (40, 60)])
def test_singular_directions_are_those_of_the_whole_decomposition(shape):
    chance = np.random.default_rng(0)
    matrix = (chance.random((shape[0], 5)) @ chance.random((5, shape[1]))).astype(np.float32)
    values, directions = singular_directions(sparse.csr_matrix(matrix), 4, seed=1)
    _, true, right = np.linalg.svd(matrix)
    assert values == pytest.approx(true[:4], rel=1e-4)
    assert np.abs(np.diag(directions @ right[:4].T)) == pytest.approx(np.ones(4), abs=1e-3)


def test_common_directions_are_the_eigenvectors_of_the_squared_agreement_in_cosines():
    blocks = np.kron(np.eye(3), np.full((8, 8), 0.7)) + 0.1
    agreement = (blocks + np.random.default_rng(0).random((24, 24)) * 0.05).astype(np.float32)
    agreement = (agreement + agreement.T) / 2
    squared = agreement @ agreement
    lengths = np.sqrt(np.diag(squared))
    true = np.linalg.eigvalsh(squared / np.outer(lengths, lengths))[::-1]
    values, vectors = common_directions(agreement, 3)
    assert values == pytest.approx(true[:3], rel=1e-4)
    assert vectors.T @ vectors == pytest.approx(np.eye(3), abs=1e-4)


def test_k_means_finds_clouds_that_lie_apart_whatever_the_start():
    chance = np.random.default_rng(0)
    truth = np.repeat(np.arange(4), 30)
    points = chance.normal(size=(4, 10))[truth] * 10 + chance.normal(size=(120, 10))
    for seed in range(3):
        found = k_means(points, 4, np.random.default_rng(seed), starts=5, rounds=50)
        assert len(set(zip(truth.tolist(), found.tolist(), strict=True))) == len(set(found.tolist())) == 4


def test_k_means_is_as_good_as_that_of_scikit_learn_where_nothing_lies_apart():
    points = np.random.default_rng(3).standard_normal((300, 12)).astype(np.float32)
    ours = k_means(points, 9, np.random.default_rng(1), starts=10, rounds=300)
    centres = np.array([points[ours == label].mean(axis=0) for label in range(9)])
    theirs = KMeans(9, n_init=10, random_state=1).fit(points)
    assert float(((points - centres[ours]) ** 2).sum()) <= 1.02 * theirs.inertia_


def test_k_means_of_points_that_are_all_alike_is_one_cluster():
    assert set(k_means(np.ones((6, 3)), 3, np.random.default_rng(0), starts=2, rounds=5).tolist()) == {0}


def test_texts_agree_as_often_as_they_shared_a_cluster_among_the_runs_that_saw_both():
    runs = [(np.array([0, 1, 2]), np.array([0, 0, 1])), (np.array([0, 1]), np.array([1, 0]))]
    assert co_association(runs, 4).tolist() == [[1, 0.5, 0, 0], [0.5, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


def test_texts_outside_the_sample_join_the_cluster_of_their_nearest():
    points = np.eye(2, dtype=np.float32)[[0, 0, 1, 1, 0, 1]]
    belonging = np.array([[0.9, 0.1], [0.8, 0.1], [0.2, 0.6], [0.1, 0.7]])
    core = np.array([True, True, False, True])
    sample = Clusters(np.array([0, 0, 1, 1]), np.array([0.9, 0.8, 0.6, 0.7]), core, np.ones(2), belonging)
    found = extend(sample, np.array([0, 1, 2, 3]), points)
    assert found.labels.tolist() == [0, 0, 1, 1, 0, 1]
    assert found.strength.tolist()[:4] == [0.9, 0.8, 0.6, 0.7]
    assert 0.8 <= found.strength[4] <= 0.9
    assert found.core.tolist() == [True, True, False, True, True, True]


def test_comments_read_in_several_processes_are_those_read_one_by_one(monkeypatch):
    comments = [Comment(str(number), text) for number, text in enumerate([*JAPANESE, *ENGLISH, "ﾊﾝｶｸと Ｆｕｌｌ", ""])]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("ANALYSIS_PROCESSES", "2")
    monkeypatch.setattr(analysis.reading, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(analysis.reading, "AT_ONCE", 20)
    done = []
    assert read_all(comments, lexicon("ja"), lambda: done.append(1)) == [
        read(comment, lexicon("ja")) for comment in comments
    ]
    assert len(done) == -(-len(comments) // 20)


def test_which_of_many_comments_give_names_does_not_depend_on_their_order(monkeypatch):
    monkeypatch.setattr(analysis.reading, "_NAMING", len(JAPANESE) // 2)
    comments = [Comment(str(number), text) for number, text in enumerate(JAPANESE)]
    shuffled = random.Random(1).sample(comments, len(comments))
    first, second = (
        {each.comment.id for each in read_all(some, lexicon("ja"), lambda: None) if each.terms}
        for some in (comments, shuffled)
    )
    assert first == second
    assert 0 < len(first) < len(comments)


def test_every_command_is_found_in_the_family_that_adds_it():
    for module, names in cli._FAMILIES.items():
        for name in names:
            commands = cli.parser(name)._subparsers._group_actions[0].choices
            assert list(commands) == names, module


def test_a_cluster_of_whose_comments_too_few_are_core_is_no_topic_unless_people_named_it():
    comments = [Comment(str(number), f"駐車場が{place}狭い") for number, place in enumerate("朝昼夜雨雪春夏秋冬駅")]
    corpus = read_corpus([read(comment, lexicon("ja")) for comment in comments], lexicon("ja"))
    everybody = np.zeros(10, dtype=np.int64)

    def topics(core, names):
        inside = np.arange(10) < core
        clusters = Clusters(everybody, np.ones(10), inside, np.ones(1), np.ones((10, 1)))
        return [group.rows.tolist() for group in _first_level(corpus, clusters, names)[0]]

    assert topics(3, {}) == [list(range(10))]
    assert topics(2, {}) == []
    assert topics(2, {0: "駐車場"}) == [list(range(10))]
