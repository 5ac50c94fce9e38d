"""The backtest as readers see it: a table of cards, the rivals, and whether chances and margins came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.skill import SkillCard, assess_skill
from ivp_analysis.report.figures import draw_calibration
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.forecast.skill_cards import CALIBRATION_WORDS, FORECASTER_NAMES, Skill, SkillBook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column
from ivp_analysis.report.page.pieces import Figure
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case


def tabulate_cards(book: SkillBook, *, sums: bool = False) -> Table:
    """Every tested indicator and how many years ahead: its skill card in one row; of single municipalities or sums."""
    area = book.outlook.analysis.region if sums else None
    interval, wide = book.outlook.rules.interval, book.outlook.backtest_rules.wide_interval
    columns = [
        Column("horizon", "Vooruit"),
        Column("n", "Proeven", "aantal", format="count"),
        Column("origins", "Beginjaren"),
        Column("held", f"Binnen {numbers.percent(interval)}", format="percent"),
        Column("wide", f"Binnen {numbers.percent(wide)}", format="percent"),
        Column("gain", "Winst", "op vorig jaar", format="signed_percent"),
        Column("brier", "Brier", format="decimal", digits=2),
        Column("word", "Kalibratie"),
    ]
    rows = [
        {"indicator": sentence_case(skill.label), **_card_row(card)}
        for skill in (book.skill(indicator, area) for indicator in (book.sums if sums else book.tests))
        for card in skill.cards.values()
    ]
    notes = [
        "Winst: hoeveel dichter de verwachting bij de uitkomst zat dan 'zelfde als vorig jaar' (CRPS).",
        "Brier: gemiddelde fout van de genoemde kansen; lager is beter, 0,25 haalt wie altijd half zegt.",
        "De proef gaat over sommen van gemeenten, zoals de regio er een is."
        if sums
        else "De proef gaat over losse gemeenten, niet groter dan de regio samen.",
    ]
    return Table(
        caption=f"Wat eerdere verwachtingen waard waren, {'sommen van gemeenten' if sums else 'losse gemeenten'}",
        columns=columns,
        rows=rows,
        notes=notes,
        id="proef-sommen" if sums else "proef",
        group=Column("indicator", "Onderwerp"),
    )


def _card_row(card: SkillCard) -> dict[str, Any]:
    return {
        "horizon": f"{card.horizon} jaar",
        "n": card.n,
        "origins": numbers.years(card.origins[0], card.origins[-1]),
        "held": card.coverage.value,
        "wide": card.coverage_wide.value,
        "gain": card.skill_against(Forecaster.LAST_YEAR).value,
        "brier": card.brier.value,
        "word": CALIBRATION_WORDS[card.calibration],
    }


def tabulate_rival_cards(book: SkillBook) -> Table:
    """All ways of forecasting beside each other, over all tested indicators together."""
    outlook = book.outlook
    horizons = sorted(book.everything.cards)
    shown = [h for h in horizons if h in (horizons[0], horizons[len(horizons) // 2], horizons[-1])]
    wide = numbers.percent(outlook.backtest_rules.wide_interval)
    columns = [Column("name", "Manier van voorspellen")]
    for h in shown:
        columns += [
            Column(f"wide{h}", f"{h} jaar vooruit: binnen {wide}", format="percent"),
            Column(f"gain{h}", "winst op vorig jaar", format="signed_percent"),
        ]
    rows = [_rival_row(book, outlook, forecaster, shown) for forecaster in Forecaster]
    return Table(
        caption="Onze verwachting naast andere manieren van voorspellen",
        columns=columns,
        rows=rows,
        notes=[
            "De doorgetrokken trend is een gangbare grond voor streefwaarden; hier staat wat zij waard was."
        ],
        id="rivalen",
    )


def _rival_row(
    book: SkillBook, outlook: Outlook, forecaster: Forecaster, horizons: Sequence[int]
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": sentence_case(FORECASTER_NAMES[forecaster])}
    for h in horizons:
        card = assess_skill(
            book.whole,
            horizon=h,
            rules=outlook.backtest_rules,
            interval=outlook.rules.interval,
            forecaster=forecaster,
        )
        row[f"wide{h}"] = card.coverage_wide.value
        last = forecaster == Forecaster.LAST_YEAR
        row[f"gain{h}"] = 0.0 if last else card.skill_against(Forecaster.LAST_YEAR).value
    return row


def draw_skill(skill: Skill, horizon: int) -> Figure | None:
    """PIT and reliability of one horizon."""
    card = skill.cards.get(horizon)
    if card is None or len(card.pit) < 2 or not card.reliability:
        return None
    points = [(c.predicted, c.observed, c.n) for c in card.reliability]
    label = f"Verwachtingen {horizon} jaar vooruit"
    return Figure(
        draw_calibration(card.pit, points, label=label), f"{label}: marges en kansen naast de uitkomsten"
    )
