"""The tables of the monitor's signals: what stands out, what changed since last month, every series, the budget."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.monitor import MonitorWord, Resolution, Signal, expected_false_signals
from ivp_analysis.report.analysis.disclosure import is_protected, say_protected
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.analysis.months import MonthSeries
from ivp_analysis.report.monitor.watch import MonitorBook, Watched
from ivp_analysis.report.monitor.words import RESOLUTIONS, SIGNAL_WORDS, name_ears, name_span, signal_verdict
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case

_NO_EARS = Missing("te kleine aantallen per maand")
_USUAL = (
    "Gewoon: de aantallen die passen bij het seizoen en het verloop van de {years} jaar ervoor. Wat erbuiten valt, "
    "is opvallend."
)
_GONE = Missing("geen cijfer")
_INCOMPLETE = Missing("niet van elke maand een cijfer")


def tabulate_signals(book: MonitorBook) -> Table:
    """What stands out, by area, the least likely first."""
    columns = [
        Column("indicator", "Onderwerp"),
        Column("span", "Periode"),
        Column("count", "Aantal", format="count"),
        Column("expected", "Verwacht", format="decimal", digits=1),
        Column("usual", "Gewoon", format="range"),
        Column("word", "Oordeel", format="verdict"),
        Column("ears", "EARS"),
        Column("news", "Vorige maand"),
    ]
    order = [area.code for area in book.analysis.areas]
    found = sorted(book.signals, key=lambda w: order.index(w.series.area.code))
    return Table(
        caption=f"Wat opvalt in {numbers.period(book.month)}",
        columns=columns,
        rows=[
            {"area": w.series.area.name, **_judged(book, w), "ears": _ears(w), "news": _news(w)}
            for w in found
        ],
        notes=[
            _USUAL.format(years=book.rules.years),
            "EARS: een eenvoudiger methode als tweede mening; C1, C2 en C3 zijn de regels die afgaan.",
        ],
        id="signalen",
        group=Column("area", "Gebied"),
    )


def _judged(book: MonitorBook, watched: Watched) -> dict[str, Any]:
    signal = watched.signal
    known = math.isfinite(signal.expected)
    return {
        "indicator": sentence_case(watched.indicator.label),
        "span": name_span(watched.span),
        "count": _count(book, watched, signal.count),
        "expected": signal.expected if known else _GONE,
        "usual": (signal.lower, signal.upper) if known else _GONE,
        "word": signal_verdict(watched),
    }


def _count(book: MonitorBook, watched: Watched, count: float) -> Any:
    if math.isnan(count):
        return _GONE
    registry = book.analysis.registry
    return Missing(say_protected(registry)) if is_protected(registry, watched.series.source, count) else count


def _ears(watched: Watched) -> str | Missing:
    return _NO_EARS if watched.ears is None else name_ears(watched.ears)


def _news(watched: Watched) -> str:
    if watched.is_same:
        return "al gemeld"
    return "ook opvallend" if watched.stood_out else "nieuw"


def tabulate_changes(book: MonitorBook, changed: Sequence[Watched]) -> Table:
    """What became or ceased to be a signal since one month earlier."""
    columns = [
        Column("series", "Onderwerp"),
        Column("before", "Een maand eerder", format="verdict"),
        Column("span", "Nu gekeken naar"),
        Column("count", "Aantal", format="count"),
        Column("expected", "Verwacht", format="decimal", digits=1),
        Column("word", "Oordeel nu", format="verdict"),
    ]
    rows = [
        {
            **_judged(book, w),
            "series": f"{sentence_case(w.indicator.label)} in {w.series.area.in_words}",
            "before": signal_verdict(w, before=True),
        }
        for w in changed
    ]
    return Table(
        caption=f"Veranderd sinds {numbers.period(_month_before(book.month))}",
        columns=columns,
        rows=rows,
        notes=[
            "Beide oordelen komen uit de cijfers van nu. Wat de bron zelf herzag, staat op de pagina over bronnen "
            "en werkwijze."
        ],
        id="veranderd",
    )


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def tabulate_area(book: MonitorBook, area: Area) -> Table:
    """Every series of an area, with the year so far beside the same months of last year."""
    columns = [
        Column("indicator", "Onderwerp"),
        Column("span", "Periode"),
        Column("count", "Aantal", format="count"),
        Column("expected", "Verwacht", format="decimal", digits=1),
        Column("usual", "Gewoon", format="range"),
        Column("word", "Oordeel", format="verdict"),
        Column("ears", "EARS"),
        Column("now", "Dit jaar", "tot nu toe", format="count"),
        Column("then", "Vorig jaar", "zelfde maanden", format="count"),
    ]
    mine = [w for w in book.watched if w.series.area.code == area.code]
    return Table(
        caption=f"Alle reeksen van {area.in_words} in {numbers.period(book.month)}",
        columns=columns,
        rows=[{**_judged(book, w), "ears": _ears(w), **_years(book, w)} for w in mine],
        notes=[],
        id=f"reeksen-{area.slug}"[:40],
    )


def _years(book: MonitorBook, watched: Watched) -> dict[str, Any]:
    """No sum where a month is missing in either year, or not shown: a part of the year would pass for the whole."""
    last = watched.series.months[-1]
    known = dict(zip(watched.series.months, watched.series.counts.tolist(), strict=True))
    both = [
        (known.get(f"{last[:4]}-{m:02d}", math.nan), known.get(f"{int(last[:4]) - 1}-{m:02d}", math.nan))
        for m in range(1, int(last[5:]) + 1)
    ]
    now, then = (float(sum(year)) for year in zip(*both, strict=True))
    if math.isnan(now + then):
        return {"now": _INCOMPLETE, "then": _INCOMPLETE}
    return {"now": _count(book, watched, now), "then": _count(book, watched, then)}


def tabulate_budget(book: MonitorBook) -> Table:
    """How many series are watched how, and how many false signals that gives."""
    columns = [
        Column("area", "Gebied"),
        *(Column(r, sentence_case(text), "reeksen", format="count") for r, text in RESOLUTIONS.items()),
        Column("unknown", "Niet te beoordelen", "reeksen", format="count"),
        Column("budget", "Verwacht vals", "signalen per jaar", format="decimal", digits=1),
        Column("signals", "Signalen nu", format="count"),
    ]
    rows = []
    for area in book.analysis.areas:
        mine = [w for w in book.watched if w.series.area.code == area.code]
        rows.append({"area": area.name, **_tally(mine)})
    return Table(
        caption="Hoeveel valse signalen er te verwachten zijn",
        columns=columns,
        rows=rows,
        notes=[
            "Een vals signaal: een aantal dat opvalt terwijl er niets bijzonders is gebeurd. Reeksen overlappen "
            "elkaar (een mishandeling telt ook bij geweld); hun valse signalen vallen vaak samen."
        ],
        id="valse-signalen",
        total={"area": "Samen", **_tally(book.watched)},
    )


def _tally(watched: Sequence[Watched]) -> dict[str, Any]:
    judged = [w for w in watched if w.signal.word != MonitorWord.NOT_ASSESSABLE]
    by: Counter[Resolution] = Counter(w.signal.resolution for w in judged)
    return {
        **{r: by[r] for r in RESOLUTIONS},
        "unknown": len(watched) - len(judged),
        "budget": expected_false_signals([w.signal for w in watched]),
        "signals": sum(w.stands_out for w in watched),
    }


def tabulate_course(series: MonthSeries, signals: Sequence[Signal], title: str) -> Table:
    """What the drawing of a series shows: its last months, each as it was judged when it was the latest."""
    columns = [
        Column("month", "Maand", format="period"),
        Column("count", "Aantal", format="count"),
        Column("expected", "Verwacht", format="decimal", digits=1),
        Column("usual", "Gewoon", format="range"),
        Column("word", "Oordeel"),
    ]
    n = len(signals)
    rows = []
    for month, count, signal in zip(series.months[-n:], series.counts[-n:].tolist(), signals, strict=True):
        known = signal.resolution == Resolution.MONTH and math.isfinite(signal.expected)
        rows.append(
            {
                "month": month,
                "count": _GONE if math.isnan(count) else count,
                "expected": signal.expected if known else _GONE,
                "usual": (signal.lower, signal.upper) if known else _GONE,
                "word": SIGNAL_WORDS[signal.word][0] if known else Missing("niet per maand bekeken"),
            }
        )
    name = f"verloop-{series.area.slug[:12]}-{series.indicator.replace('_', '-')}"[:40].rstrip("-")
    return Table(caption=f"{title}: de cijfers", columns=columns, rows=rows, notes=[], id=name)
