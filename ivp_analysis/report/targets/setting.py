"""How a target is set: what was known at an origin, the five candidates, and what each of them asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ivp_analysis.methods.candidates import (
    Baseline,
    Candidate,
    CandidateTarget,
    PeerRates,
    make_baseline,
    propose_targets,
)
from ivp_analysis.methods.coherence import Ask, Coherence, assess_coherence
from ivp_analysis.methods.projection import PathPoint
from ivp_analysis.methods.targets import TargetAssessment, assess_target
from ivp_analysis.registry.records import Indicator, Plan, Target
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.forecast.forecasts import Forecast, Outlook
from ivp_analysis.report.forecast.peer_levels import open_peer_rates
from ivp_analysis.report.wording.trend import join_words


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate, or the value that the plan chose (None), with what it asks; no value: not to be had."""

    candidate: Candidate | None
    proposal: CandidateTarget | None
    assessment: TargetAssessment | None


@dataclass(frozen=True, slots=True)
class View:
    """From when to when, starting from which year's count; value: what the plan chose, None for a new target."""

    target: Target | None
    origin: int
    target_year: int
    start: int
    ambition: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One target, or an indicator without one, as seen from `view.origin`."""

    indicator: Indicator
    area: Area
    view: View
    baseline: Baseline
    forecast: Forecast
    peer_rates: PeerRates | None
    options: tuple[Option, ...]

    @property
    def origin(self) -> int:
        """The last year that was known."""
        return self.view.origin

    @property
    def target_year(self) -> int:
        """The year that the target is for."""
        return self.view.target_year

    @property
    def target(self) -> Target | None:
        """The target of the plan, if the indicator has one."""
        return self.view.target

    @property
    def expected(self) -> PathPoint:
        """The projection of the target year: candidate A with its interval."""
        return self.forecast.projection.path([self.target_year])[0]

    @property
    def chosen(self) -> TargetAssessment | None:
        """What the plan's own value asks; None where this view sets a new one."""
        return next((o.assessment for o in self.options if o.candidate is None), None)

    def option(self, candidate: Candidate) -> Option:
        """One of the five."""
        return next(o for o in self.options if o.candidate == candidate)


def target_area(analysis: Analysis, target: Target) -> Area:
    """The area of a target: the region, a municipality, or some of them together."""
    if set(target.areas) == set(analysis.plan.areas):
        return analysis.region
    if len(target.areas) == 1:
        return analysis.area(target.areas[0])
    names = join_words([analysis.area(code).name for code in target.areas])
    return Area("+".join(target.areas), names, target.id.replace("_", "-"), target.areas)


def target_in_force(target: Target, year: int) -> tuple[float, int]:
    """Value and year of the target as the last council decision up to the end of `year` left it."""
    decided = [a for a in target.amendments if a.decided_on.year <= year]
    last = max(decided, key=lambda a: a.decided_on, default=None)
    return (target.target, target.target_year) if last is None else (last.target, last.target_year)


def next_target_year(plan: Plan, origin: int) -> int:
    """The last year of the plan that runs after `origin`: this plan's, or that of the next of equal length."""
    length, end = plan.last_year - plan.first_year + 1, plan.last_year
    while end <= origin:
        end += length
    return end


def assess_setting(outlook: Outlook, target: Target, origin: int) -> Setting | None:
    """A target as of an origin; None without a forecast from there.

    Until the target year the plan's own value stands beside the candidates. From then on the view sets the
    next target, with the plan's relative fall as its ambition.
    """
    analysis, (value, target_year) = outlook.analysis, target_in_force(target, origin)
    area = target_area(analysis, target)
    fall = 1 - target.target / target.baseline if target.baseline > 0 else None
    if origin < target_year:
        view = View(target, origin, target_year, target.baseline_year, fall, value)
    else:
        view = View(target, origin, next_target_year(analysis.plan, origin), origin, fall, None)
    return _assess(outlook, target.indicator, area, view)


def assess_open_indicator(
    outlook: Outlook, indicator: str, origin: int, *, target_year: int | None = None
) -> Setting | None:
    """The same for an indicator of the region without a target, by default for the next plan's last year."""
    until = target_year or next_target_year(outlook.analysis.plan, origin)
    view = View(None, origin, until, origin, None, None)
    return _assess(outlook, indicator, outlook.analysis.region, view)


def _assess(outlook: Outlook, indicator: str, area: Area, view: View) -> Setting | None:
    forecast, baseline = (
        outlook.forecast(indicator, area, view.origin),
        _baseline(outlook, indicator, area, view),
    )
    if forecast is None or baseline is None:
        return None
    rates = open_peer_rates(outlook, indicator, area, view.origin)
    rules, years = outlook.target_rules, view.target_year
    scatter, df = year_scatter(outlook.analysis, indicator, area)
    proposals = propose_targets(
        baseline,
        forecast.projection,
        target_year=years,
        rules=rules,
        peer_rates=rates,
        ambition=view.ambition,
    )

    def weigh(value: float | None) -> TargetAssessment | None:
        if value is None:
            return None
        projection = forecast.projection
        return assess_target(
            value,
            baseline,
            projection,
            target_year=years,
            rules=rules,
            peer_rates=rates,
            scatter=scatter,
            df=df,
        )

    options = [Option(p.candidate, p, weigh(p.value)) for p in proposals]
    if view.value is not None:
        options.append(Option(None, None, weigh(view.value)))
    record = outlook.analysis.registry.indicators[indicator]
    return Setting(record, area, view, baseline, forecast, rates, tuple(options))


def year_scatter(analysis: Analysis, indicator: str, area: Area) -> tuple[float, float]:
    """What multiplies the Poisson variance of a year's count, with its df; chance alone where it is not known.

    Some of the plan's municipalities together are judged as the first of them.
    """
    finding = analysis.findings.get((indicator, area.code))
    finding = finding or analysis.findings.get((indicator, area.members[0]))
    if finding is None or not (np.isfinite(finding.trend.scatter) and finding.trend.df > 0):
        return 1.0, np.inf
    return max(finding.trend.scatter, 1.0), finding.trend.df


def _baseline(outlook: Outlook, indicator: str, area: Area, view: View) -> Baseline | None:
    """Our count of the start, with the plan's own where it names one; None without any figure of that year."""
    years, counts = outlook.counts(indicator, area)
    if view.start not in years or not np.isfinite(counts[years.index(view.start)]):
        return None
    found = make_baseline(counts, years, year=view.start)
    if view.target is None or view.start != view.target.baseline_year:
        return found
    return replace(found, count=view.target.baseline)


@dataclass(frozen=True, slots=True)
class Nesting:
    """A target with the targets that are parts of it, and what they leave for the rest.

    possible: targets of the same group of which the registry does not know whether they are counted in the
    whole; with_possible is the reading in which they are.
    """

    whole: Target
    parts: tuple[Target, ...]
    coherence: Coherence
    possible: tuple[Target, ...]
    with_possible: Coherence | None


def assess_nestings(analysis: Analysis) -> list[Nesting]:
    """Every target of which others of the plan are parts, over the same areas and years."""
    found = []
    for whole in analysis.plan.targets:
        parts = tuple(t for t in analysis.plan.targets if _is_part(analysis, t, whole))
        if parts:
            others = tuple(t for t in analysis.plan.targets if _may_be_part(analysis, t, whole))
            second = _cohere(whole, (*parts, *others)) if others else None
            found.append(Nesting(whole, parts, _cohere(whole, parts), others, second))
    return found


def _cohere(whole: Target, parts: Sequence[Target]) -> Coherence:
    asks = [Ask(part.baseline, part.target) for part in parts]
    return assess_coherence(Ask(whole.baseline, whole.target), asks)


def _same_frame(part: Target, whole: Target) -> bool:
    return part.kind == whole.kind == "count" and (part.areas, part.baseline_year, part.target_year) == (
        whole.areas,
        whole.baseline_year,
        whole.target_year,
    )


def _may_be_part(analysis: Analysis, part: Target, whole: Target) -> bool:
    """Of the same group, and part of nothing by the registry."""
    own, other = (analysis.registry.indicators[t.indicator] for t in (part, whole))
    free = part.id != whole.id and not own.part_of and own.group == other.group
    return free and _same_frame(part, whole) and part.baseline <= whole.baseline


def _is_part(analysis: Analysis, part: Target, whole: Target) -> bool:
    """Within the whole by the registry, and not within another part of it that has a target too."""
    records = analysis.registry.indicators
    inside = whole.indicator in records[part.indicator].part_of
    between = any(
        t.indicator in records[part.indicator].part_of and whole.indicator in records[t.indicator].part_of
        for t in analysis.plan.targets
    )
    return inside and not between and _same_frame(part, whole)
