"""Targets from a survey: shares with Wilson limits, and what they can and cannot say."""

from __future__ import annotations

from ivp_analysis.methods.progress import NoProgress, ProgressWord
from ivp_analysis.registry import breaks_for
from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.surveys import SurveyPoint, survey_change, survey_questions
from ivp_analysis.report.page import numbers
from ivp_analysis.report.targets.setting import target_in_force


def survey_points(analysis: Analysis, target: Target) -> list[SurveyPoint]:
    """The measurements up to the reference year, in order of time; one municipality, one question."""
    if len(target.areas) != 1:
        return []
    found = survey_questions(analysis, target.areas, [target.indicator])
    return list(found[0].points) if found else []


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
    first = _baseline(points, target)
    if (
        first is not None
        and first.compares_with(points[-1])
        and survey_change(analysis, first, points[-1]).lower > 0
    ):
        return ProgressWord.ABOVE_BASELINE, None
    return ProgressWord.NOT_ASSESSABLE, NoProgress.NO_FORECAST


def _baseline(points: list[SurveyPoint], target: Target) -> SurveyPoint | None:
    return next((p for p in points if p.year == target.baseline_year), None)


def survey_sentences(analysis: Analysis, target: Target) -> list[str]:
    """Every measurement with its margin, the change since the baseline, and whether the target can be seen."""
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
    measured = [
        f"In {p.year}: {numbers.percent(p.share.value)} van {numbers.count(p.share.n)} antwoorden "
        f"({margin} {numbers.percent_interval(p.share.lower, p.share.upper, 0)})."
        for p in points
    ]
    found.append(" ".join(measured))
    first = _baseline(points, target)
    final = next((p for p in points if p.year == target_year), None)
    if shown := final or first:
        inside = shown.share.lower <= value <= shown.share.upper
        found.append(
            f"Het doel ligt {'binnen' if inside else 'buiten'} de marge van de meting in {shown.year}"
            + (": een andere steekproef had het oordeel kunnen keren." if inside and final else ".")
        )
    if first is not None and points[-1].year > first.year:
        found += _say_change(analysis, target, first, points[-1], asked=target.baseline - value)
    return [*found, "Voor een verwachting of een kans zijn er te weinig metingen."]


def _say_change(
    analysis: Analysis, target: Target, first: SurveyPoint, last: SurveyPoint, *, asked: float
) -> list[str]:
    if not first.compares_with(last):
        return [
            f"De vraag of de werkwijze is sinds {first.year} veranderd; de metingen zijn niet met elkaar te vergelijken."
        ]
    change = survey_change(analysis, first, last)
    margin = numbers.margin(analysis.registry.method.group("rates")["confidence"])
    power = numbers.percent(analysis.registry.method.group("survey")["power"])
    verdict = "meer dan toeval" if change.is_certain else "dat kan toeval zijn"
    found = [
        f"Sinds {first.year}: {say_points(change.change)} ({margin} {say_limits(change.lower, change.upper)}); {verdict}."
    ]
    if change.detectable == change.detectable:
        found.append(
            f"Met enquêtes van deze omvang valt pas een daling van {_points(change.detectable)} procentpunt met {power} kans "
            f"op; het doel vraagt er {_points(asked)}."
        )
    for known in breaks_for(analysis.registry, indicator=target.indicator, source="survey"):
        if known.kind == "method" and str(first.year) < known.first[:4] <= str(last.year):
            found.append(f"{known.label} ({known.first[:4]}). {known.effect}")
    return found


def say_points(change: float) -> str:
    """`5,9 procentpunt lager`."""
    if change == 0:
        return "even hoog"
    return f"{_points(abs(change))} procentpunt {'hoger' if change > 0 else 'lager'}"


def say_limits(lower: float, upper: float) -> str:
    """`−11,9 tot +0,2`."""
    return f"{numbers.signed(100 * lower, 1)} tot {numbers.signed(100 * upper, 1)}"


def _points(share: float) -> str:
    return numbers.decimal(100 * share, 1)
