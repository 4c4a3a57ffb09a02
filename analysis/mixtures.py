"""Short texts as draws from mixtures of multinomials, fitted many times from random starts (analysis method, step 6).

Every function takes `counts`, a sparse matrix of texts × items, and returns one component number per text, in a range
without gaps. The result depends on `counts`, the number of components and the state of `random` alone.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import gammaln

Labels = NDArray[np.int64]
Counts = NDArray[np.float32]
"""Single precision is enough: counts are binary fractions, so that their sums are exact."""

_PRIOR = 0.1
"""Of a component on its items, and in the sampler on its texts (α = β = .1)."""

_ROUNDS = 15
_HOTTEST = 3
_BLOCK = 64


def annealed_mixture(counts: sparse.csr_matrix, components: int, random: np.random.Generator) -> Labels:
    """A mixture of multinomials by EM, log-likelihoods divided by a temperature that falls from 3 to 1.

    After Ueda & Nakano, Deterministic annealing EM algorithm, 1998: hot rounds keep a bad start from deciding.
    """
    texts = counts.astype(np.float32)
    transposed = texts.T.tocsr()
    share = random.dirichlet(np.ones(components), size=counts.shape[0]).astype(np.float32)
    for temperature in np.linspace(_HOTTEST, 1, _ROUNDS, dtype=np.float32):
        weight = np.log(share.sum(axis=0) + 1)
        items = transposed @ share + np.float32(_PRIOR)
        scores = (texts @ np.log(items / items.sum(axis=0)) + weight) / temperature
        scores -= scores.max(axis=1, keepdims=True)
        share = np.exp(scores, out=scores)
        share /= share.sum(axis=1, keepdims=True)
    return _without_gaps(share.argmax(axis=1))


def one_topic_per_text(counts: sparse.csr_matrix, components: int, random: np.random.Generator) -> Labels:
    """Collapsed Gibbs sampling of a Dirichlet mixture with one topic per text, 64 texts at once; the last sweep picks.

    Yin & Wang, A Dirichlet multinomial mixture model-based approach for short text clustering, 2014. Blocks are drawn
    as if their texts did not see each other, and a repeated item counts as one more of the same.
    """
    rows, columns = counts.shape
    labels = random.integers(components, size=rows)
    start_member = sparse.csr_matrix((np.ones(rows), (np.arange(rows), labels)), shape=(rows, components))
    items = np.asarray((counts.T @ start_member).todense(), dtype=np.float32)  # a block's rows lie together
    texts = np.bincount(labels, minlength=components).astype(np.float32)
    unit, lengths = _in_units(counts)
    surprise = gammaln(np.arange(lengths.sum() + 1) * unit + columns * _PRIOR)  # of a component of so many items
    totals = np.bincount(labels, lengths, components).astype(np.int64)
    blocks = [_dense_block(counts, start) for start in range(0, rows, _BLOCK)]
    for sweep in range(_ROUNDS):
        for start, present, block in blocks:
            inside = slice(start, start + len(block))
            member, size = _member(labels[inside], components), lengths[inside]
            others = items[present] - block.T @ member
            total = totals - np.bincount(labels[inside], size, components).astype(np.int64)
            scores = block @ np.log(others + np.float32(_PRIOR)) + np.log(
                texts - member.sum(axis=0) + np.float32(_PRIOR)
            )
            scores -= (surprise[total + size[:, None]] - surprise[total]).astype(np.float32)
            if sweep < _ROUNDS - 1:  # with noise of Gumbel's law the highest score is a draw by the odds
                noise = random.standard_exponential(scores.shape, dtype=np.float32)
                scores -= np.log(np.maximum(noise, np.finfo(np.float32).tiny))
            texts -= member.sum(axis=0)
            labels[inside] = scores.argmax(axis=1)
            moved = _member(labels[inside], components)
            items[present] = others + block.T @ moved
            texts += moved.sum(axis=0)
            totals = total + np.bincount(labels[inside], size, components).astype(np.int64)
    return _without_gaps(labels)


def _in_units(counts: sparse.csr_matrix) -> tuple[float, Labels]:
    """The largest binary fraction, 1 at most, that all counts are multiples of, and every text's length in it."""
    unit = 1.0
    while (counts.data % unit).any():
        unit /= 2
    return unit, np.round(np.asarray(counts.sum(axis=1)).ravel() / unit).astype(np.int64)


def _dense_block(counts: sparse.csr_matrix, start: int) -> tuple[int, Labels, Counts]:
    """Up to 64 rows from `start` on the columns that occur in them."""
    block = counts[start : start + _BLOCK].tocoo()
    present, place = np.unique(block.col, return_inverse=True)
    dense = np.zeros((block.shape[0], len(present)), dtype=np.float32)
    dense[block.row, place] = block.data
    return start, present, dense


def _member(labels: Labels, components: int) -> Counts:
    """Texts × components, 1 where a text is in a component."""
    member = np.zeros((len(labels), components), dtype=np.float32)
    member[np.arange(len(labels)), labels] = 1
    return member


def _without_gaps(labels: NDArray[np.int64]) -> Labels:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
