"""Quasi-Poisson regression of months: trend, season and breaks, with weights for months that stood out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, as_counts, as_floats
from ivp_analysis.methods.predictive import Predictive, growth_law

# Numerical settings of the solver, no policy.
MAX_STEPS = 60
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class QuasiPoissonFit:
    """`raw_dispersion` is Pearson chi2/df, `dispersion` that or 1; covariance and se hold `dispersion`.

    `kept` says which columns of the design could be told from those before them; a column left out has
    coefficient 0. `residuals` are Pearson residuals; what is missing in the counts is NaN here too.
    """

    coefficients: Floats
    covariance: Floats
    kept: Flags
    fitted: Floats
    residuals: Floats
    leverage: Floats
    deviance: float
    df: int
    raw_dispersion: float
    dispersion: float

    @property
    def se(self) -> Floats:
        """Standard errors."""
        return as_floats(np.sqrt(np.diag(self.covariance)))

    def law(self, row: ArrayLike) -> Predictive | None:
        """NB1 at the mean of a new design row, parameter uncertainty included; None when the row asks for a
        column that the fit could not estimate (a break that begins with it).
        """
        x = as_floats(row)
        if bool(np.any(x[~self.kept] != 0)):
            return None
        mean = float(np.exp(x @ self.coefficients))
        excess = self.dispersion - 1
        size = mean / excess if excess > 0 else float("inf")
        return growth_law(mean, size=size, variance=float(x @ self.covariance @ x))


def season_design(
    times: ArrayLike, *, period: int, harmonics: int, covariates: ArrayLike | None = None
) -> Floats:
    """Columns 1, t, then cos and sin of each harmonic, then the covariates (breaks, a pandemic)."""
    t = as_floats(times)
    columns = [np.ones_like(t), t]
    for j in range(1, harmonics + 1):
        columns += [np.cos(2 * np.pi * j * t / period), np.sin(2 * np.pi * j * t / period)]
    if covariates is not None:
        columns += list(as_floats(covariates).reshape(t.size, -1).T)
    return np.column_stack(columns)


def fit_quasi_poisson(
    counts: ArrayLike, design: Floats, *, weights: ArrayLike = 1.0, consistency: float = 1.0
) -> QuasiPoissonFit | None:
    """Reweighted least squares; missing counts are left out. None when no maximum exists (all zeros, or a
    break with nothing after it) or nothing is left to see scatter with. `consistency` is what the weights
    leave of the dispersion of a series without outliers: the estimate is divided by it.
    """
    y = as_counts(counts)
    if design.shape[0] != y.size:
        raise MethodError(f"{y.size} counts for {design.shape[0]} rows", todo="give one row a count")
    seen = np.isfinite(y)
    kept = _independent(design[seen])
    if not seen.any() or y[seen].sum() == 0 or seen.sum() <= kept.sum():
        return None
    w = np.broadcast_to(as_floats(weights), y.shape)
    solution = _solve(y[seen], design[np.ix_(seen, kept)], w[seen])
    return None if solution is None else _summary(y, design, w, kept, solution, consistency)


def anscombe_residuals(fit: QuasiPoissonFit, counts: ArrayLike) -> Floats:
    """Standardised Anscombe residuals: close to standard normal where the model holds; NaN where a count is
    missing.
    """
    y = as_counts(counts)
    spread = np.sqrt(fit.dispersion * np.maximum(1 - fit.leverage, 1e-6))
    return as_floats(1.5 * (y ** (2 / 3) - fit.fitted ** (2 / 3)) / (fit.fitted ** (1 / 6) * spread))


def anscombe_weights(fit: QuasiPoissonFit, counts: ArrayLike, *, threshold: float) -> Floats:
    """Months whose standardised Anscombe residual s exceeds `threshold` count for s^-2 of the others
    (Farrington e.a. 1996, Noufaily e.a. 2013); the weights add up to the number of months.
    """
    s = anscombe_residuals(fit, counts)
    weights = np.where(s > threshold, 1 / np.maximum(s, 1.0) ** 2, 1.0)
    seen = np.isfinite(s)
    return as_floats(np.where(seen, weights, 0.0) * seen.sum() / weights[seen].sum())


def anscombe_consistency(threshold: float) -> float:
    """Expected part of the dispersion that `anscombe_weights` leave when all residuals are standard normal.

    Weights are 1 up to c and s^-2 beyond, so that c on s^2 averages E[s^2; s < c] + P(s > c); divided by the
    average weight P(s < c) + E[s^-2; s > c]. Without it regular months would be signals too often.
    """
    c = threshold
    density, tail = float(np.exp(-(c**2) / 2) / np.sqrt(2 * np.pi)), float(special.ndtr(-c))
    squares, inverse = 1 - (c * density + tail) + tail, 1 - tail + (density / c - tail)
    return squares / inverse


def _independent(rows: Floats) -> Flags:
    """Columns that add something to those before them."""
    if len(rows) and int(np.linalg.matrix_rank(rows)) == rows.shape[1]:
        return np.ones(rows.shape[1], dtype=bool)
    ranks = [int(np.linalg.matrix_rank(rows[:, :j])) if len(rows) else 0 for j in range(1, rows.shape[1] + 1)]
    return np.diff(ranks, prepend=0) > 0


def _solve(y: Floats, X: Floats, w: Floats) -> Floats | None:
    mean = (y + y.mean()) / 2
    for _ in range(MAX_STEPS):
        eta = np.log(mean)
        root = np.sqrt(w * mean)
        beta = np.linalg.lstsq(X * root[:, None], (eta + (y - mean) / mean) * root, rcond=None)[0]
        # exp(+-30) bounds a wild step; a mean that stays there has no maximum.
        moved, new = X @ beta - eta, np.clip(X @ beta, -30, 30)
        mean = np.exp(new)
        if np.abs(moved).max() < TOLERANCE:
            return as_floats(beta)
    return None


def _summary(
    y: Floats, design: Floats, w: Floats, kept: Flags, beta: Floats, consistency: float
) -> QuasiPoissonFit:
    X, seen = design[:, kept], np.isfinite(y)
    mean = np.where(seen, np.exp(np.clip(X @ beta, -30, 30)), np.nan)
    weight = np.where(seen, w * mean, 0.0)
    inverse = np.linalg.inv((X * weight[:, None]).T @ X)
    residuals = (y - mean) / np.sqrt(mean)
    df = int(seen.sum() - kept.sum())
    raw = float(np.nansum(w * residuals**2)) / df / consistency
    full = np.zeros((kept.size, kept.size))
    full[np.ix_(kept, kept)] = max(raw, 1.0) * inverse
    coefficients = np.zeros(kept.size)
    coefficients[kept] = beta
    ratio = np.where(y > 0, y, 1.0) / np.where(y > 0, mean, 1.0)
    return QuasiPoissonFit(
        coefficients=coefficients,
        covariance=full,
        kept=kept,
        fitted=as_floats(mean),
        residuals=as_floats(residuals),
        leverage=as_floats(np.where(seen, weight * np.einsum("ij,jk,ik->i", X, inverse, X), np.nan)),
        deviance=float(2 * np.nansum(w * (y * np.log(ratio) - (y - mean)))),
        df=df,
        raw_dispersion=raw,
        dispersion=max(raw, 1.0),
    )
