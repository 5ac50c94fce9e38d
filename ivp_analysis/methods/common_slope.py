"""One Poisson slope shared by several areas, each at its own level: `y ~ C(area) + t`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivp_analysis.methods.arrays import Flags, Floats

# Numerical settings of the solver, no policy.
MAX_STEPS = 60
TOLERANCE = 1e-10
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class CommonSlope:
    """The shared slope, its Poisson standard error and the fit's deviance; NaN and not converged: no fit."""

    slope: float
    se: float
    deviance: float
    fitted: Floats
    converged: bool


def fit_common_slope(
    counts: Floats, exposure: Floats, years: Floats, *, steps: Floats | None = None
) -> CommonSlope:
    """Given its total, the years of an area are multinomial: the levels drop out and few unknowns are left.

    This is the Poisson maximum with a dummy for each area (Palmgren 1981), without a column for each.
    NaN counts are years outside the window.
    """
    seen = np.isfinite(counts) & np.isfinite(exposure)
    X = _columns(years, steps, np.asarray(seen.any(axis=0)))
    y, e = np.where(seen, counts, 0.0), np.where(seen, exposure, 0.0)
    beta = np.zeros(X.shape[1])
    # Newton on a concave likelihood; a slope that runs away has no maximum and never settles.
    for _ in range(MAX_STEPS):
        fitted = _expected(y, e, X @ beta)
        information = _information(fitted, y.sum(axis=1), X)
        if X.shape[1] == 0 or np.linalg.det(information) <= SINGULAR * np.prod(np.diag(information)):
            break
        step = np.linalg.solve(information, X.T @ (y - fitted).sum(axis=0))
        beta = beta + step
        if np.abs(X @ step).max() < TOLERANCE:
            fitted = _expected(y, e, X @ beta)
            se = float(np.sqrt(np.linalg.inv(_information(fitted, y.sum(axis=1), X))[0, 0]))
            return CommonSlope(float(beta[0]), se, _deviance(y, fitted), np.where(seen, fitted, np.nan), True)
    nothing = float("nan")
    return CommonSlope(nothing, nothing, nothing, np.full_like(y, nothing), False)


def _columns(years: Floats, steps: Floats | None, inside: Flags) -> Floats:
    """Time, and the steps that the window can tell from level, time and each other; nothing without time."""
    time = years - years.mean()
    if steps is None:
        return time[:, None] if inside.sum() > 1 else np.empty((years.size, 0))
    candidates = [time, *steps.T]
    level = np.ones((int(inside.sum()), 1))
    kept: list[Floats] = []
    for column in candidates:
        trial = np.column_stack([level, *(c[inside] for c in kept), column[inside]])
        if len(trial) and np.linalg.matrix_rank(trial) == trial.shape[1]:
            kept.append(column)
        elif not kept:
            break
    return np.column_stack(kept) if kept else np.empty((years.size, 0))


def _expected(y: Floats, e: Floats, eta: Floats) -> Floats:
    weights = e * np.exp(eta - eta.max())
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    return np.asarray(y.sum(axis=1, keepdims=True) * share)


def _information(fitted: Floats, totals: Floats, X: Floats) -> Floats:
    """Sum over areas of the multinomial covariance of the columns."""
    present = totals > 0
    mean = (fitted[present] @ X) / totals[present, None]
    return np.asarray(X.T @ (fitted.sum(axis=0)[:, None] * X) - mean.T @ (totals[present, None] * mean))


def _deviance(y: Floats, fitted: Floats) -> float:
    some = y > 0
    return float(2 * (y[some] * np.log(y[some] / fitted[some])).sum())
