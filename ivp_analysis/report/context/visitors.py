"""Rates with the guests of the night beside the inhabitants, for places with many tourists."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Text
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case

NO_VISITORS = "Er zijn geen aantallen overnachtingen ingelezen. Cijfers per inwoner houden daarom geen rekening met bezoekers."
DAYS = 365


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there on an average night of a year: inhabitants, and guests."""

    year: int
    stays: int
    inhabitants: float

    @property
    def guests(self) -> float:
        """Guests on an average night."""
        return self.stays / DAYS

    @property
    def present(self) -> float:
        """Inhabitants and guests together."""
        return self.inhabitants + self.guests


def presence_of(analysis: Analysis, area: Area) -> Presence | None:
    """Of the latest year up to the reference year with a delivery for every municipality of the area."""
    frame = analysis.build.visitors
    mine = frame[
        frame["area_code"].isin(area.members).to_numpy() & frame["overnight_stays"].notna().to_numpy()
    ]
    for year in sorted({int(y) for y in mine["year"] if y <= analysis.year}, reverse=True):
        rows = mine[(mine["year"] == year).to_numpy()]
        people = (
            analysis.people.reindex(index=list(area.members))
            .get(year, pd.Series(dtype=float))
            .sum(skipna=False)
        )
        if set(rows["area_code"].astype("str")) == set(area.members) and people > 0:
            return Presence(year, int(rows["overnight_stays"].sum()), float(people))
    return None


def visitors_section(analysis: Analysis, area: Area) -> Parts:
    """The table wherever a delivery exists; else one sentence."""
    presence = presence_of(analysis, area)
    if presence is None:
        return Parts(Text(NO_VISITORS))
    return Parts(Text(say_presence(area, presence)), tabulate_presence(analysis, area, presence))


def say_presence(area: Area, presence: Presence) -> str:
    """How many guests there are for how many inhabitants."""
    share = numbers.percent(presence.guests / presence.present)
    return (
        f"In {presence.year} telde {area.in_words} {numbers.count(presence.stays)} overnachtingen. Op een gemiddelde nacht "
        f"waren er {numbers.count(round(presence.guests))} gasten naast {numbers.count(presence.inhabitants)} inwoners. "
        f"Dat is {share} van wie er was."
    )


def tabulate_presence(analysis: Analysis, area: Area, presence: Presence) -> Table:
    """The subjects of the plan's targets and all crime: per inhabitant, and per person who was there."""
    wanted = {"crime_total", *(t.indicator for t in analysis.plan.targets)}
    found = [
        f
        for f in analysis.findings_of(area)
        if f.indicator.id in wanted and f.indicator.denominator == "population"
    ]
    columns = [
        Column("indicator", "Onderwerp"),
        Column("count", str(presence.year), "aantal", format="count"),
        Column("inhabitants", "Per 1.000", "inwoners", format="decimal", digits=1),
        Column("present", "Per 1.000", "inwoners en gasten", format="decimal", digits=1),
    ]
    per = float(analysis.registry.method.group("rates")["per"])
    return Table(
        caption=f"Met bezoekers erbij: {area.in_words} in {presence.year}",
        columns=columns,
        rows=[_row(f, presence, per) for f in found],
        notes=[
            f"Gasten: het aantal overnachtingen gedeeld door {DAYS}. Bezoekers van een dag tellen niet mee, omdat niemand "
            "ze telt. Met hen erbij zouden de cijfers nog lager zijn."
        ],
        id="bezoekers",
    )


def _row(finding: Finding, presence: Presence, per: float) -> dict[str, Any]:
    count = finding.count_in(presence.year)
    gone = Missing("geen cijfer")
    return {
        "indicator": sentence_case(finding.indicator.label),
        "count": gone if math.isnan(count) else count,
        "inhabitants": gone if math.isnan(count) else count / presence.inhabitants * per,
        "present": gone if math.isnan(count) else count / presence.present * per,
    }
