"""The plan's table "accenten veiligheidsbeeld" made again from the figures, so that the next plan starts from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.ledger import Verdict
from ivp_analysis.methods.trend_words import UNTESTED, TrendWord
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.ledger.ledger import Ledger
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Bullets, Column
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.page.words import TREND_WORDS
from ivp_analysis.report.wording.trend import join_words

_TRENDS = (
    TrendWord.STRONG_DECREASE, TrendWord.DECREASE, TrendWord.SLIGHT_DECREASE, TrendWord.STABLE,
    TrendWord.SLIGHT_INCREASE, TrendWord.INCREASE, TrendWord.STRONG_INCREASE,
)  # fmt: skip
_LEVELS = {"up": "relatief veel", "down": "relatief weinig"}


def tabulate_accents(ledger: Ledger, field: str) -> Table:
    """One safety field in the plan's own form: its areas, what the figures accent, what figures do not tell."""
    analysis = ledger.analysis
    label = analysis.registry.fields[field].label
    columns = [
        Column("area", "Gebied"),
        Column("picture", "Accenten veiligheidsbeeld", f"uit de cijfers tot en met {analysis.year}"),
        Column("words", "Niet uit deze cijfers", "uit het vorige plan, opnieuw te beoordelen"),
        Column("approach", "Accenten lopende aanpak", "uit het vorige plan, opnieuw te beoordelen"),
    ]
    areas = [analysis.region, *(area for area in analysis.areas if not area.is_region)]
    rows = [_row(ledger, area, field) for area in areas]
    return Table(
        caption=f"Accenten voor een volgend plan: {label[:1].lower()}{label[1:]}",
        columns=columns,
        rows=[row for row in rows if any(cell.items for cell in list(row.values())[1:])],
        notes=[_note(ledger)],
        id=f"accenten-veld-{field}",
    )


def _note(ledger: Ledger) -> str:
    rules = ledger.analysis.benchmark_rules
    level = numbers.years(ledger.analysis.year - rules.years + 1, ledger.analysis.year)
    return (
        f"Een trend gaat over hoogstens {ledger.analysis.trend_rules.window_years} jaar; relatief veel of weinig "
        f"geldt per inwoner in {level}, naast vergelijkbare gemeenten. Wat gelijk bleef of geen zekere richting "
        "heeft, staat er alleen als het vorige plan er iets over zei."
    )


def _row(ledger: Ledger, area: Area, field: str) -> dict[str, Any]:
    entries, plan = ledger.of(area, field), ledger.analysis.plan
    kept = [e.statement.quote for e in entries if e.now.verdict is Verdict.UNTESTABLE]
    approach = [a.quote for a in plan.approaches if (a.area, a.field) == (area.code, field)]
    return {
        "area": area.name if area.is_region else f"Opvallend in {area.name}",
        "picture": Bullets(tuple(say_accents(ledger, area, field))),
        "words": Bullets(tuple(dict.fromkeys(kept))),
        "approach": Bullets(tuple(approach)),
    }


def say_accents(ledger: Ledger, area: Area, field: str) -> list[str]:
    """What stands out in an area: certain trends, certain levels, and what the plan named but no figure settles."""
    analysis = ledger.analysis
    findings = analysis.findings_of(area, field)
    named = {e.statement.indicator for e in ledger.of(area, field) if e.is_claim}
    # What stayed as it was is an accent only where the plan said something of it.
    moved = [f for f in findings if f.trend.word is not TrendWord.STABLE or f.indicator.id in named]
    found = [_listed(TREND_WORDS[word].text, [f for f in moved if f.trend.word == word]) for word in _TRENDS]
    level = {f.indicator.id: analysis.benchmarks[f.indicator.id, area.code].word.direction for f in findings}
    found += [
        _listed(word, [f for f in findings if level[f.indicator.id] == direction])
        for direction, word in _LEVELS.items()
    ]
    unsettled = [f for f in findings if f.indicator.id in named and f.trend.word not in _TRENDS]
    tested = [f for f in unsettled if f.trend.word not in UNTESTED]
    found.append(_listed("geen zekere richting", tested))
    found.append(_listed("te weinig cijfers voor een richting", [f for f in unsettled if f not in tested]))
    return [line for line in found if line]


def _listed(word: str, findings: Sequence[Finding]) -> str:
    return f"{word}: {join_words([f.indicator.label for f in findings])}" if findings else ""
