"""Events by their risk class, beside the reports of noise from events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Details, Text
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case

NO_EVENTS = "Er zijn geen evenementen ingelezen. Drukte door evenementen is hier daarom niet naast de cijfers te leggen."
CLASSES = ("A", "B", "C")
BESIDE = "nuisance_events"
MOST_YEARS = 5


def events_section(analysis: Analysis, area: Area) -> Parts:
    """A municipality: year by year. The region: its municipalities in the reference year. Both with what was large."""
    frame = _events(analysis, area)
    if not len(frame):
        return Parts(Text(NO_EVENTS))
    table = _by_area(analysis, frame) if area.is_region else _by_year(analysis, area, frame)
    large = frame[(frame["year"] == analysis.year).to_numpy() & frame["category"].isin(["B", "C"]).to_numpy()]
    folded = [Details("De grotere evenementen", _list(analysis, area, large))] if len(large) else []
    return Parts(table, *folded)


def events_heading(analysis: Analysis) -> str:
    """The priority of the plan that they stand beside, where it has one about them."""
    named = [a.label for a in analysis.plan.aims if a.kind == "priority" and BESIDE in a.indicators]
    return named[0] if named else "Evenementen"


def _events(analysis: Analysis, area: Area) -> pd.DataFrame:
    """Up to the reference year."""
    frame = analysis.build.events
    frame = frame.assign(year=[int(str(day)[:4]) for day in frame["date"]])
    return frame[
        frame["area_code"].isin(area.members).to_numpy() & (frame["year"] <= analysis.year).to_numpy()
    ]


def _by_year(analysis: Analysis, area: Area, frame: pd.DataFrame) -> Table:
    """Years without any event in the delivery are not there: nobody said that there were none."""
    years = sorted(set(frame["year"]))[-MOST_YEARS:]
    rows = [
        {"row": str(y), **_tally(frame[(frame["year"] == y).to_numpy()]), BESIDE: _beside(analysis, area, y)}
        for y in years
    ]
    return _table(analysis, "Jaar", rows, f"Evenementen in {area.in_words}")


def _by_area(analysis: Analysis, frame: pd.DataFrame) -> Table:
    year = analysis.year
    now = frame[(frame["year"] == year).to_numpy()]
    rows = [
        {
            "row": area.name,
            **_tally(now[now["area_code"].isin(area.members).to_numpy()]),
            BESIDE: _beside(analysis, area, year),
        }
        for area in analysis.areas
        if not area.is_region and now["area_code"].isin(area.members).any()
    ]
    return _table(analysis, "Gemeente", rows, f"Evenementen in {year}")


def _tally(frame: pd.DataFrame) -> dict[str, Any]:
    known = frame["visitors"].dropna()
    unknown = Missing("niet bekend")
    return {
        **{name: int((frame["category"] == name).sum()) for name in CLASSES},
        "visitors": int(known.sum()) if len(known) else unknown,
        "unknown": int(frame["visitors"].isna().sum()),
    }


def _beside(analysis: Analysis, area: Area, year: int) -> Any:
    finding = analysis.findings.get((BESIDE, area.code))
    count = finding.count_in(year) if finding else math.nan
    return Missing("geen cijfer") if math.isnan(count) else count


def _table(analysis: Analysis, head: str, rows: Sequence[Mapping[str, Any]], caption: str) -> Table:
    label = (
        sentence_case(analysis.registry.indicators[BESIDE].label)
        if BESIDE in analysis.registry.indicators
        else ""
    )
    columns = [
        Column("row", head),
        *(Column(name, name, "evenementen", format="count") for name in CLASSES),
        Column("visitors", "Bezoekers", "voor zover bekend", format="count"),
        Column("unknown", "Zonder aantal", "evenementen", format="count"),
        Column(BESIDE, label, "aantal", format="count"),
    ]
    return Table(
        caption=caption,
        columns=columns,
        rows=rows,
        notes=[
            "A, B en C: de risicoklasse van de vergunning; C is het zwaarst. Dat meldingen en evenementen samen op- of "
            "afnemen, bewijst geen verband."
        ],
        id="evenementen",
    )


def _list(analysis: Analysis, area: Area, large: pd.DataFrame) -> Table:
    names = {a.code: a.name for a in analysis.areas}
    columns = [
        Column("event", "Evenement"),
        Column("place", "Gemeente"),
        Column("date", "Eerste dag", format="date"),
        Column("category", "Klasse"),
        Column("visitors", "Bezoekers", format="count"),
    ]
    rows = [
        {
            "event": str(row["event"]),
            "place": names[str(row["area_code"])],
            "date": pd.Timestamp(str(row["date"])).date(),
            "category": str(row["category"]),
            "visitors": Missing("niet bekend") if pd.isna(row["visitors"]) else int(row["visitors"]),
        }
        for row in large.sort_values("date").to_dict("records")
    ]
    caption = f"Evenementen van klasse B en C in {area.in_words}, {analysis.year}"
    return Table(caption=caption, columns=columns, rows=rows, notes=[], id="evenementen-groot")
