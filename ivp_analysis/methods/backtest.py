"""What forecasts made in the past turned out to be worth: rolling origins over a panel, rivals beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.arrays import Flags, Floats, Indices, as_counts, as_floats, as_years
from ivp_analysis.methods.growth import DriftPanel, GrowthPool, ProjectionRules, estimate_growth, fit_drifts
from ivp_analysis.methods.projection import STEADY, Forecaster, Projection, project_row
from ivp_analysis.methods.scores import ForecastTable, Scores, tabulate_forecast

FORECASTERS = tuple(Forecaster)


@dataclass(frozen=True, slots=True)
class BacktestRules:
    """The policy constants of the backtest; group `backtest` of the method file."""

    min_train: int
    max_train: int
    horizons_max: int
    min_origins: int
    bootstrap: int
    wide_interval: float
    wide_low: float
    wide_high: float
    shown_low: float
    shown_high: float
    target_ratio: float
    classes: int


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """One column a case (area, origin, horizon); scores have one row a forecaster, in order of `forecasters`.

    `area` is the row of the panel. `target` is the rule's part of the count at the origin, rounded down, and
    `chance` what each forecaster gave for staying at or below it.
    """

    forecasters: tuple[Forecaster, ...]
    area: Indices
    origin: Indices
    horizon: Indices
    observed: Floats
    target: Floats
    chance: Floats
    crps: Floats
    log_score: Floats
    pit_lower: Floats
    pit_upper: Floats

    @property
    def target_year(self) -> Indices:
        """The year that each case forecast."""
        return self.origin + self.horizon

    def row(self, forecaster: Forecaster) -> int:
        """The row of a forecaster."""
        return self.forecasters.index(forecaster)


@dataclass(frozen=True, slots=True)
class _Case:
    area: int
    origin: int
    horizon: int
    observed: float
    target: float
    chances: tuple[float, ...]
    scores: tuple[Scores, ...]


def run_backtest(
    counts: ArrayLike,
    years: ArrayLike,
    *,
    rules: BacktestRules,
    projection: ProjectionRules,
    pools: Sequence[Sequence[int]] | None = None,
) -> Backtest:
    """Forecast every area (row; NaN = missing) from every origin that has enough years before it.

    An area takes part at an origin with a count in that year and at least `min_train` among the last
    `max_train`. `pools[i]` are the rows of the peers of row i; None: all rows share one pool. A case in which
    some forecaster has nothing to say (a trend line of zeros only) is left out for all.
    """
    y, when = np.atleast_2d(as_counts(counts)), as_years(years)
    if y.shape[1] != when.size or (pools is not None and len(pools) != len(y)):
        raise MethodError(
            "counts, years and pools do not fit", todo="give one row an area, one column a year"
        )
    cases: list[_Case] = []
    for origin in when[:-1].astype(int).tolist():
        for area, projected in project_panel(
            y, when, origin=origin, rules=rules, projection=projection, pools=pools
        ):
            cases += _score_area(projected, area, y[area], when, rules)
    if not cases:
        raise MethodError(
            f"no origin has {rules.min_train} years before it and one after",
            todo="give longer series, or no forecast",
        )
    return _stack(cases)


def project_panel(
    counts: Floats,
    years: Floats,
    *,
    origin: int,
    rules: BacktestRules,
    projection: ProjectionRules,
    pools: Sequence[Sequence[int]] | None = None,
) -> Iterator[tuple[int, Projection]]:
    """Projections of all areas with enough years, from figures up to `origin` and nothing later."""
    window = (years > origin - rules.max_train) & (years <= origin)
    past = counts[:, window]
    trained = np.isfinite(past).sum(axis=1) >= rules.min_train
    if not trained.any() or years[window][-1] != origin:
        return
    panel = fit_drifts(past, years[window], origin=origin, rules=projection)
    shared = None if pools is not None else _pool(panel, np.flatnonzero(trained), projection)
    for area in np.flatnonzero(trained & np.isfinite(past[:, -1]) & panel.fits.converged).tolist():
        pool = shared if pools is None else _pool(panel, _among(pools[area], trained), projection)
        if pool is not None:
            yield area, project_row(panel, area, pool=pool, rules=projection)


def _among(members: Sequence[int], trained: Flags) -> Indices:
    rows = np.asarray(members, dtype=np.intp)
    return rows[trained[rows]]


def _pool(panel: DriftPanel, members: Indices, rules: ProjectionRules) -> GrowthPool | None:
    """None when the peers had too few years at this origin to show how series grow."""
    if int(panel.fits.converged[members].sum()) < 2:
        return None
    return estimate_growth(panel, rules=rules, members=members)


def _score_area(
    projected: Projection, area: int, counts: Floats, years: Floats, rules: BacktestRules
) -> list[_Case]:
    origin = projected.last_year
    target = float(np.floor(rules.target_ratio * projected.last_count))
    cases, known = [], dict[Forecaster, ForecastTable]()
    for horizon in range(1, rules.horizons_max + 1):
        found = counts[years == origin + horizon]
        if found.size and np.isfinite(found[0]):
            outcome = float(found[0])
            tables = [known.get(f) or _tabulate(projected, origin + horizon, f) for f in FORECASTERS]
            known = {f: tables[FORECASTERS.index(f)] for f in STEADY}
            chances = tuple(table.chance(target) for table in tables)
            scores = tuple(table.score(outcome) for table in tables)
            cases.append(_Case(area, origin, horizon, outcome, target, chances, scores))
    return cases


def _tabulate(projected: Projection, year: int, forecaster: Forecaster) -> ForecastTable:
    return tabulate_forecast(projected.law(year, forecaster))


def _stack(cases: Sequence[_Case]) -> Backtest:
    def of_scores(name: str) -> Floats:
        return as_floats([[getattr(score, name) for score in case.scores] for case in cases]).T

    return Backtest(
        forecasters=FORECASTERS,
        area=np.array([case.area for case in cases], dtype=np.intp),
        origin=np.array([case.origin for case in cases], dtype=np.intp),
        horizon=np.array([case.horizon for case in cases], dtype=np.intp),
        observed=as_floats([case.observed for case in cases]),
        target=as_floats([case.target for case in cases]),
        chance=as_floats([case.chances for case in cases]).T,
        crps=of_scores("crps"),
        log_score=of_scores("log_score"),
        pit_lower=of_scores("pit_lower"),
        pit_upper=of_scores("pit_upper"),
    )
