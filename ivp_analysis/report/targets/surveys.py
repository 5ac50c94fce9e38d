"""Targets from a survey: shares with Wilson limits, and what they can and cannot say."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ivp_analysis.methods.progress import NoProgress, ProgressWord
from ivp_analysis.methods.rates import Share, wilson_share
from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page import numbers
from ivp_analysis.report.targets.setting import target_in_force


@dataclass(frozen=True, slots=True)
class SurveyPoint:
    """One measurement with its limits."""

    year: int
    share: Share


def survey_points(analysis: Analysis, target: Target) -> list[SurveyPoint]:
    """The measurements up to the reference year, in order of time; one municipality, one question."""
    frame = analysis.build.survey
    mine = frame[
        (frame["question"] == target.indicator).to_numpy() & frame["area_code"].isin(target.areas).to_numpy()
    ]
    confidence = float(analysis.registry.method.group("rates")["confidence"])
    rows = mine.sort_values("year").to_dict("records")
    points = [_point(row, confidence) for row in rows if int(row["year"]) <= analysis.year]
    return points if len(target.areas) == 1 else []


def _point(row: Mapping[Hashable, Any], confidence: float) -> SurveyPoint:
    """Without a design effect in the delivery the answers count as drawn by simple chance."""
    effect = float(row["design_effect"])
    share = wilson_share(
        float(row["share"]),
        float(row["n"]),
        confidence=confidence,
        design_effect=effect if effect == effect else 1.0,
    )
    return SurveyPoint(int(row["year"]), share)


def judge_survey(analysis: Analysis, target: Target) -> tuple[ProgressWord, NoProgress | None]:
    """The table of progress for a share; a survey has too few measurements for a forecast."""
    points = survey_points(analysis, target)
    value, target_year = target_in_force(target, analysis.year)
    if not points:
        return ProgressWord.NOT_ASSESSABLE, NoProgress.NO_SOURCE
    if analysis.year >= target_year:
        final = next((p for p in points if p.year == target_year), None)
        if final is None:
            return ProgressWord.NOT_ASSESSABLE, NoProgress.NO_COUNT
        return (ProgressWord.MET if final.share.value <= value else ProgressWord.MISSED), None
    if points[-1].share.value <= value:
        return ProgressWord.BELOW_TARGET_NOW, None
    first = next((p for p in points if p.year == target.baseline_year), None)
    if first is not None and _rose(first.share, points[-1].share):
        return ProgressWord.ABOVE_BASELINE, None
    return ProgressWord.NOT_ASSESSABLE, NoProgress.NO_FORECAST


def _rose(before: Share, after: Share) -> bool:
    """The difference is above 0 by Newcombe's (1998) interval, made of the two Wilson intervals."""
    down = np.hypot(after.value - after.lower, before.upper - before.value)
    return bool(after.value - before.value > down)


def survey_sentences(analysis: Analysis, target: Target) -> list[str]:
    """Every measurement with its margin, and whether the target differs from the baseline by more than that."""
    points = survey_points(analysis, target)
    if not points:
        return [
            "De enquête van de gemeente ontbreekt in deze gegevens. Dit doel is daarom niet te beoordelen."
        ]
    value, target_year = target_in_force(target, analysis.year)
    margin = numbers.margin(analysis.registry.method.group("rates")["confidence"])
    found = [
        f"Het doel is hoogstens {numbers.percent(value)} in {target_year}; het uitgangspunt was "
        f"{numbers.percent(target.baseline)} in {target.baseline_year}."
    ]
    found += [
        f"In {p.year}: {numbers.percent(p.share.value)} van {numbers.count(p.share.n)} antwoorden "
        f"({margin} {numbers.percent_interval(p.share.lower, p.share.upper, 0)})."
        for p in points
    ]
    first = next((p for p in points if p.year == target.baseline_year), None)
    if first is not None:
        inside = first.share.lower <= value <= first.share.upper
        place = "binnen" if inside else "buiten"
        found.append(f"Het doel ligt {place} de marge van de meting in {first.year}.")
    found.append("Voor een verwachting of een kans zijn er te weinig metingen.")
    return found
