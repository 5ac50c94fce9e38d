"""Where a target stands in the reference year: status, chance and its history, path, months, and elsewhere."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivp_analysis.data.series import indicator_counts
from ivp_analysis.methods.peer_change import PeerChange
from ivp_analysis.methods.progress import (
    Milestones,
    NoProgress,
    Progress,
    ProgressEvidence,
    ProgressFigures,
    ProgressRules,
    assess_progress,
    measure_progress,
)
from ivp_analysis.methods.twelve_months import is_durable, rolling_sums
from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import NAN, Area
from ivp_analysis.report.analysis.surveys import SurveyPoint
from ivp_analysis.report.forecast.forecasts import Floats, Forecast, Outlook, open_outlook
from ivp_analysis.report.forecast.peer_levels import compare_change
from ivp_analysis.report.targets.setting import target_area, target_in_force, year_scatter
from ivp_analysis.report.targets.surveys import judge_survey, survey_points


@dataclass(frozen=True, slots=True)
class TwelveMonths:
    """Sums of 12 months at the ends of the quarters of the reference year; durable: all of the last ones are
    at or below the target (None: a sum is missing).
    """

    sums: tuple[tuple[str, float], ...]
    durable: bool | None


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """One target as of the reference year. `target` carries the value in force; `adopted` the one first set.

    recomputed: our count of the baseline year. final: our count of the target year, NaN before it.
    history: per origin since the baseline the chance as it was then. elsewhere: up to the target year at most.
    """

    target: Target
    adopted: Target
    area: Area
    year: int
    years: tuple[int, ...]
    counts: tuple[float, ...]
    recomputed: float
    final: float
    status: Progress
    figures: ProgressFigures | None
    forecast: Forecast | None
    history: tuple[tuple[int, float], ...]
    elsewhere: PeerChange | None
    months: TwelveMonths | None
    survey: tuple[SurveyPoint, ...] = ()

    @property
    def count(self) -> float:
        """Our count of the reference year."""
        return self.counts[self.years.index(self.year)] if self.year in self.years else NAN

    @property
    def ended(self) -> bool:
        """Whether the target year is over."""
        return self.year >= self.target.target_year

    @property
    def judged_year(self) -> int:
        """The year that the status rests on."""
        return min(self.year, self.target.target_year)

    @property
    def judged(self) -> float:
        """The count that the status rests on: of the target year once it is over, else of the latest year."""
        return self.final if self.ended else self.count

    @property
    def chance(self) -> float | None:
        """P(met) as of the reference year; None without a forecast or after the target year."""
        return dict(self.history).get(self.year)


def assess_targets(analysis: Analysis) -> list[TargetProgress]:
    """Every target of the plan, in its order; judged once for all that ask for them in this process."""
    if "progress" not in analysis.shelf:
        outlook = open_outlook(analysis)
        analysis.shelf["progress"] = [assess_target_progress(outlook, t) for t in analysis.plan.targets]
    return list(analysis.shelf["progress"])


def assess_target_progress(outlook: Outlook, adopted: Target) -> TargetProgress:
    """Everything the progress report says of one target."""
    value, target_year = target_in_force(adopted, outlook.analysis.year)
    target = replace(adopted, target=value, target_year=target_year)
    if target.kind == "share":
        return _survey_progress(outlook, target, adopted)
    area = target_area(outlook.analysis, target)
    year, indicator = outlook.analysis.year, target.indicator
    years, counts = outlook.counts(indicator, area)
    months = _twelve_months(outlook, target, area)
    history = _history(outlook, adopted, area)
    latest, final = (outlook.count(indicator, area, y) for y in (year, target_year))
    scatter, df = year_scatter(outlook.analysis, indicator, area)
    evidence = ProgressEvidence(
        milestones=milestones_of(target),
        latest=latest,
        latest_year=year,
        at_target_year=final,
        chance=dict(history).get(year),
        dispersion=scatter,
        df=df,
        durable=months.durable if months else None,
        absent=why_absent(outlook, target, area),
    )
    rules = ProgressRules(**outlook.analysis.registry.method.group("progress"))
    status = assess_progress(evidence, rules)
    until = min(year, target_year)
    at = final if year >= target_year else latest
    known = not math.isnan(at) and until > target.baseline_year and evidence.absent is None
    return TargetProgress(
        target=target,
        adopted=adopted,
        area=area,
        year=year,
        years=years,
        counts=tuple(counts.tolist()),
        recomputed=outlook.count(indicator, area, target.baseline_year),
        final=final,
        status=status,
        figures=measure_progress(evidence.milestones, latest=at, latest_year=until) if known else None,
        forecast=outlook.forecast(indicator, area, year) if year < target_year else None,
        history=history,
        elsewhere=compare_change(outlook, indicator, area, target.baseline_year, until),
        months=months,
    )


def milestones_of(target: Target) -> Milestones:
    """From where and when, to where and when."""
    return Milestones(target.baseline, target.baseline_year, target.target, target.target_year)


def why_absent(outlook: Outlook, target: Target, area: Area) -> NoProgress | None:
    """Without a source, or with a baseline that is not the plan's, a count says nothing about the target."""
    if target.indicator not in outlook.analysis.series:
        return NoProgress.NO_SOURCE
    if outlook.analysis.year < target.baseline_year:
        return NoProgress.NO_COUNT
    ours = outlook.count(target.indicator, area, target.baseline_year)
    if math.isnan(ours):
        return NoProgress.NO_BASELINE
    rules = outlook.target_rules
    margin = max(rules.baseline_tolerance_abs, rules.baseline_tolerance_rel * target.baseline)
    return None if abs(ours - target.baseline) <= margin else NoProgress.NOT_REPRODUCIBLE


def _history(outlook: Outlook, adopted: Target, area: Area) -> tuple[tuple[int, float], ...]:
    """P(met) from each year since the baseline, of the target as it then stood, while its year was ahead."""
    found = []
    for origin in range(adopted.baseline_year, outlook.analysis.year + 1):
        value, target_year = target_in_force(adopted, origin)
        forecast = outlook.forecast(adopted.indicator, area, origin) if origin < target_year else None
        if forecast is not None:
            found.append((origin, forecast.projection.probability(value, target_year)))
    return tuple(found)


def _twelve_months(outlook: Outlook, target: Target, area: Area) -> TwelveMonths | None:
    """From monthly figures of the same source as the yearly ones; None when there are none."""
    analysis = outlook.analysis
    series = analysis.series.get(target.indicator)
    if series is None:
        return None
    monthly = indicator_counts(analysis.build, analysis.registry, target.indicator, area.members, "month")
    if monthly.recipe != series.recipe or not len(monthly.counts.columns):
        return None
    total = monthly.total(area.members)
    total = total[[period <= f"{analysis.year}-12" for period in total.index]]
    if not len(total) or total.index[-1] != f"{analysis.year}-12":
        return None
    values: Floats = total.to_numpy(dtype=float)
    rules = ProgressRules(**analysis.registry.method.group("progress"))
    sums = dict(zip(total.index, rolling_sums(values).tolist(), strict=True))
    ends = [f"{analysis.year}-{month:02d}" for month in (3, 6, 9, 12)]
    durable = is_durable(values, target.target, quarters=rules.durable_quarters)
    return TwelveMonths(tuple((end, sums[end]) for end in ends if end in sums), durable)


def _survey_progress(outlook: Outlook, target: Target, adopted: Target) -> TargetProgress:
    points = tuple(survey_points(outlook.analysis, target))
    word, reason = judge_survey(outlook.analysis, target)
    return TargetProgress(
        target=target,
        adopted=adopted,
        area=target_area(outlook.analysis, target),
        year=outlook.analysis.year,
        years=tuple(p.year for p in points),
        counts=tuple(p.share.value for p in points),
        recomputed=next((p.share.value for p in points if p.year == target.baseline_year), NAN),
        final=next((p.share.value for p in points if p.year == target.target_year), NAN),
        status=Progress(word, reason, None, NAN),
        figures=None,
        forecast=None,
        history=(),
        elsewhere=None,
        months=None,
        survey=points,
    )


def most_common(years: Iterable[int]) -> int:
    """The year that most targets share."""
    return Counter(years).most_common(1)[0][0]
