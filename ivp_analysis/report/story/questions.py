"""What the figures of the reference year ask of the analyst: peaks, months far from their season, sudden breaks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ivp_analysis.methods.monitor import MonitorRules
from ivp_analysis.methods.peaks import MONTHS, Peak, PeakKind, PeakRules, find_peaks
from ivp_analysis.registry.records import Indicator
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.disclosure import is_protected
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.analysis.months import monthly_counts, open_months
from ivp_analysis.report.page import numbers
from ivp_analysis.report.wording.tabulate import sentence_case

FAR = (PeakKind.FAR_ABOVE, PeakKind.FAR_BELOW)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A peak of one indicator, with its month ("2023-05")."""

    indicator: Indicator
    month: str
    peak: Peak


def ask_questions(analysis: Analysis, area: Area, indicators: Collection[str]) -> list[AskedQuestion]:
    """Of these indicators in the reference year; without all its months nothing is asked."""
    return [q for i in indicators for q in _ask(analysis, area, analysis.registry.indicators[i])]


def _ask(analysis: Analysis, area: Area, indicator: Indicator) -> Iterator[AskedQuestion]:
    last = f"{analysis.year}-12"
    monthly = monthly_counts(analysis, indicator.id)
    series = open_months(analysis, monthly, area, last) if monthly is not None else None
    if series is None or series.months[-1] != last or len(series.months) < MONTHS:
        return
    peaks = find_peaks(
        series.counts,
        rules=PeakRules(**analysis.registry.method.group("peaks")),
        monitor=MonitorRules(**analysis.registry.method.group("monitor")),
        covariates=series.breaks,
    )
    busy = {p.month for p in peaks if p.kind == PeakKind.BUSY}
    for peak in peaks:
        # A month with a third of its year is far from its season too: one question is enough.
        told = peak.kind in FAR and peak.month in busy
        if not told and not is_protected(analysis.registry, series.source, peak.count):
            yield AskedQuestion(indicator, series.months[peak.month - MONTHS], peak)


def say_question(question: AskedQuestion) -> str:
    """The finding, and what only people know."""
    label, month, peak = (
        sentence_case(question.indicator.label),
        numbers.period(question.month),
        question.peak,
    )
    count = numbers.count(peak.count)
    if peak.kind == PeakKind.BUSY:
        return f"{label}: {count} in {month}, {numbers.percent(peak.size)} van het hele jaar. Wat gebeurde er toen?"
    if peak.kind in FAR:
        usual = numbers.decimal(peak.expected, 0)
        return (
            f"{label}: {count} in {month}; gewoon voor die maand was ongeveer {usual}. Wat gebeurde er toen?"
        )
    way = "meer" if peak.kind == PeakKind.BREAK_UP else "minder"
    times = numbers.decimal(peak.size, 1)
    return (
        f"{label}: vanaf {month} {way} dan het seizoen en het verloop ervoor deden verwachten (ongeveer {times} keer zo veel). "
        "Wat veranderde er?"
    )
