"""Trends of many series at once: own slope, pooled dispersion, leave-one-out, relative trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, Indices, as_counts, as_exposure, as_floats, as_years
from ivp_analysis.methods.log_linear import LogLinearFits, fit_log_linear
from ivp_analysis.methods.pooled import Dispersion, Scatter, measure_scatter, own_dispersion, pool_dispersion
from ivp_analysis.methods.relative import stack_relative
from ivp_analysis.methods.trend_result import SlopeTest, TrendResult, build_result, with_adjusted
from ivp_analysis.methods.trend_words import TrendRules, TrendWord

__all__ = [
    "LogLinearFits",
    "TrendResult",
    "TrendRules",
    "TrendWord",
    "assess_trends",
    "break_steps",
    "choose_window",
    "fit_log_linear",
    "leave_one_out_same_sign",
    "with_adjusted",
]


@dataclass(frozen=True, slots=True)
class _Panel:
    counts: Floats
    exposure: Floats
    years: Floats
    covariates: Floats | None


def assess_trends(
    counts: ArrayLike,
    exposure: ArrayLike,
    years: ArrayLike,
    *,
    pools: Sequence[Sequence[int]],
    reference_year: int,
    rules: TrendRules,
    rounding_variance: ArrayLike = 0.0,
    excluded_years: Sequence[int] = (),
    breaks: Sequence[float] = (),
    relative: bool = True,
    units: Sequence[int] | None = None,
) -> list[TrendResult]:
    """Assess every row of `counts` (series x years, NaN = missing) over its window up to `reference_year`.

    With `units` only those rows get a result; the others then only lend what peers lend.

    `pools[i]` are the rows of the peers of row i (itself left out or not: it makes no difference). Dispersion
    is pooled over the peers and the row itself; the relative trend is against the peers without the row.
    `excluded_years` (COVID) leave the window as it was chosen with them, so that results stand side by side;
    `breaks` are the dates of known series breaks as years (2018.5 = 1 July 2018).
    Words and q come from `with_adjusted` over the whole family.
    """
    years = as_years(years)
    y = np.atleast_2d(as_counts(counts))
    people = as_exposure(exposure, y.shape)
    groups = _peer_rows(pools, len(y))
    rounding = np.broadcast_to(as_floats(rounding_variance), (len(y),))
    window = _windows(np.isfinite(y) & np.isfinite(people), years, reference_year, rules.window_years)
    window &= ~np.isin(years, np.asarray(excluded_years, dtype=np.float64))
    panel = _Panel(np.where(window, y, np.nan), people, years, break_steps(years, breaks))
    members = [np.union1d(group, [row]).astype(np.intp) for row, group in enumerate(groups)]
    rows = np.arange(len(y)) if units is None else np.asarray(units, dtype=np.intp)
    results = _assess(panel, rows, [members[row] for row in rows], rounding, rules)
    if relative:
        inside = np.where(np.isin(years, np.asarray(excluded_years)) | (years > reference_year), np.nan, y)
        wanted = [group if row in rows else group[:0] for row, group in enumerate(groups)]
        against = replace(panel, counts=inside)
        return _add_relative(results, rows, against, panel.counts, wanted, rounding, rules)
    return results


def choose_window(years_valid: Sequence[int], reference_year: int, rules: TrendRules) -> tuple[int, ...]:
    """The last valid years up to the reference year, at most `window_years`; below `min_years` no word."""
    return tuple(sorted(year for year in set(years_valid) if year <= reference_year)[-rules.window_years :])


def _peer_rows(pools: Sequence[Sequence[int]], n_series: int) -> list[Indices]:
    groups = [np.asarray(pool, dtype=np.intp) for pool in pools]
    if len(groups) != n_series or any(g.size and (g.min() < 0 or g.max() >= n_series) for g in groups):
        raise MethodError(
            f"{len(groups)} peer groups do not fit {n_series} series",
            todo="give each series the rows of its peers, counted from 0",
        )
    return groups


def _windows(valid: Flags, years: Floats, reference_year: int, length: int) -> Flags:
    """The same for all rows: a valid year is in when fewer than `length` valid years follow it."""
    usable = valid & (years <= reference_year)
    following = np.cumsum(usable[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(usable & (following <= length))


def break_steps(years: ArrayLike, breaks: Sequence[float]) -> Floats | None:
    """One column a break: the part of each year that lies after it (2018.5 gives 2018 a half)."""
    if not len(breaks):
        return None
    return as_floats(np.clip(as_years(years)[:, None] + 1 - as_floats(breaks), 0.0, 1.0))


def leave_one_out_same_sign(panel_counts: Floats, exposure: Floats, years: Floats, fits: LogLinearFits,
                            rows: Indices, covariates: Floats | None = None) -> Flags:  # fmt: skip
    """Whether the slope keeps its sign whichever year is left out; False when some refit does not exist."""
    series, year = np.nonzero(np.isfinite(fits.fitted[rows]))
    copies = panel_counts[rows][series]
    copies[np.arange(series.size), year] = np.nan
    refits = fit_log_linear(copies, exposure[rows][series], years, covariates=covariates)
    turned = ~(np.sign(refits.slope) == np.sign(fits.slope[rows][series]))
    turns = np.bincount(series, weights=turned, minlength=rows.size)
    return np.asarray(fits.converged[rows] & (turns == 0))


def _assess(
    panel: _Panel, rows: Indices, members: Sequence[Indices], rounding: Floats, rules: TrendRules
) -> list[TrendResult]:
    """Results of `rows`; the other rows of the panel only lend their scatter to the pools (`members`)."""
    fits = fit_log_linear(panel.counts, panel.exposure, panel.years, covariates=panel.covariates)
    scatter = measure_scatter(fits, panel.years, rounding_variance=rounding, covariates=panel.covariates)
    same = leave_one_out_same_sign(panel.counts, panel.exposure, panel.years, fits, rows, panel.covariates)
    results = []
    for place, (row, pool) in enumerate(zip(rows, members, strict=True)):
        pooled = pool_dispersion(
            scatter,
            pool,
            max_autocorrelation=rules.max_autocorrelation,
            autocorrelation_p=rules.autocorrelation_p,
            min_df=rules.min_own_df,
        )
        test = _slope_test(fits, scatter, pooled, int(row), bool(same[place]))
        results.append(build_result(test, panel.counts[row], panel.exposure[row], panel.years, rules))
    return results


def _slope_test(
    fits: LogLinearFits, scatter: Scatter, pooled: Dispersion, row: int, same_sign: bool
) -> SlopeTest:
    method = "none" if np.isnan(pooled.value) else "own" if pooled.n_series == 1 else "pooled"
    return SlopeTest(
        slope=float(fits.slope[row]),
        se_poisson=float(fits.se[row]),
        dispersion=own_dispersion(pooled, scatter, row),
        scatter=pooled.of_a_year,
        df=pooled.df,
        autocorrelation=pooled.autocorrelation,
        same_sign=same_sign,
        method=method,
    )


def _add_relative(
    results: list[TrendResult], rows: Indices, panel: _Panel, windows: Floats, groups: Sequence[Indices],
    rounding: Floats, rules: TrendRules,
) -> list[TrendResult]:  # fmt: skip
    stacked = stack_relative(panel.counts, panel.exposure, windows, groups)
    against = _Panel(stacked.counts, stacked.exposure, panel.years, panel.covariates)
    relatives = _assess(against, stacked.unit_rows, stacked.members, rounding[stacked.series], rules)
    by_unit = dict(zip(stacked.units.tolist(), relatives, strict=True))
    return [
        replace(result, relative=by_unit.get(int(row))) for row, result in zip(rows, results, strict=True)
    ]
