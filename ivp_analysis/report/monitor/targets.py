"""The targets month by month: sums of 12 months on the path, and the running year beside last year and the path."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ivp_analysis.data.series import recipe_counts
from ivp_analysis.methods.predictive import Predictive
from ivp_analysis.methods.progress import Milestones
from ivp_analysis.methods.twelve_months import PathJudgement, judge_path, rolling_sums
from ivp_analysis.methods.year_to_date import (
    YearToDate,
    compare_year_to_date,
    project_year,
    seasonal_profile,
    share_elapsed,
)
from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.findings import NAN, Area
from ivp_analysis.report.analysis.months import Floats, MonthSeries, open_months
from ivp_analysis.report.monitor.watch import MonitorBook
from ivp_analysis.report.progress.assess import milestones_of, why_absent
from ivp_analysis.report.targets.setting import target_area, target_in_force, year_scatter
from ivp_analysis.report.targets.words import REASONS

MONTHS = 12


@dataclass(frozen=True, slots=True, eq=False)
class RunningYear:
    """The months of this year that have a figure. goal: the path at the end of the year; share: the part of a
    year that these months usually are. law: what the whole year may come to, None once it is complete.
    """

    year: int
    so_far: YearToDate
    goal: float
    share: float
    law: Predictive | None

    @property
    def goal_so_far(self) -> float:
        """What a year on the path would have counted in these months."""
        return self.goal * self.share

    @property
    def chance(self) -> float | None:
        """P(the year ends at or below the path)."""
        return None if self.law is None or math.isnan(self.goal) else float(self.law.cdf(self.goal))


@dataclass(frozen=True, slots=True, eq=False)
class WatchedTarget:
    """A target up to the month. absent: why nothing is said, "" if something is; else the rest is empty.

    sums: of 12 months at the end of each month of `series`; judged: the last of them beside the path.
    """

    target: Target
    area: Area
    absent: str
    series: MonthSeries | None = None
    sums: Floats | None = None
    judged: tuple[PathJudgement, ...] = ()
    running: RunningYear | None = None

    def sum_before(self, months: int) -> float:
        """The sum of 12 months as of so many months before the latest."""
        if self.sums is None or months >= self.sums.size:
            return NAN
        return float(self.sums[-1 - months])


def path_at(line: Milestones, when: float) -> float:
    """The straight path; the target itself after its year, NaN before the baseline."""
    return NAN if when < line.baseline_year else line.path(min(when, float(line.target_year)))


def watch_targets(book: MonitorBook) -> list[WatchedTarget]:
    """The targets that are counts; a survey has no months."""
    return [watch_target(book, target) for target in book.analysis.plan.targets if target.kind == "count"]


def watch_target(book: MonitorBook, adopted: Target) -> WatchedTarget:
    """Everything the monitor says of one target."""
    year = int(book.month[:4])
    value, target_year = target_in_force(adopted, year)
    target = replace(adopted, target=value, target_year=target_year)
    area = target_area(book.analysis, target)
    reason = why_absent(book.outlook, target, area)
    series = None if reason else _months(book, target, area)
    if series is None:
        return WatchedTarget(target, area, REASONS[reason] if reason else "deze bron heeft geen maandcijfers")
    dispersion, df = year_scatter(book.analysis, target.indicator, area)
    sums = rolling_sums(series.counts)
    line, p = milestones_of(target), book.constants["path_p"]
    judged = tuple(
        judge_path(float(total), path_at(line, _when(month)), dispersion=dispersion, p=p)
        for month, total in zip(series.months, sums, strict=True)
    )
    running = _running_year(book, target, series, dispersion, df)
    return WatchedTarget(target, area, "", series, sums, judged, running)


def _months(book: MonitorBook, target: Target, area: Area) -> MonthSeries | None:
    """Only of the source that the target is judged by."""
    monthly, yearly = book.monthly.get(target.indicator), book.analysis.series[target.indicator]
    if monthly is None or monthly.recipe != yearly.recipe or target.indicator not in book.latest:
        return None
    return open_months(book.analysis, monthly, area, book.latest[target.indicator])


def _when(month: str) -> float:
    """12 months up to December 2021 are the year 2021; up to the middle of 2022 they are 2021.5."""
    return int(month[:4]) - 1 + int(month[5:]) / MONTHS


def _running_year(
    book: MonitorBook, target: Target, series: MonthSeries, dispersion: float, df: float
) -> RunningYear:
    year = int(series.months[-1][:4])
    now, then = (_year(series, y) for y in (year, year - 1))
    confidence = float(book.analysis.registry.method.group("rates")["confidence"])
    so_far = compare_year_to_date(now, then, confidence=confidence, dispersion=dispersion, df=df)
    share = share_elapsed(_profile(book, target, year), now)
    total = float(np.nansum(now))
    partial = 0 < share < 1 - 1e-9
    law = project_year(total, share, half=book.half, dispersion=dispersion) if partial else None
    return RunningYear(year, so_far, path_at(milestones_of(target), year), share, law)


def _year(series: MonthSeries, year: int) -> Floats:
    """The twelve months of a year, NaN where there is no figure."""
    known = dict(zip(series.months, series.counts.tolist(), strict=True))
    return np.array([known.get(f"{year}-{month:02d}", NAN) for month in range(1, MONTHS + 1)])


def _profile(book: MonitorBook, target: Target, year: int) -> Floats:
    """The season, pooled over the plan's municipalities and their peers in the years before this one.

    Where their numbers are hidden it is that of their sum; without a complete year every month counts alike.
    """
    analysis = book.analysis
    recipe = analysis.series[target.indicator].recipe
    assert recipe is not None, "a series with figures has a recipe"
    found = recipe_counts(
        analysis.build, analysis.registry, target.indicator, recipe, analysis.compared, "month"
    )
    years = range(year - book.rules.years, year)
    wanted = [f"{y}-{month:02d}" for y in years for month in range(1, MONTHS + 1)]
    apart, together = found.counts.reindex(columns=wanted), found.total(target.areas).reindex(wanted)
    for counts in (apart.to_numpy(dtype=float), together.to_numpy(dtype=float)):
        by_year = counts.reshape(-1, MONTHS)
        if np.nansum(by_year[np.isfinite(by_year).all(axis=1)]) > 0:
            return seasonal_profile(by_year)
    return np.full(MONTHS, 1 / MONTHS)
