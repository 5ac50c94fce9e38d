"""Monthly counts of an area, and the known breaks in them as columns of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ivp_analysis.data.series import IndicatorSeries, indicator_counts
from ivp_analysis.periods import parse_period
from ivp_analysis.registry import breaks_for
from ivp_analysis.registry.records import SeriesBreak
from ivp_analysis.report.analysis.findings import Area

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MonthSeries:
    """Counts by month ("2023-04", no month left out; NaN = missing) and breaks (months x p) of one area."""

    indicator: str
    area: Area
    source: str
    months: tuple[str, ...]
    counts: Floats
    breaks: Floats

    @property
    def first_month(self) -> int:
        """The calendar month (1-12) of the first figure."""
        return int(self.months[0][5:])


def monthly_counts(analysis: Analysis, indicator: str) -> IndicatorSeries | None:
    """Months of the plan's municipalities from the source that has them; None where no source counts by month."""
    known: dict[str, IndicatorSeries] = analysis.shelf.setdefault("months", {})
    if indicator not in known:
        known[indicator] = indicator_counts(
            analysis.build, analysis.registry, indicator, analysis.plan.areas, "month"
        )
    return known[indicator] if known[indicator].counts.notna().to_numpy().any() else None


def open_all_months(analysis: Analysis) -> dict[str, IndicatorSeries]:
    """By indicator, those that a source counts by month."""
    found = {i: monthly_counts(analysis, i) for i in analysis.registry.indicators}
    return {i: series for i, series in found.items() if series is not None}


def last_known(series: IndicatorSeries, until: str) -> str | None:
    """The last month up to `until` with a figure for any municipality."""
    known = [month for month in series.counts.columns[series.counts.notna().any()] if month <= until]
    return str(known[-1]) if known else None


def open_months(analysis: Analysis, series: IndicatorSeries, area: Area, until: str) -> MonthSeries | None:
    """The months of an area from its first figure on; a missing municipality makes a sum missing."""
    total = series.total(area.members)
    total = total[[month <= until for month in total.index]]
    known = np.flatnonzero(total.notna())
    if not known.size:
        return None
    total = total.iloc[known[0] :]
    months = tuple(str(month) for month in total.index)
    source = series.source or ""
    columns = [
        _column(b, months) for b in breaks_for(analysis.registry, indicator=series.indicator, source=source)
    ]
    breaks = np.column_stack(columns) if columns else np.zeros((len(months), 0))
    return MonthSeries(series.indicator, area, source, months, total.to_numpy(dtype=float), breaks)


def _column(found: SeriesBreak, months: tuple[str, ...]) -> Floats:
    """1 from the break on, or while it lasts."""
    first = _month(found.first, "01")
    last = _month(found.last, "12") if found.last else "9999-12"
    return np.array([float(first <= month <= last) for month in months])


def _month(period: str, of_year: str) -> str:
    parsed = parse_period(period)
    return str(parsed) if parsed.month else f"{parsed}-{of_year}"
