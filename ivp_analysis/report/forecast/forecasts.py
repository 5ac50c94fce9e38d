"""What may be expected of each indicator in each area, from the figures up to an origin and nothing later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ivp_analysis.methods.backtest import BacktestRules, project_panel
from ivp_analysis.methods.candidates import TargetRules
from ivp_analysis.methods.growth import ProjectionRules
from ivp_analysis.methods.projection import Projection
from ivp_analysis.methods.region_sums import made_regions
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.assess import Panel, open_panel
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """A projection of one indicator in one area, made with what was known at the end of `origin`.

    n_series: how many series (municipalities, or sums of them for a region) showed how levels wander and drift;
    own_pool: no comparable municipality has figures (a delivery), so that the plan's municipalities stand in.
    """

    indicator: str
    area: Area
    origin: int
    projection: Projection
    n_series: int
    own_pool: bool


@dataclass(frozen=True)
class Outlook:
    """All forecasts of one analysis, each made once. No forecast (None) has fewer years than the backtest."""

    analysis: Analysis
    _panels: dict[str, Panel] = field(default_factory=dict, repr=False)
    _found: dict[tuple[str, str, int], Forecast | None] = field(default_factory=dict, repr=False)

    @cached_property
    def rules(self) -> ProjectionRules:
        """The constants of the projection."""
        return ProjectionRules(**self.analysis.registry.method.group("projection"))

    @cached_property
    def backtest_rules(self) -> BacktestRules:
        """The constants of the backtest; a forecast is trained as the backtest trains its own."""
        return BacktestRules(**self.analysis.registry.method.group("backtest"))

    @cached_property
    def target_rules(self) -> TargetRules:
        """The constants of the targets."""
        return TargetRules(**self.analysis.registry.method.group("targets"))

    def panel(self, indicator: str) -> Panel | None:
        """The counts of the plan's municipalities and their peers; None without any figure."""
        if indicator not in self.analysis.series:
            return None
        if indicator not in self._panels:
            self._panels[indicator] = open_panel(self.analysis, self.analysis.series[indicator])
        return self._panels[indicator]

    def counts(self, indicator: str, area: Area) -> tuple[tuple[int, ...], Floats]:
        """Years and counts of an area up to the reference year; a missing municipality makes a sum missing."""
        panel = self.panel(indicator)
        if panel is None:
            return (), np.zeros(0)
        known = [i for i, year in enumerate(panel.years) if year <= self.analysis.year]
        total = panel.total(area.members)
        return tuple(panel.years[i] for i in known), total[known]

    def count(self, indicator: str, area: Area, year: int) -> float:
        """The count of a year, NaN when it is missing or after the reference year."""
        years, counts = self.counts(indicator, area)
        return float(counts[years.index(year)]) if year in years else float("nan")

    def forecast(self, indicator: str, area: Area, origin: int) -> Forecast | None:
        """The forecast from `origin`; None where that year has no count or too few years came before it."""
        key = (indicator, area.code, origin)
        if key not in self._found:
            self._found[key] = _project(self, indicator, area, origin)
        return self._found[key]


def open_outlook(analysis: Analysis) -> Outlook:
    """The forecasts of an analysis, shared by all that ask for them in this process."""
    found: Outlook = analysis.shelf.setdefault("outlook", Outlook(analysis))
    return found


def rows_of(panel: Panel, codes: Sequence[str]) -> list[int]:
    """Where these municipalities stand in the panel."""
    return panel.rows(codes)


def like_areas(panel: Panel, area: Area) -> list[list[int]]:
    """Rows of what is like the area, as far as there are figures: its peers, or sums of its municipalities' peers.

    A sum wanders less than one municipality, but more than as many independent ones: only sums can tell.
    """
    rows = rows_of(panel, area.members)
    peers = [[peer for peer in panel.pools[row] if np.isfinite(panel.counts[peer]).any()] for row in rows]
    if len(rows) == 1:
        return [[peer] for peer in sorted(peers[0])]
    return [group.tolist() for group in made_regions(rows, peers)]


def sums_of(panel: Panel, groups: Sequence[Sequence[int]]) -> Floats:
    """Counts of each group, a row a group; a missing municipality makes a sum missing."""
    return np.array([panel.counts[list(group)].sum(axis=0) for group in groups])


def _project(outlook: Outlook, indicator: str, area: Area, origin: int) -> Forecast | None:
    """The area is one series, its sum; its pool is what is like it, by the very steps that the backtest takes.

    Level and drift variance come from this indicator, not from its group as a whole: between indicators of one group the level variance
    differs more than tenfold, and a mean over the group would fit none of them.
    """
    panel = outlook.panel(indicator)
    if panel is None:
        return None
    like = like_areas(panel, area)
    pool = like or [[row] for row in range(len(outlook.analysis.plan.areas))]
    pools: list[Sequence[int]] = [range(1, len(pool) + 1), *([()] * len(pool))]
    found = dict(
        project_panel(
            np.vstack([panel.total(area.members), sums_of(panel, pool)]),
            np.array(panel.years, dtype=np.float64),
            origin=origin,
            rules=outlook.backtest_rules,
            projection=outlook.rules,
            pools=pools,
        )
    )
    if 0 not in found:
        return None
    return Forecast(indicator, area, origin, found[0], found[0].pool.n_series, not like)


def expected_columns(forecast: Forecast) -> tuple[Column, Column]:
    """What is expected and its margin, as every table shows them."""
    margin = numbers.margin(forecast.projection.rules.interval)
    return (
        Column("median", "Verwacht", "aantal", format="count"),
        Column("range", margin, "aantal", format="range"),
    )
