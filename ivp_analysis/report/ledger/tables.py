"""The tables of the ledger: a field in one area, a field in all areas, and how many verdicts of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivp_analysis.report.ledger.ledger import Entry, Ledger
from ivp_analysis.report.ledger.words import VERDICTS, ledger_verdict, say_needed
from ivp_analysis.report.page import cells
from ivp_analysis.report.page.cells import Column
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case

_NOTES = (
    "Eerst telt de richting, dan pas de sterkte: kleine gemeenten kunnen 'licht' of 'sterk' zelden laten zien.",
    "Alle uitspraken worden samen getoetst. De lat ligt daardoor hoger dan bij de trend van één onderwerp.",
)


def tabulate_entries(
    entries: Sequence[Entry], ledger: Ledger, *, caption: str, id: str, by_area: bool = False
) -> Table:
    """What the plan says, as it saw it and as it is now; what no figure can test says what it would take."""
    plan, year = ledger.analysis.plan, ledger.analysis.year
    columns = [
        Column("quote", "Het plan zegt"),
        Column("subject", "Onderwerp"),
        Column("then", "Toen", f"de jaren tot {plan.base_year}", format="verdict"),
        Column("now", "Nu", f"de jaren tot {year}", format="verdict"),
    ]
    readings = dict.fromkeys(
        e.statement.reading for e in entries if e.statement.reading and not e.is_untestable
    )
    return Table(
        caption=caption,
        columns=columns,
        rows=[_row(entry, ledger, with_place=by_area) for entry in entries],
        notes=[*_NOTES, *readings] if any(entry.is_claim for entry in entries) else [],
        id=id,
        group=Column("area", "Gebied") if by_area else None,
    )


def _row(entry: Entry, ledger: Ledger, *, with_place: bool) -> dict[str, Any]:
    statement = entry.statement
    least = ledger.analysis.wording_rules.percent_min_count
    now: cells.Verdict | str = ledger_verdict(entry.now, entry, least=least)
    if entry.is_untestable:
        now = f"Nodig: {say_needed(entry)}."
    return {
        "area": entry.area.name,
        "quote": cells.Verdict(statement.quote, "", "unknown", statement.where)
        if with_place
        else statement.quote,
        "subject": _subject(entry, ledger),
        "then": ledger_verdict(entry.then, entry, least=least),
        "now": now,
    }


def _subject(entry: Entry, ledger: Ledger) -> str:
    """The indicator, or the theme with how an untested sentence was read: one bullet may hold several claims."""
    registry, indicator = ledger.analysis.registry, entry.statement.indicator
    if indicator is not None:
        return sentence_case(registry.indicators[indicator].label)
    theme = ledger.theme_of(entry.statement)
    label = registry.themes[theme].label if theme else registry.fields[entry.statement.field].label
    return f"{label}. {entry.statement.reading}" if entry.statement.reading else label


def tabulate_tally(ledger: Ledger) -> Table:
    """How many claims have each verdict, then and now."""
    then, now = ledger.tally()
    plan, year = ledger.analysis.plan, ledger.analysis.year
    columns = [
        Column("verdict", "Oordeel", format="verdict"),
        Column("then", "Toen", f"de jaren tot {plan.base_year}", format="count"),
        Column("now", "Nu", f"de jaren tot {year}", format="count"),
    ]
    rows = [
        {"verdict": cells.Verdict(word, sign, "unknown"), "then": then[verdict], "now": now[verdict]}
        for verdict, (word, _, sign) in VERDICTS.items()
    ]
    return Table(
        caption="Hoeveel uitspraken van het plan door de cijfers worden gesteund",
        columns=columns,
        rows=rows,
        notes=[],
        id="uitspraken-oordelen",
        total={"verdict": "Samen", "then": len(ledger.claims), "now": len(ledger.claims)},
    )
