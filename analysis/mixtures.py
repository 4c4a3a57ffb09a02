"""Short texts as draws from mixtures of multinomials, fitted many times from random starts (analysis method, step 6).

Every function takes `counts`, a sparse matrix of texts × items, and returns one component number per text, in a range
without gaps. The result depends on `counts`, the number of components and the state of `random` alone.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import gammaln

Labels = NDArray[np.int64]

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
    unit, lengths = _in_units(counts)
    surprise = gammaln(np.arange(lengths.sum() + 1) * unit + columns * _PRIOR)  # of a component of so many items
    totals = np.bincount(labels, lengths, components).astype(np.int64)
    texts = np.bincount(labels, minlength=components).astype(np.float32)
    blocks = [_Block(counts, start, labels, components) for start in range(0, rows, _BLOCK)]
    items = np.zeros((columns, components), dtype=np.float32)  # a block's rows lie together
    for block in blocks:
        items[block.present] += block.share
    for sweep in range(_ROUNDS):
        for block in blocks:
            ours, size = labels[block.inside], lengths[block.inside]
            others = items.take(block.present, axis=0)
            others -= block.share
            total = totals - np.bincount(ours, size, components).astype(np.int64)
            texts -= np.bincount(ours, minlength=components)
            scores = block.counts @ np.log(others + np.float32(_PRIOR)) + np.log(texts + np.float32(_PRIOR))
            scores -= (surprise[total + size[:, None]] - surprise[total]).astype(np.float32)
            if sweep < _ROUNDS - 1:  # with noise of Gumbel's law the highest score is a draw by the odds
                noise = random.standard_exponential(scores.shape, dtype=np.float32)
                scores -= np.log(np.maximum(noise, np.finfo(np.float32).tiny))
            ours[:] = scores.argmax(axis=1)
            block.count_in(ours)
            items[block.present] = others + block.share
            texts += np.bincount(ours, minlength=components)
            totals = total + np.bincount(ours, size, components).astype(np.int64)
    return _without_gaps(labels)


class _Block:
    """Up to 64 rows from `start`, on the columns that occur in them (`present`).

    `share` is what they add to the items of every component (present × components).
    """

    def __init__(self, counts: sparse.csr_matrix, start: int, labels: Labels, components: int) -> None:
        rows = counts[start : start + _BLOCK]
        self.inside = slice(start, start + rows.shape[0])
        self.present, place = np.unique(rows.indices, return_inverse=True)
        data = rows.data.astype(np.float32)
        self.counts = sparse.csr_matrix((data, place, rows.indptr), (rows.shape[0], len(self.present)))
        self._items = self.counts.toarray().T.copy()
        self._components = components
        self.count_in(labels[self.inside])

    def count_in(self, labels: Labels) -> None:
        """Count the rows anew, in these components."""
        member = np.zeros((len(labels), self._components), dtype=np.float32)
        member[np.arange(len(labels)), labels] = 1
        self.share = self._items @ member


def _in_units(counts: sparse.csr_matrix) -> tuple[float, Labels]:
    """The largest binary fraction, 1 at most, that all counts are multiples of, and every text's length in it."""
    unit = 1.0
    while (counts.data % unit).any():
        unit /= 2
    return unit, np.round(np.asarray(counts.sum(axis=1)).ravel() / unit).astype(np.int64)


def _without_gaps(labels: NDArray[np.int64]) -> Labels:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
