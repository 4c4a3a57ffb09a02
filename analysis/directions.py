"""The leading directions of a matrix: few numbers per row that keep most of what its rows have in common.

Written out with NumPy and SciPy, since loading a library for it takes longer than grouping a thousand texts.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

Points = NDArray[np.float32]

_SPARE = 10
"""Random directions beyond those looked for, which makes the last of these sure."""

_PASSES = 5
_EIGEN_PASSES = 8


def unit_rows(matrix: NDArray[np.floating]) -> Points:
    """Every row scaled to length 1; a row of zeros stays."""
    lengths = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))[:, None]
    return np.asarray(matrix / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def unit_sparse_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The same of a sparse matrix."""
    sizes = np.diff(matrix.indptr)
    row_of = np.repeat(np.arange(matrix.shape[0]), sizes)
    lengths = np.sqrt(np.bincount(row_of, matrix.data**2, matrix.shape[0])).astype(np.float32)
    return sparse.csr_matrix((matrix.data / lengths[row_of], matrix.indices, matrix.indptr), shape=matrix.shape)


def singular_directions(matrix: sparse.csr_matrix, size: int, seed: int) -> tuple[Points, Points]:
    """The `size` largest singular values of a matrix and its right singular vectors (size × columns).

    Randomized subspace iteration: Halko, Martinsson & Tropp, Finding structure with randomness, 2011, algorithm 4.4.
    """
    wide = matrix.shape[0] < matrix.shape[1]
    tall = matrix.T.tocsr() if wide else matrix
    across = tall.T.tocsr()
    random = np.random.default_rng(seed)
    found = random.standard_normal((tall.shape[1], size + _SPARE), dtype=np.float32)
    for _ in range(_PASSES):
        found, _ = linalg.lu(tall @ found, permute_l=True, check_finite=False)
        found, _ = linalg.lu(across @ found, permute_l=True, check_finite=False)
    basis, _ = linalg.qr(tall @ found, mode="economic", check_finite=False)
    left, values, right = linalg.svd((across @ basis).T, full_matrices=False, check_finite=False)
    vectors = (basis @ left).T if wide else right
    return values[:size], vectors[:size]


def common_directions(agreement: Points, size: int) -> tuple[Points, Points]:
    """The `size` leading eigenvalues and eigenvectors (rows × size) of the squared agreement, rows scaled to length 1.

    Of who agrees with the same others as who: the cosine of every two rows of a symmetric matrix. Subspace iteration
    (Golub & Van Loan, Matrix Computations, 8.2.4) from the same start each time; the square itself is never made.
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", agreement, agreement))[:, None]
    random = np.random.default_rng(0)
    width = min(size + _SPARE, len(agreement))
    found = random.standard_normal((len(agreement), width), dtype=np.float32)
    for _ in range(_EIGEN_PASSES):
        found, _ = linalg.qr(found, mode="economic", check_finite=False)
        found = agreement @ (agreement @ (found / lengths)) / lengths
    basis, _ = linalg.qr(found, mode="economic", check_finite=False)
    half = (agreement @ (basis / lengths)).astype(np.float64)
    values, turned = linalg.eigh(half.T @ half)
    order = np.argsort(-values, kind="stable")[:size]
    return values[order], basis @ turned[:, order]
