"""What in a year of months asks for an explanation: the figures flag it, and a person has to tell the story."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Floats, as_counts, as_floats
from ivp_analysis.methods.monitor import MonitorRules, fit_season
from ivp_analysis.methods.seasonal import (
    anscombe_residuals,
    anscombe_weights,
    fit_quasi_poisson,
    season_design,
)

MONTHS = 12


class PeakKind(StrEnum):
    """A month with a large part of its year, a month far from its season, a level that jumped."""

    BUSY = "busy"
    FAR_ABOVE = "far_above"
    FAR_BELOW = "far_below"
    BREAK_UP = "break_up"
    BREAK_DOWN = "break_down"


@dataclass(frozen=True, slots=True)
class PeakRules:
    """The policy constants of the questions; group `peaks` of the method file."""

    month_share: float
    min_year: int
    residual: float
    break_p: float
    min_after: int


@dataclass(frozen=True, slots=True)
class Peak:
    """`month` counts from 0 within the last twelve. size: the share of the year, the standardised residual, or
    the level after a break as a multiple of that before it. expected: the season's count, NaN where none.
    """

    kind: PeakKind
    month: int
    count: float
    expected: float
    size: float


def find_peaks(
    monthly: ArrayLike, *, rules: PeakRules, monitor: MonitorRules, covariates: ArrayLike | None = None
) -> list[Peak]:
    """The questions of the last twelve months of a series; months before them tell what is usual.

    `covariates` (months x p) are breaks that are known already: they ask no question. With a mean below the
    monitor's least only the share of the year is looked at.
    """
    counts = as_counts(monthly)
    if counts.size < MONTHS:
        raise MethodError(f"{counts.size} months are no year", todo="give twelve or more")
    extra = np.zeros((counts.size, 0)) if covariates is None else as_floats(covariates)
    start = max(counts.size - MONTHS * monitor.years, 0)
    y, extra = counts[start:], extra.reshape(counts.size, -1)[start:]
    busy = _busy(counts[-MONTHS:], rules)
    enough = np.isfinite(y).sum() >= MONTHS * monitor.min_years and np.nanmean(y) >= monitor.min_mean
    if not enough:
        return busy
    return [*busy, *_far(y, extra, rules, monitor), *_break(y, extra, rules, monitor)]


def _busy(year: Floats, rules: PeakRules) -> list[Peak]:
    """Only of a whole year: without one of its months the share would be too large."""
    total = float(year.sum())
    if not total >= rules.min_year:
        return []
    nan = float("nan")
    return [
        Peak(PeakKind.BUSY, int(i), float(year[i]), nan, float(year[i]) / total)
        for i in np.flatnonzero(year > rules.month_share * total)
    ]


def _far(y: Floats, extra: Floats, rules: PeakRules, monitor: MonitorRules) -> list[Peak]:
    fit = fit_season(y, extra, period=MONTHS, rules=monitor)
    if fit is None:
        return []
    residuals = anscombe_residuals(fit, y)[-MONTHS:]
    fitted = fit.fitted[-MONTHS:]
    return [
        Peak(
            PeakKind.FAR_ABOVE if residuals[i] > 0 else PeakKind.FAR_BELOW,
            int(i),
            float(y[-MONTHS:][i]),
            float(fitted[i]),
            float(residuals[i]),
        )
        for i in np.flatnonzero(np.abs(residuals) > rules.residual)
    ]


def _break(y: Floats, extra: Floats, rules: PeakRules, monitor: MonitorRules) -> list[Peak]:
    """The month of the year from which a step improves the model most, if it does so beyond chance.

    F of one step on the weighted deviance, its p times the number of months tried (Bonferroni). The weights are
    those of the model with the step, so that one outlying month does not look like a new level.
    """
    base = season_design(np.arange(y.size), period=MONTHS, harmonics=monitor.harmonics, covariates=extra)
    starts = range(y.size - MONTHS, y.size - rules.min_after + 1)
    steps = {at: np.column_stack([base, np.arange(y.size) >= at]) for at in starts}
    fits = {at: fit for at, step in steps.items() if (fit := fit_quasi_poisson(y, step)) and fit.kept[-1]}
    if not fits:
        return []
    best = min(fits, key=lambda at: fits[at].deviance)
    weights = anscombe_weights(fits[best], y, threshold=monitor.downweight_residual)
    with_step = fit_quasi_poisson(y, steps[best], weights=weights)
    without = fit_quasi_poisson(y, base, weights=weights)
    if with_step is None or without is None:
        return []
    f = (without.deviance - with_step.deviance) / with_step.dispersion
    p = float(special.fdtrc(1, with_step.df, max(f, 0.0))) * len(fits)
    if p >= rules.break_p:
        return []
    ratio = float(np.exp(with_step.coefficients[-1]))
    kind = PeakKind.BREAK_UP if ratio > 1 else PeakKind.BREAK_DOWN
    at = best - (y.size - MONTHS)
    return [Peak(kind, at, float(y[best]), float("nan"), ratio)]
