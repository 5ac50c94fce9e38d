"""One vectorised Poisson log-linear fit for any number of series of equal length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, Indices, as_counts, as_exposure, as_floats, as_years

# Numerical settings of the solver, no policy: they decide nothing that a reader sees.
MAX_STEPS = 60
TOLERANCE = 1e-9
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class LogLinearFits:
    """`log(mean) = log(exposure) + intercept + slope * (year - origin)`, one row a series.

    A series without a fit (no counts at all, one valid year, everything in the first or the last year)
    has `converged` False and NaN elsewhere. `residuals` are Pearson residuals.
    """

    slope: Floats
    se: Floats
    intercept: Floats
    pearson_chi2: Floats
    deviance: Floats
    df: Floats
    fitted: Floats
    residuals: Floats
    converged: Flags
    origin: float


def fit_log_linear(
    counts: ArrayLike,
    exposure: ArrayLike,
    years: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    origin: float | None = None,
) -> LogLinearFits:
    """Fit every row of `counts` (series x years; NaN = a missing year) by reweighted least squares.

    `covariates` (years x p: a COVID dummy, the step of a series break) join every series; one that a series
    cannot tell from the others is left out there, and a slope that it cannot tell from them is no fit.
    """
    years = as_years(years)
    y = np.atleast_2d(as_counts(counts))
    if y.shape[1] != years.size:
        raise MethodError(
            f"{y.shape[1]} counts for {years.size} years", todo="give one count, or NaN, a year"
        )
    people = as_exposure(exposure, y.shape)
    seen = np.isfinite(y) & np.isfinite(people)
    y, offset = np.where(seen, y, 0.0), np.log(np.where(seen, people, 1.0))
    design, kept, fittable = _designs(years, covariates, seen)
    beta, done = _solve(y, offset, seen, design, kept, fittable & (y.sum(axis=1) > 0))
    origin = float(years[-1] if origin is None else origin)
    return _summary(y, offset, seen, design, kept, beta, done, origin, float(years.mean()))


def _designs(years: Floats, covariates: ArrayLike | None, seen: Flags) -> tuple[Floats, Flags, Flags]:
    """Design per series, the columns that each can estimate, and whether the slope is among them."""
    columns = [np.ones_like(years), years - years.mean()]
    if covariates is not None:
        columns += list(np.reshape(as_floats(covariates), (years.size, -1)).T)
    full = np.column_stack(columns)
    # Few patterns of missing years share out over many series: each is looked at once.
    packed = np.ascontiguousarray(np.packbits(seen, axis=1))
    keys = packed.view(f"S{packed.shape[1]}")[:, 0]
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    known = [_estimable(full.tobytes(), pattern.tobytes()) for pattern in seen[first]]
    # The shapes are named because there may be no series at all (no peer has figures).
    kept = np.array([columns for columns, _ in known], dtype=bool).reshape(-1, full.shape[1])
    apart = np.array([stands for _, stands in known], dtype=bool)
    return full[None] * seen[:, :, None] * kept[which][:, None, :], kept[which], apart[which]


@lru_cache(maxsize=10_000)
def _estimable(design: bytes, pattern: bytes) -> tuple[tuple[bool, ...], bool]:
    """What `_designs` asks of one pattern of years; many indicators share their years, so it is remembered."""
    seen = np.frombuffer(pattern, dtype=bool)
    rows = np.frombuffer(design).reshape(seen.size, -1)[seen]
    return tuple(_independent(rows).tolist()), _slope_stands_apart(rows)


def _independent(rows: Floats) -> Flags:
    """Columns that add something to those before them."""
    if not len(rows):
        return np.zeros(rows.shape[1], dtype=bool)
    ranks = [int(np.linalg.matrix_rank(rows[:, :j])) for j in range(1, rows.shape[1] + 1)]
    return np.diff(ranks, prepend=0) > 0


def _slope_stands_apart(rows: Floats) -> bool:
    if len(rows) < 2:
        return False
    return bool(np.linalg.matrix_rank(rows) > np.linalg.matrix_rank(np.delete(rows, 1, axis=1)))


def _gram(design: Floats, weight: Floats, kept: Flags) -> Floats:
    """X'WX, with 1 on the diagonal of a column left out so that its coefficient solves to 0."""
    gram = np.swapaxes(design * weight[:, :, None], 1, 2) @ design
    diagonal = np.arange(design.shape[2])
    gram[:, diagonal, diagonal] += ~kept
    return gram


def _regular(gram: Floats) -> Flags:
    """Whether a series can be solved: means running to zero (no maximum exists) make X'WX singular."""
    scale = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    product = scale[:, :, None] * scale[:, None, :]
    unit = np.divide(gram, product, out=np.zeros_like(gram), where=product > 0)
    return np.asarray(np.linalg.det(unit) > SINGULAR)


def _solve(
    y: Floats, offset: Floats, seen: Flags, design: Floats, kept: Flags, fittable: Flags
) -> tuple[Floats, Flags]:
    """Newton steps for the series that still move; a step is measured on the scale of the log mean."""
    beta = np.full(kept.shape, np.nan)
    done = np.zeros(len(y), dtype=bool)
    centre = y.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    mean = np.where(seen, (y + centre[:, None]) / 2, 1.0)
    active: Indices = np.flatnonzero(fittable)
    for _ in range(MAX_STEPS):
        weight = mean[active] * seen[active]
        gram = _gram(design[active], weight, kept[active])
        regular = _regular(gram)
        active, weight, gram = active[regular], weight[regular], gram[regular]
        if not active.size:
            break
        X = design[active]
        target = np.log(mean[active]) - offset[active] + (y[active] - mean[active]) / mean[active]
        right = np.swapaxes(X, 1, 2) @ (weight * target)[:, :, None]
        step = np.linalg.solve(gram, right)[:, :, 0]
        eta = (X @ step[:, :, None])[:, :, 0] + offset[active]
        moved = np.abs(np.where(seen[active], eta - np.log(mean[active]), 0.0)).max(axis=1)
        beta[active] = step
        # exp(+-300) bounds a wild first step without ever touching a real fit.
        mean[active] = np.where(seen[active], np.exp(np.clip(eta, -300, 300)), 1.0)
        done[active] = moved < TOLERANCE
        active = active[~done[active]]
    return beta, done


def _summary(
    y: Floats, offset: Floats, seen: Flags, design: Floats, kept: Flags, beta: Floats, done: Flags,
    origin: float, centre: float,
) -> LogLinearFits:  # fmt: skip
    """Standard error, goodness of fit and residuals at the solution; NaN for a series without one."""
    shown = seen & done[:, None]
    solution = np.where(done[:, None], beta, 0.0)
    fitted = np.where(shown, np.exp((design @ solution[:, :, None])[:, :, 0] + offset), np.nan)
    se = np.full(len(y), np.nan)
    gram = _gram(design[done], np.where(shown, fitted, 0.0)[done], kept[done])
    se[done] = np.sqrt(np.linalg.inv(gram)[:, 1, 1])
    residuals = (y - fitted) / np.sqrt(fitted)
    ratio = np.where(shown & (y > 0), y, 1.0) / np.where(shown & (y > 0), fitted, 1.0)
    deviance = 2 * np.where(shown, y * np.log(ratio) - (y - fitted), 0.0).sum(axis=1)
    nothing = np.where(done, 0.0, np.nan)
    slope = solution[:, 1] + nothing
    return LogLinearFits(
        slope=slope,
        se=se,
        intercept=solution[:, 0] + slope * (origin - centre),
        pearson_chi2=np.where(shown, residuals**2, 0.0).sum(axis=1) + nothing,
        deviance=deviance + nothing,
        df=seen.sum(axis=1) - kept.sum(axis=1) + nothing,
        fitted=fitted,
        residuals=residuals,
        converged=done,
        origin=origin,
    )
