"""Texts as vectors: words, character pieces and corpus-trained word vectors, joined (analysis method, steps 4–5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting import count, count_codes, kept_columns, known_codes, piece_codes, with_pairs
from analysis.directions import Points, singular_directions, unit_rows, unit_sparse_rows
from analysis.workers import each

Matrix = NDArray[np.float64]

_NOUN_WEIGHT = 2.0
_MIXTURE_WEIGHTS = 1.25, 0.5
"""Of nouns and of other words; binary fractions, so that sums over texts are exact."""

_CHARACTER_WEIGHT = 0.7
_EMBEDDING_WEIGHT = 0.7
_EMBEDDING_SIZE = 150
_WINDOW = 8
_SIF = 1e-3
"""a / (a + p(word)): Arora, Liang & Ma, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, 2017."""

_FITTED = 10_000
"""Of more texts, so many say what the directions of all are."""

_AT_ONCE = 5_000


@dataclass(frozen=True)
class Material:
    """What views are made of, per text: the forms of its content words, of all its words, and the text itself."""

    words: Sequence[Sequence[str]]
    wording: Sequence[Sequence[str]]
    texts: Sequence[str]

    def of(self, rows: NDArray[np.int64]) -> "Material":
        """The material of these rows alone."""
        some = rows.tolist()
        words, wording = ([part[row] for row in some] for part in (self.words, self.wording))
        return Material(words, wording, [self.texts[row] for row in some])


@dataclass(frozen=True)
class Views:
    """One row per text. `words` (nouns weigh more), `wording` and `pieces` are counts; the others have unit or zero rows.

    The last `meaning` columns of `joined` are the word vectors.
    """

    material: Material
    words: sparse.csr_matrix
    joined: Points
    meaning: int

    @cached_property
    def embedded(self) -> Points:
        """The word vectors alone, not kept beside `joined` where there are many texts."""
        return unit_rows(self.joined[:, -self.meaning :])

    @cached_property
    def wording(self) -> sparse.csr_matrix:
        """Counts of all words and of pairs of them."""
        counts, _ = count([with_pairs(forms) for forms in self.material.wording])
        return counts[:, kept_columns(counts, _least(counts.shape[0]))]

    @cached_property
    def pieces(self) -> sparse.csr_matrix:
        """Counts of two and three characters that follow each other in a word."""
        codes, ends = piece_codes(self.material.texts)
        return count_codes(codes, ends, known_codes(codes, ends, _least(len(ends) - 1)))

    def of(self, rows: NDArray[np.int64]) -> "Views":
        """The views of these rows alone, ready for any process; `wording` and `pieces` are counted among them."""
        if len(rows) == len(self.joined):
            some = self
        else:
            some = Views(self.material.of(rows), self.words[rows], self.joined[rows], self.meaning)
        assert some.wording.shape[0] == some.pieces.shape[0] == len(some.embedded) == len(rows)
        return some


def build_views(material: Material, nouns: Collection[str], seed: int) -> Views:
    """The views of texts. `nouns` weigh double among the words.

    They name the subject, where adjectives and verbs (few, good, go) join texts on different subjects. Of many texts a
    sample says what the directions are, and all are seen along them.
    """
    n = len(material.texts)
    size = 50 if n < 2000 else 100
    counts, vocabulary = count(material.words)
    kept = kept_columns(counts, _least(n), None)
    counts, vocabulary = counts[:, kept], [vocabulary[column] for column in kept.tolist()]
    noun = np.array([word in nouns for word in vocabulary], dtype=bool)
    embedded = unit_rows(_embed(counts, material.words, vocabulary, seed))
    by_words = _by_words(counts, np.where(noun, _NOUN_WEIGHT, 1.0).astype(np.float32), size, seed)
    by_pieces = _by_pieces(material.texts, size, seed)
    joined = np.hstack([by_words, by_pieces * _CHARACTER_WEIGHT, embedded * _EMBEDDING_WEIGHT])
    weighed = counts if noun.all() else counts.multiply(np.where(noun, *_MIXTURE_WEIGHTS)).tocsr()
    return Views(material, weighed, unit_rows(joined), embedded.shape[1])


def _least(texts: int) -> int:
    """The number of texts an item must stand in."""
    return 3 if texts > 5000 else 2


def _by_words(counts: sparse.csr_matrix, weights: Points, size: int, seed: int) -> Points:
    """Directions of TF-IDF over the words, whose columns count by their `weights`."""
    scale = _rarity(counts) * weights
    directions = _directions(_tfidf(counts[_fitted(counts.shape[0], seed)], scale), size, seed)
    return _along(_tfidf(counts, scale), directions)


def _by_pieces(texts: Sequence[str], size: int, seed: int) -> Points:
    """Directions of TF-IDF over pieces of characters; each text's pieces are counted only when it is looked at."""
    n = len(texts)
    codes, ends = piece_codes([texts[row] for row in _fitted(n, seed).tolist()])
    known = known_codes(codes, ends, _least(n))
    counts = count_codes(codes, ends, known)
    scale = _rarity(counts)
    fitted = _tfidf(counts, scale)
    directions = _directions(fitted, size, seed)
    if len(ends) - 1 == n:
        return _along(fitted, directions)

    def seen(start: int) -> Points:
        codes, ends = piece_codes(texts[start : start + _AT_ONCE])
        return _along(_tfidf(count_codes(codes, ends, known), scale), directions)

    return np.concatenate(list(each(seen, range(0, n, _AT_ONCE))))


def _fitted(n: int, seed: int) -> NDArray[np.int64]:
    """The rows that say what the directions are."""
    return np.sort(np.random.default_rng(seed).permutation(n)[:_FITTED]) if n > _FITTED else np.arange(n)


def _rarity(counts: sparse.csr_matrix) -> Points:
    """Inverse document frequency, with one more text that has everything."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((counts.shape[0] + 1) / (frequency + 1)) + 1, dtype=np.float32)


def _tfidf(counts: sparse.csr_matrix, scale: Points) -> sparse.csr_matrix:
    """Sublinear TF-IDF, columns times `scale`, rows of length 1."""
    data = (1 + np.log(counts.data.astype(np.float32))) * scale[counts.indices]
    return unit_sparse_rows(sparse.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape))


def _directions(matrix: sparse.csr_matrix, size: int, seed: int) -> Points | None:
    """The first `size` singular directions; None where there are too few columns or rows to have any."""
    size = min(size, min(matrix.shape) - 1)
    return None if size < 2 else singular_directions(matrix, size, seed)[1]


def _along(matrix: sparse.csr_matrix, directions: Points | None) -> Points:
    """The rows seen along the directions, length 1; the rows as they are where there are none."""
    seen = matrix.toarray() if directions is None else matrix @ directions.T
    return unit_rows(seen) if seen.size else np.zeros((matrix.shape[0], 1), dtype=np.float32)


def _embed(counts: sparse.csr_matrix, words: Sequence[Sequence[str]], vocabulary: Sequence[str], seed: int) -> Points:
    """Mean of word vectors from this corpus' own co-occurrences (positive PMI), the common direction removed."""
    if len(vocabulary) < 4:
        return np.zeros((len(words), 1), dtype=np.float32)
    vectors = _ppmi_vectors(_pairs(words, vocabulary), seed)
    frequency = np.asarray(counts.sum(axis=0)).ravel()
    weights = _SIF / (_SIF + frequency / frequency.sum())
    lengths = np.asarray(counts.sum(axis=1))
    means = counts.astype(np.float32) @ (vectors * weights[:, None]).astype(np.float32) / np.maximum(lengths, 1)
    _, _, directions = np.linalg.svd(means.T @ means)
    common = directions[0]
    return np.asarray(means - np.outer(means @ common, common), dtype=np.float32)


def _pairs(words: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> sparse.csr_matrix:
    """How often two different words of the vocabulary stand within a window, others between them not counted."""
    place = {word: number for number, word in enumerate(vocabulary)}
    sizes = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    flat = np.fromiter((place.get(word, -1) for text in words for word in text), dtype=np.int32, count=int(sizes.sum()))
    known = flat >= 0
    flat, text_of = flat[known], np.repeat(np.arange(len(words), dtype=np.int32), sizes)[known]
    pairs = sparse.csr_matrix((len(vocabulary), len(vocabulary)), dtype=np.float32)
    for apart in range(1, _WINDOW + 1):
        first, second = flat[:-apart], flat[apart:]
        near = (text_of[:-apart] == text_of[apart:]) & (first != second)
        ones = np.ones(int(near.sum()), dtype=np.float32)
        pairs += sparse.coo_matrix((ones, (first[near], second[near])), shape=pairs.shape).tocsr()
    return (pairs + pairs.T).tocsr()


def _ppmi_vectors(pairs: sparse.csr_matrix, seed: int) -> Points:
    """Directions of positive pointwise mutual information, longer where they tell more."""
    size = pairs.shape[0]
    if not pairs.nnz:
        return np.eye(size, dtype=np.float32)
    found = pairs.tocoo()
    totals = np.asarray(pairs.sum(axis=1)).ravel() ** 0.75  # smoothed: rare words are not as telling as PMI thinks
    pmi = np.log(found.data * totals.sum() / (totals[found.row] * totals[found.col]))
    telling = pmi > 0
    ppmi = sparse.csr_matrix(
        (pmi[telling].astype(np.float32), (found.row[telling], found.col[telling])), shape=(size, size)
    )
    values, directions = singular_directions(ppmi, min(_EMBEDDING_SIZE, size - 1), seed)
    return np.asarray(directions.T * np.sqrt(values), dtype=np.float32)
