"""The words of the monitor in Dutch, as the rules of the methods earn them."""

from __future__ import annotations

from ivp_analysis.methods.monitor import MonitorWord, Resolution
from ivp_analysis.methods.twelve_months import PathWord
from ivp_analysis.periods import parse_period
from ivp_analysis.report.monitor.watch import Watched
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Verdict
from ivp_analysis.report.page.words import Direction, judge

SIGNAL_WORDS: dict[MonitorWord, tuple[str, str, Direction]] = {
    MonitorWord.VERY_HIGH: ("zeer opvallend hoog", "▲▲", "up"),
    MonitorWord.HIGH: ("opvallend hoog", "▲", "up"),
    MonitorWord.QUIET: ("niet opvallend", "■", "flat"),
    MonitorWord.LOW: ("opvallend laag", "▼", "down"),
    MonitorWord.VERY_LOW: ("zeer opvallend laag", "▼▼", "down"),
    MonitorWord.NOT_ASSESSABLE: ("niet te beoordelen", numbers.DASH, "unclear"),
}
PATH_WORDS: dict[PathWord, Verdict] = {
    PathWord.BELOW: Verdict("onder het pad", "✓", "good"),
    PathWord.AROUND: Verdict("rond het pad", "■", "unknown"),
    PathWord.ABOVE: Verdict("boven het pad", "▲", "bad"),
    PathWord.NOT_ASSESSABLE: Verdict("niet te beoordelen", numbers.DASH, "unknown"),
}
RESOLUTIONS: dict[Resolution, str] = {
    Resolution.MONTH: "per maand",
    Resolution.QUARTER: "per kwartaal",
    Resolution.TWELVE_MONTHS: "per 12 maanden",
}


def signal_verdict(watched: Watched, *, before: bool = False) -> Verdict:
    """The word of a judgement; whether that is good follows from the indicator's record."""
    signal = watched.before if before else watched.signal
    text, sign, direction = SIGNAL_WORDS[signal.word]
    return Verdict(text, sign, judge(direction, watched.indicator.polarity), _why_not(watched, before))


def _why_not(watched: Watched, before: bool) -> str:
    signal = watched.before if before else watched.signal
    if signal.word != MonitorWord.NOT_ASSESSABLE:
        return ""
    return "geen cijfer" if signal.count != signal.count else "te weinig maanden ervoor"


def name_span(span: tuple[str, ...]) -> str:
    """`maart 2024`, `1e kwartaal 2024`, `12 maanden t/m maart 2024`."""
    if len(span) == 3:
        last = parse_period(span[-1])
        return f"{(last.month or 3) // 3}e kwartaal {last.year}"
    if len(span) > 1:
        return f"12 maanden t/m {numbers.period(span[-1])}"
    return numbers.period(span[-1]) if span else numbers.DASH


def name_ears(alarms: tuple[bool, ...] | None) -> str:
    """Which of the three rules give an alarm."""
    if alarms is None:
        return ""
    found = [name for name, alarm in zip(("C1", "C2", "C3"), alarms, strict=True) if alarm]
    return ", ".join(found) or "geen"
