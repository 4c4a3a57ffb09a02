"""Texts as vectors: words, character pieces and corpus-trained word vectors, joined (analysis method, steps 4–5)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.directions import singular_directions, unit_rows, unit_sparse_rows

Matrix = NDArray[np.float64]

_CHARACTER_FEATURES = 50_000
_NOUN_WEIGHT = 2.0
_MIXTURE_WEIGHTS = 1.25, 0.5
"""Of nouns and of other words; binary fractions, so that sums over texts are exact."""

_CHARACTER_WEIGHT = 0.7
_EMBEDDING_WEIGHT = 0.7
_EMBEDDING_SIZE = 150
_SIF = 1e-3
"""a / (a + p(word)): Arora, Liang & Ma, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, 2017."""


@dataclass(frozen=True)
class Views:
    """One row per text. `words` (nouns weigh more), `wording` and `pieces` are counts; the others have unit or zero rows."""

    words: sparse.csr_matrix
    wording: sparse.csr_matrix
    pieces: sparse.csr_matrix
    embedded: Matrix
    joined: Matrix
    vocabulary: list[str]

    def of(self, rows: NDArray[np.int64]) -> "Views":
        """The views of these rows alone."""
        return Views(
            self.words[rows],
            self.wording[rows],
            self.pieces[rows],
            self.embedded[rows],
            self.joined[rows],
            self.vocabulary,
        )


def build_views(
    words: Sequence[Sequence[str]],
    nouns: Collection[str],
    wording: Sequence[Sequence[str]],
    texts: Sequence[str],
    seed: int,
) -> Views:
    """`words[i]` are the content word forms of text `i` in order, `wording[i]` all its forms, `texts[i]` the text.

    `nouns` weigh double among the words: they name the subject, where adjectives and verbs (few, good, go) join texts
    on different subjects.
    """
    n = len(texts)
    min_df = 3 if n > 5000 else 2
    size = 50 if n < 2000 else 100
    counts, vocabulary = _count(words, min_df, n)
    pieces, _ = _count([_character_pieces(text) for text in texts], min_df, n, _CHARACTER_FEATURES)
    running, _ = _count([_with_pairs(forms) for forms in wording], min_df, n, _CHARACTER_FEATURES)
    embedded = unit_rows(_embed(words, vocabulary, seed))
    blocks = [
        _reduce(_tfidf(counts, np.array([_NOUN_WEIGHT if word in nouns else 1.0 for word in vocabulary])), size, seed),
        _reduce(_tfidf(pieces, np.ones(pieces.shape[1])), size, seed) * _CHARACTER_WEIGHT,
        embedded * _EMBEDDING_WEIGHT,
    ]
    return Views(
        _weigh_nouns(counts, vocabulary, nouns), running, pieces, embedded, unit_rows(np.hstack(blocks)), vocabulary
    )


def _weigh_nouns(counts: sparse.csr_matrix, vocabulary: list[str], nouns: Collection[str]) -> sparse.csr_matrix:
    """For the mixtures: a noun counts 2.5 times as much as another word, where the language tells them apart."""
    noun = np.array([word in nouns for word in vocabulary], dtype=bool)
    return counts if noun.all() else counts.multiply(np.where(noun, *_MIXTURE_WEIGHTS)).tocsr()


def _with_pairs(forms: Sequence[str]) -> list[str]:
    """Every form and every two that follow each other: how something is put (道 が, how do)."""
    return [*forms, *(f"{first} {second}" for first, second in pairwise(forms))]


def _character_pieces(text: str) -> list[str]:
    runs = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return [run[i : i + n] for run in runs for n in (2, 3) for i in range(len(run) - n + 1)]


def _count(
    items: Sequence[Sequence[str]], min_df: int, n: int, limit: int | None = None
) -> tuple[sparse.csr_matrix, list[str]]:
    """Counts over the items in at least `min_df` and at most half of the texts, the commonest `limit` of them."""
    frequency = Counter(item for text in items for item in set(text))
    kept = [item for item, df in frequency.items() if min_df <= df <= max(n / 2, min_df)]
    kept.sort(key=lambda item: (-frequency[item], item))
    vocabulary = sorted(kept[:limit])
    column = {item: i for i, item in enumerate(vocabulary)}
    rows, columns, values = [], [], []
    for row, text in enumerate(items):
        for item, count in sorted(Counter(item for item in text if item in column).items()):
            rows.append(row)
            columns.append(column[item])
            values.append(float(count))
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(items), len(vocabulary))), vocabulary


def _tfidf(counts: sparse.csr_matrix, weights: Matrix) -> sparse.csr_matrix:
    """Sublinear TF-IDF, columns times `weights`, unit rows."""
    if not counts.shape[1]:
        return counts
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log((counts.shape[0] + 1) / (frequency + 1)) + 1
    weighted = sparse.csr_matrix((1 + np.log(counts.data), counts.indices, counts.indptr), shape=counts.shape)
    return unit_sparse_rows(weighted.multiply(rarity * weights).tocsr())


def _reduce(matrix: sparse.csr_matrix, size: int, seed: int) -> Matrix:
    """The first `size` singular directions, rows scaled to length 1."""
    size = min(size, min(matrix.shape) - 1)
    reduced = matrix.toarray() if size < 2 else matrix @ singular_directions(matrix, size, seed)[1].T
    scaled: Matrix = unit_rows(reduced) if reduced.size else np.zeros((matrix.shape[0], 1))
    return scaled


def _embed(words: Sequence[Sequence[str]], vocabulary: list[str], seed: int) -> Matrix:
    """Mean of word vectors from this corpus' own co-occurrences (positive PMI), the common direction removed."""
    column = {word: i for i, word in enumerate(vocabulary)}
    known = [[column[word] for word in text if word in column] for text in words]
    size = len(vocabulary)
    if size < 4:
        return np.zeros((len(words), 1))
    vectors = _ppmi_vectors(known, size, seed)
    frequency = np.bincount([i for text in known for i in text], minlength=size).astype(float)
    weights = _SIF / (_SIF + frequency / frequency.sum())
    means = np.zeros((len(words), vectors.shape[1]))
    for row, text in enumerate(known):
        if text:
            means[row] = weights[text] @ vectors[text] / len(text)
    _, _, directions = np.linalg.svd(means.T @ means)
    common = directions[0]
    result: Matrix = means - np.outer(means @ common, common)
    return result


def _ppmi_vectors(known: list[list[int]], size: int, seed: int, window: int = 8) -> Matrix:
    pairs: Counter[tuple[int, int]] = Counter()
    for text in known:
        for i, first in enumerate(text):
            for second in text[i + 1 : i + 1 + window]:
                if first != second:
                    pairs[(first, second)] += 1
    if not pairs:
        return np.eye(size)
    keys = sorted(pairs)
    rows, columns = np.array(keys).T
    values = np.array([pairs[key] for key in keys], dtype=float)
    counts = sparse.csr_matrix((values, (rows, columns)), shape=(size, size))
    counts = (counts + counts.T).tocoo()
    totals = np.asarray(counts.sum(axis=1)).ravel() ** 0.75  # smoothed: rare words are not as telling as PMI thinks
    pmi = np.log(counts.data * totals.sum() / (totals[counts.row] * totals[counts.col]))
    ppmi = sparse.csr_matrix((np.maximum(pmi, 0), (counts.row, counts.col)), shape=(size, size))
    values, directions = singular_directions(ppmi, min(_EMBEDDING_SIZE, size - 1), seed)
    vectors: Matrix = directions.T * np.sqrt(values)
    return vectors
