"""The profile of a run: the words by which later comments join its topics (`analysis.joining`)."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.arrangement import Arrangement
from analysis.corpus import Corpus
from analysis.counting import count
from analysis.joining import Profile

_WORDS_PER_TOPIC = 300
_UNUSUAL = 10
"""A comment less alike than so many per cent of a topic's core is no part of it."""

_AT_ONCE = 5_000

Floats = NDArray[np.float64]


def profile(corpus: Corpus, arrangement: Arrangement) -> Profile:
    """The profile of a run. A text counts for its own topic, the second-level one where it has one."""
    counts, words = count([unit.first.words for unit in corpus.texts])
    frequency = np.bincount(counts.indices, minlength=len(words))
    rarity = np.round(np.log((1 + counts.shape[0]) / (1 + frequency)) + 1, 6)
    rarest = round(float(np.log((1 + counts.shape[0]) / 2)) + 1, 6)
    common = np.flatnonzero(frequency > 1)
    vectors = _vectors(counts, np.where(frequency > 1, rarity, rarest))[:, common]
    places, member = _cores(arrangement)
    leading = _leading(sparse.csr_matrix(member @ vectors))
    likeness = _likeness(vectors, leading)
    least = [round(float(np.percentile(likeness[rows, at], _UNUSUAL)), 6) for at, rows in enumerate(_rows(member))]
    shown = [words[column] for column in common.tolist()]
    topics = [str(place + 1) for place in places]
    return Profile(
        corpus.lexicon.language,
        dict(zip(shown, rarity[common].tolist(), strict=True)),
        rarest,
        {topic: _words(leading, at, shown) for at, topic in enumerate(topics)},
        dict(zip(topics, least, strict=True)),
        round(_outside(likeness, np.array(least)), 6),
    )


def _vectors(counts: sparse.csr_matrix, rarity: Floats) -> sparse.csr_matrix:
    """Sublinear TF-IDF, rows of length 1."""
    data = (1 + np.log(counts.data)) * rarity[counts.indices]
    row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row_of, data**2, counts.shape[0]))
    return sparse.csr_matrix((data / lengths[row_of], counts.indices, counts.indptr), shape=counts.shape)


def _cores(arrangement: Arrangement) -> tuple[list[int], sparse.csr_matrix]:
    """The places of the topics that have a core, and which texts are in it (topics × texts)."""
    residual = np.array([group.residual for group in arrangement.groups] or [True])
    rows = np.flatnonzero(arrangement.core & ~residual[arrangement.group_of])
    places, at = np.unique(arrangement.group_of[rows], return_inverse=True)
    shape = (len(places), len(arrangement.group_of))
    return places.tolist(), sparse.csr_matrix((np.ones(len(rows)), (at, rows)), shape=shape)


def _rows(member: sparse.csr_matrix) -> list[NDArray[np.int32]]:
    return np.split(member.indices, member.indptr[1:-1]) if member.shape[0] else []


def _leading(sums: sparse.csr_matrix) -> sparse.csr_matrix:
    """Of every topic its heaviest words, to length 1; equal ones in alphabetical order."""
    columns, data = [], []
    sums.sort_indices()
    for start, end in zip(sums.indptr[:-1].tolist(), sums.indptr[1:].tolist(), strict=True):
        weights = sums.data[start:end]
        order = np.argsort(-np.round(weights, 9), kind="stable")[:_WORDS_PER_TOPIC]
        columns.append(sums.indices[start:end][order])
        data.append(np.round(weights[order] / np.sqrt((weights[order] ** 2).sum()), 6))
    ends = np.cumsum([0, *map(len, columns)])
    found = sparse.csr_matrix(sums.shape)
    if columns:
        found = sparse.csr_matrix((np.concatenate(data), np.concatenate(columns), ends), shape=sums.shape)
    return found


def _words(leading: sparse.csr_matrix, row: int, words: list[str]) -> dict[str, float]:
    inside = slice(leading.indptr[row], leading.indptr[row + 1])
    return dict(zip([words[at] for at in leading.indices[inside].tolist()], leading.data[inside].tolist(), strict=True))


def _likeness(vectors: sparse.csr_matrix, leading: sparse.csr_matrix) -> NDArray[np.float32]:
    """The cosine of every text with every topic."""
    towards = leading.T.tocsr()
    parts = [
        np.round((vectors[start : start + _AT_ONCE] @ towards).toarray(), 9).astype(np.float32)
        for start in range(0, vectors.shape[0], _AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, leading.shape[0]), dtype=np.float32)


def _outside(likeness: NDArray[np.float32], least: Floats) -> float:
    """The share of texts less like the topic they are most like than its core is."""
    if not likeness.size:
        return float(bool(len(likeness)))
    nearest = likeness.argmax(axis=1)
    highest = likeness[np.arange(len(likeness)), nearest]
    return float(((highest <= 0) | (highest < least[nearest])).mean())
