"""Where each target of the plan stands in the reference year, and whether we can reproduce its baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import NAN
from ivp_analysis.report.page.words import Tone


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """A target with our figure of its baseline year and of the reference year (NaN = no figure)."""

    target: Target
    recomputed: float
    count: float
    reproduced: bool
    word: str
    sign: str
    tone: Tone


def assess_standings(analysis: Analysis) -> list[TargetStanding]:
    """The count targets of the plan, in its order. A survey target has no count and is left to its own report."""
    return [_standing(target, analysis) for target in analysis.plan.targets if target.kind == "count"]


def _standing(target: Target, analysis: Analysis) -> TargetStanding:
    finding = analysis.findings.get((target.indicator, analysis.region.code))
    recomputed = finding.count_in(target.baseline_year) if finding else NAN
    count = finding.count if finding else NAN
    word, sign, tone = _word(count, target, analysis.year)
    return TargetStanding(
        target, recomputed, count, _reproduced(recomputed, target, analysis), word, sign, tone
    )


def _reproduced(recomputed: float, target: Target, analysis: Analysis) -> bool:
    """Within max(3, 1 %) of the published baseline; never true of a figure that we do not have."""
    rules = analysis.registry.method.group("targets")
    tolerance = max(rules["baseline_tolerance_abs"], rules["baseline_tolerance_rel"] * target.baseline)
    return abs(recomputed - target.baseline) <= float(tolerance)


def _word(count: float, target: Target, year: int) -> tuple[str, str, Tone]:
    """Only what a count against its target can say: the chance of reaching it is not judged here."""
    if math.isnan(count):
        return "niet te beoordelen", "–", "unknown"
    if year >= target.target_year:
        return ("doel bereikt", "✓", "good") if count <= target.target else ("doel niet bereikt", "✗", "bad")
    if count <= target.target:
        return "nu onder streefwaarde", "✓", "good"
    return "nog boven streefwaarde", "▲", "neutral"
