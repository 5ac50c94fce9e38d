"""What the monitor looks at: every series with monthly figures, as it was judged now and one month earlier."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ivp_analysis.data.build_facts import full_years
from ivp_analysis.data.opened import Build
from ivp_analysis.data.series import IndicatorSeries, open_build
from ivp_analysis.data.workspace import open_workspace
from ivp_analysis.errors import InputError, UsageError
from ivp_analysis.methods.ears import fit_ears
from ivp_analysis.methods.monitor import (
    MonitorRules,
    MonitorWord,
    Resolution,
    Signal,
    assess_latest,
    expected_false_signals,
)
from ivp_analysis.periods import parse_period
from ivp_analysis.registry import find_plan, load_registry
from ivp_analysis.registry.records import Indicator, Plan
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.analysis.months import MonthSeries, last_known, open_all_months, open_months
from ivp_analysis.report.forecast.forecasts import Outlook

STANDS_OUT = (MonitorWord.VERY_HIGH, MonitorWord.HIGH, MonitorWord.LOW, MonitorWord.VERY_LOW)


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """One indicator in one area up to its latest month. `before`: the judgement one month earlier, of the same
    figures. ears: whether C1, C2 and C3 give an alarm; None where months are too small to be judged one by one.
    """

    indicator: Indicator
    series: MonthSeries
    signal: Signal
    before: Signal
    ears: tuple[bool, ...] | None

    @property
    def stands_out(self) -> bool:
        """Whether the latest month (quarter, 12 months) is a signal."""
        return self.signal.word in STANDS_OUT

    @property
    def stood_out(self) -> bool:
        """Whether it was one a month ago."""
        return self.before.word in STANDS_OUT

    @property
    def is_same(self) -> bool:
        """Whether the signal of now is that of a month ago (a quarter that was complete then already)."""
        return self.stands_out and self.stood_out and self.span == self.span_before

    @property
    def span(self) -> tuple[str, ...]:
        """The months that the signal is about."""
        return span_of(self.series.months, self.signal.resolution)

    @property
    def span_before(self) -> tuple[str, ...]:
        """The months that the judgement of a month ago was about."""
        return span_of(self.series.months[:-1], self.before.resolution)


@dataclass(frozen=True)
class MonitorBook:
    """The monitor of one month. The analysis is of the last full year up to it: nothing later is used."""

    analysis: Analysis
    month: str
    _months: dict[str, IndicatorSeries] = field(default_factory=dict, repr=False)

    @cached_property
    def rules(self) -> MonitorRules:
        """The constants of monitoring."""
        return MonitorRules(**self.analysis.registry.method.group("monitor"))

    @cached_property
    def half(self) -> float:
        """What is added to a count for the uncertainty of its level."""
        return float(self.analysis.registry.method.group("projection")["half"])

    @cached_property
    def constants(self) -> dict[str, float]:
        """The constants of the page."""
        return {k: float(v) for k, v in self.analysis.registry.method.group("monitor_page").items()}

    @cached_property
    def outlook(self) -> Outlook:
        """What the targets need."""
        return Outlook(self.analysis)

    @cached_property
    def monthly(self) -> dict[str, IndicatorSeries]:
        """Months of every indicator that some source counts by month."""
        return open_all_months(self.analysis)

    @cached_property
    def latest(self) -> dict[str, str]:
        """The month that each indicator has come to; absent where it has no figure up to the month."""
        found = {i: last_known(series, self.month) for i, series in self.monthly.items()}
        return {indicator: month for indicator, month in found.items() if month is not None}

    @property
    def behind(self) -> dict[str, str]:
        """Indicators whose source lags too far behind to be watched, with their last month."""
        most = self.constants["max_lag"]
        return {i: m for i, m in self.latest.items() if months_between(m, self.month) > most}

    @property
    def not_monthly(self) -> list[Indicator]:
        """Indicators without monthly figures."""
        return [i for key, i in self.analysis.registry.indicators.items() if key not in self.latest]

    @cached_property
    def watched(self) -> list[Watched]:
        """Every area with every indicator, in the order of the plan and of the registry."""
        chosen = [i for i in self.latest if i not in self.behind]
        pairs = [(indicator, area) for area in self.analysis.areas for indicator in chosen]
        found = [watch_series(self, indicator, area) for indicator, area in pairs]
        return [one for one in found if one is not None]

    @property
    def signals(self) -> list[Watched]:
        """Those that stand out, the least likely first."""
        return sorted(
            (w for w in self.watched if w.stands_out), key=lambda w: min(w.signal.p_high, w.signal.p_low)
        )

    @property
    def budget(self) -> float:
        """False signals a year to expect where nothing happens."""
        return expected_false_signals([w.signal for w in self.watched])


def open_monitor(
    workspace: str = "", plan_id: str = "", reference_year: int = 0, month: str = ""
) -> MonitorBook:
    """Open a workspace for a month ("" = the last one with figures; of an earlier reference year its last).

    Without monthly figures the page has nothing to watch, and says so.
    """
    place = open_workspace(workspace or None)
    registry = load_registry(place.registry)
    plan, build = find_plan(registry, plan_id or None), open_build(place)
    held, years = held_months(build, plan), full_years(build.facts, plan.areas)
    if not years:
        raise UsageError(
            "no full year of figures", where=str(place.root), todo="take a table, then ivp build"
        )
    chosen = _choose(month, held) if month else _latest(held, years, reference_year)
    over = [year for year in years if f"{year}-12" <= chosen]
    if not over:
        first = f"{years[0]}-12"
        raise UsageError(f"no full year lies before {chosen}", where="month", todo=f"choose {first} or later")
    return MonitorBook(analyse(place, registry, plan.id, over[-1]), chosen)


def held_months(build: Build, plan: Plan) -> list[str]:
    """The months over which a municipality of the plan has a figure."""
    frame = build.observations
    mine = frame[frame["area_code"].isin(plan.areas).to_numpy() & frame["count"].notna().to_numpy()]
    periods = mine["period"].cat.remove_unused_categories().cat.categories
    return sorted(str(period) for period in periods if len(period) == 7)


def months_between(earlier: str, later: str) -> int:
    """From 2023-11 to 2024-02 are 3."""
    first, last = parse_period(earlier), parse_period(later)
    return 12 * (last.year - first.year) + (last.month or 1) - (first.month or 1)


def span_of(months: tuple[str, ...], resolution: Resolution) -> tuple[str, ...]:
    """The months behind a judgement as of the last of them: itself, the last whole quarter, or twelve."""
    if resolution == Resolution.MONTH:
        return months[-1:]
    if resolution == Resolution.TWELVE_MONTHS:
        return months[-12:]
    over = int(months[-1][5:]) % 3
    return months[: len(months) - over][-3:]


def _latest(held: list[str], years: list[int], reference_year: int) -> str:
    """The last month, also of a running year; for an earlier reference year the last of that year."""
    end = f"{reference_year or years[-1]}-12"
    earlier = bool(reference_year) and reference_year < years[-1]
    known = [month for month in held if month <= end or not earlier]
    return known[-1] if known else end


def _choose(month: str, held: list[str]) -> str:
    try:
        chosen = str(parse_period(month))
    except InputError as error:
        raise UsageError(error.what, where="month", todo="write it as 2024-03") from error
    if chosen not in held:
        todo = f"choose from {held[0]} to {held[-1]}" if held else "take a table with months, then ivp build"
        raise UsageError(f"no figures over {month}", where="month", todo=todo)
    return chosen


def watch_series(book: MonitorBook, indicator: str, area: Area) -> Watched | None:
    """One indicator in one area, now and a month ago; None where it has no figures."""
    series = open_months(book.analysis, book.monthly[indicator], area, book.latest[indicator])
    if series is None or len(series.months) < 2:
        return None
    signal, before = (_judge(book, series, drop) for drop in (0, 1))
    by_month = signal.resolution == Resolution.MONTH and np.isfinite(signal.expected)
    ears = fit_ears(series.counts).alarms() if by_month else None
    return Watched(book.analysis.registry.indicators[indicator], series, signal, before, ears)


def _judge(book: MonitorBook, series: MonthSeries, drop: int) -> Signal:
    """As of so many months before the latest."""
    end = len(series.months) - drop
    return assess_latest(
        series.counts[:end],
        first_month=series.first_month,
        rules=book.rules,
        half=book.half,
        covariates=series.breaks[:end],
    )
