"""The trend of a region: one slope for its areas, each at its own level, and whether they share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, Indices, as_counts, as_exposure, as_floats, as_years
from ivp_analysis.methods.common_slope import CommonSlope, fit_common_slope
from ivp_analysis.methods.log_linear import LogLinearFits, fit_log_linear
from ivp_analysis.methods.pooled import Dispersion, measure_scatter, pool_dispersion
from ivp_analysis.methods.relative import stack_relative
from ivp_analysis.methods.trend import break_steps, choose_window
from ivp_analysis.methods.trend_result import SlopeTest, TrendResult, build_result
from ivp_analysis.methods.trend_words import TrendRules


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Do the areas' own slopes differ more than chance? F on (`df`, `df_error`); NaN: it cannot be told."""

    f: float
    df: float
    df_error: float
    p: float


@dataclass(frozen=True, slots=True)
class RegionTrend:
    """`trend`: the shared slope (its `relative`: against the peers of each area); `area_slopes`: the own."""

    trend: TrendResult
    heterogeneity: Heterogeneity
    area_slopes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Panel:
    counts: Floats
    exposure: Floats
    years: Floats
    pools: list[Indices]
    rounding: Floats
    rules: TrendRules


def assess_region(
    counts: ArrayLike,
    exposure: ArrayLike,
    years: ArrayLike,
    *,
    members: Sequence[int],
    pools: Sequence[Sequence[int]],
    reference_year: int,
    rules: TrendRules,
    rounding_variance: ArrayLike = 0.0,
    excluded_years: Sequence[int] = (),
    breaks: Sequence[float] = (),
    relative: bool = True,
) -> RegionTrend:
    """`y ~ C(area) + t` over the rows `members` of the same panel that `assess_trends` takes.

    The window is that of the years known for every member: a sum without one of them is another region.
    Dispersion is pooled over the members and all their peers.
    """
    years, y = as_years(years), np.atleast_2d(as_counts(counts))
    groups = [np.asarray(pool, dtype=np.intp) for pool in pools]
    rounding = np.broadcast_to(as_floats(rounding_variance), (len(y),))
    panel = _Panel(y, as_exposure(exposure, y.shape), years, groups, rounding, rules)
    rows = np.asarray(members, dtype=np.intp)
    if not rows.size or len(groups) != len(y):
        raise MethodError("a region without areas, or areas without peer groups", todo="give both")
    inside = _region_window(panel, rows, reference_year) & ~np.isin(years, as_floats(excluded_years))
    return _assess(panel, rows, inside, break_steps(years, breaks), relative)


def _region_window(panel: _Panel, rows: Indices, reference_year: int) -> Flags:
    known = (np.isfinite(panel.counts[rows]) & np.isfinite(panel.exposure[rows])).all(axis=0)
    window = choose_window(panel.years[known].astype(int).tolist(), reference_year, panel.rules)
    return np.isin(panel.years, window)


def _assess(panel: _Panel, rows: Indices, inside: Flags, steps: Floats | None, relative: bool) -> RegionTrend:
    y = np.where(inside, panel.counts, np.nan)
    everyone = np.unique(np.concatenate([rows, *(panel.pools[row] for row in rows)]))
    fits = fit_log_linear(y[everyone], panel.exposure[everyone], panel.years)
    pooled = _pool(fits, panel, panel.rounding[everyone], np.arange(everyone.size))
    trend = _trend(panel, rows, y[rows], panel.exposure[rows], steps, pooled)
    own = np.searchsorted(everyone, rows)
    return RegionTrend(
        trend=replace(trend, relative=_relative(panel, rows, y, steps) if relative else None),
        heterogeneity=_heterogeneity(fits, own, y[rows], panel.exposure[rows], panel.years, pooled),
        area_slopes=tuple(fits.slope[own].tolist()),
    )


def _pool(fits: LogLinearFits, panel: _Panel, rounding: Floats, members: Indices) -> Dispersion:
    scatter = measure_scatter(fits, panel.years, rounding_variance=rounding)
    rules = panel.rules
    return pool_dispersion(
        scatter, members, max_autocorrelation=rules.max_autocorrelation, min_df=rules.min_own_df
    )


def _trend(
    panel: _Panel, rows: Indices, y: Floats, exposure: Floats, steps: Floats | None, pooled: Dispersion
) -> TrendResult:
    fit = fit_common_slope(y, exposure, panel.years, steps=steps)
    rounding = float(np.nansum(panel.rounding[rows]) / np.nansum(fit.fitted)) if fit.converged else 0.0
    n_years = int(np.isfinite(y).all(axis=0).sum())
    test = SlopeTest(
        slope=fit.slope,
        se_poisson=fit.se,
        dispersion=pooled.value + rounding * n_years,
        df=pooled.df,
        autocorrelation=pooled.autocorrelation,
        same_sign=_same_sign(fit, y, exposure, panel.years, steps),
        method="none" if np.isnan(pooled.value) else "pooled",
    )
    return build_result(test, y.sum(axis=0), exposure.sum(axis=0), panel.years, panel.rules)


def _same_sign(fit: CommonSlope, y: Floats, exposure: Floats, years: Floats, steps: Floats | None) -> bool:
    """Whether the shared slope keeps its sign whichever year is left out."""
    inside = np.flatnonzero(np.isfinite(y).all(axis=0))
    without = (np.where(np.arange(years.size) == year, np.nan, y) for year in inside)
    signs = {np.sign(fit_common_slope(rest, exposure, years, steps=steps).slope) for rest in without}
    return fit.converged and signs == {np.sign(fit.slope)}


def _relative(panel: _Panel, rows: Indices, y: Floats, steps: Floats | None) -> TrendResult | None:
    """The shared slope against the peers of each area; a member without complete peers makes it unknown."""
    pools = [panel.pools[row] if row in rows else np.empty(0, dtype=np.intp) for row in range(len(y))]
    stacked = stack_relative(panel.counts, panel.exposure, y, pools)
    if stacked.units.size < rows.size:
        return None
    fits = fit_log_linear(stacked.counts, stacked.exposure, panel.years)
    # A peer of several members stands here several times: it may lend its degrees of freedom once.
    _, once = np.unique(stacked.series, return_index=True)
    pooled = _pool(fits, panel, panel.rounding[stacked.series], once)
    order = stacked.unit_rows[np.searchsorted(stacked.units, rows)]
    return _trend(panel, rows, stacked.counts[order], stacked.exposure[order], steps, pooled)


def _heterogeneity(
    fits: LogLinearFits, own: Indices, y: Floats, exposure: Floats, years: Floats, pooled: Dispersion
) -> Heterogeneity:
    """Drop in deviance by giving each area its own slope, over the pooled dispersion."""
    usable = fits.converged[own]
    common = fit_common_slope(y[usable], exposure[usable], years)
    df = float(usable.sum()) - 1
    if df < 1 or not common.converged:
        return Heterogeneity(float("nan"), df, pooled.df, float("nan"))
    drop = max(common.deviance - float(fits.deviance[own][usable].sum()), 0.0)
    f = drop / df / pooled.value
    return Heterogeneity(f, df, pooled.df, float(special.fdtrc(df, pooled.df, f)))
