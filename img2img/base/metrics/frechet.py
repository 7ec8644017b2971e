"""Frechet distance of two sets of features, each taken for a Gaussian (Heusel et al. 2017)."""

import numpy as np

from img2img.base.metrics.moments import Floats, Moments, check

__all__ = ["Moments", "frechet_distance"]


def frechet_distance(a: Moments, b: Moments) -> float:
    """|m_a - m_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2)), from 0 on   (Dowson and Landau 1982)

    In float64, without a complex number: see `_common`.

    Raises:
        ValueError: of unequal dimensions, or of fewer than two features.
    """
    check(a, b)
    shift = a.mean - b.mean
    distance = shift @ shift + a.variance + b.variance - 2 * _common(a, b)
    return max(0.0, float(distance))  # equal sets may come out below 0, by rounding


def _common(a: Moments, b: Moments) -> float:
    """The trace of (S_a S_b)^(1/2), without a root of a matrix.

    With S_a = A^T A and S_b = B^T B it is the sum of the singular values of A B^T, which is small
    where there are fewer features than dimensions. Else it is the sum of the roots of the
    eigenvalues of A S_b A^T, those of S_a S_b.
    """
    A, B = a.rows, b.rows
    if A is not None and B is not None:
        return float(np.linalg.svd(A @ B.T, compute_uv=False).sum())
    if B is not None:
        return _common(b, a)
    S = b.covariance
    symmetric = _symmetric(a.covariance, S) if A is None else A @ S @ A.T
    eigenvalues = np.linalg.eigvalsh(symmetric)
    return float(np.sqrt(np.maximum(eigenvalues, 0)).sum())  # below 0 by rounding alone


def _symmetric(S: Floats, T: Floats) -> Floats:
    """A T A^T with A^T A = S, in its lower triangle: A by Cholesky, which is the fastest.

    By eigenvectors where S is singular, those of its range.
    """
    from scipy.linalg import lapack

    rounding = len(S) * np.finfo(np.float64).eps
    L, failed = lapack.dpotrf(S.T, lower=1)  # S^T is S without a copy
    if not failed and (L.diagonal() ** 2 > rounding * S.diagonal()).all():
        return np.asarray(lapack.dsygst(T.T, L, itype=2, lower=1)[0], np.float64)  # L^T T L
    values, vectors = np.linalg.eigh(S)
    kept = values > rounding * values.max()
    A = (vectors[:, kept] * np.sqrt(values[kept])).T
    return np.asarray(A @ T @ A.T, np.float64)
