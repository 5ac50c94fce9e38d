"""What is being done: the measures of the implementation plan, per theme, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Details, Text
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.trend import join_words

NO_MEASURES = (
    "Er zijn geen maatregelen van het uitvoeringsplan ingelezen. De lopende aanpak ontbreekt daarom hier."
)
# The words of the template, in the order of a measure's life, each with its verb in a tally.
STATUSES = {"gepland": "gepland", "loopt": "lopend", "afgerond": "afgerond", "vervallen": "vervallen"}


@dataclass(frozen=True, slots=True)
class Measure:
    """field, theme: id and label of where it belongs; `place` is a municipality or the whole region."""

    field: str
    theme: str
    label: str
    action: str
    place: str
    status: str
    note: str


def measures_of(analysis: Analysis, area: Area) -> list[Measure]:
    """Of a municipality with those of the whole region, or of all; by safety field and theme."""
    frame = analysis.build.measures
    where = (*area.members, analysis.region.code)
    mine = frame[frame["area_code"].isin(where).to_numpy()]
    names = {a.code: a.name for a in analysis.areas}
    found = [
        Measure(
            *_theme(analysis, str(row["theme"])),
            action=str(row["action"]),
            place=names[str(row["area_code"])],
            status=str(row["status"]),
            note=str(row["note"]),
        )
        for row in mine.to_dict("records")
    ]
    return sorted(found, key=lambda m: (m.field, m.theme, list(STATUSES).index(m.status), m.action))


def _theme(analysis: Analysis, theme: str) -> tuple[str, str, str]:
    """Field, id and label of a theme of the fields, or of a priority or strategic theme of the plan."""
    if theme in analysis.registry.themes:
        record = analysis.registry.themes[theme]
        return record.field, theme, record.label
    aim = next((a for a in analysis.plan.aims if a.id == theme), None)
    if aim is None:
        return "", theme, theme
    return (aim.themes[0].partition(".")[0] if aim.themes else ""), theme, aim.label


def measures_section(analysis: Analysis, area: Area) -> Parts:
    """What is being done now, by safety field as in the plan; one sentence where nothing was delivered."""
    found = measures_of(analysis, area)
    if not found:
        return Parts(Text(NO_MEASURES))
    now = [m for m in found if m.status == "loopt"]
    rest = [m for m in found if m.status != "loopt"]
    parts = [tabulate_measures(analysis, now, f"Lopende aanpak in {area.in_words}", "aanpak")] if now else []
    caption = f"Andere maatregelen voor {area.in_words}"
    folded = [Details(caption, tabulate_measures(analysis, rest, caption, "aanpak-anders"))] if rest else []
    return Parts(Text(say_measures(analysis, found)), *parts, *folded)


def say_measures(analysis: Analysis, measures: Sequence[Measure]) -> str:
    """How the implementation plan stands, and as of when."""
    tally = Counter(m.status for m in measures)
    parts = [f"{tally[status]} {word}" for status, word in STATUSES.items() if tally[status]]
    told = analysis.build.sources.get("measures", {}).get("data_date", "")
    as_of = f" op {numbers.day(date.fromisoformat(told))}" if told else ""
    number = "1 maatregel" if len(measures) == 1 else f"{len(measures)} maatregelen"
    return f"Het uitvoeringsplan telt hier {number}. De stand{as_of}: {join_words(parts)}."


def tabulate_measures(analysis: Analysis, measures: Sequence[Measure], caption: str, id: str) -> Table:
    """One row a measure, under its safety field."""
    columns = [
        Column("action", "Maatregel"),
        Column("theme", "Thema"),
        Column("place", "Voor"),
        Column("status", "Stand"),
        Column("note", "Toelichting"),
    ]
    fields = analysis.registry.fields
    rows = [
        {
            "field": fields[m.field].label if m.field in fields else "Overig",
            "action": m.action,
            "theme": m.label,
            "place": m.place,
            "status": m.status,
            "note": m.note or Missing("geen toelichting"),
        }
        for m in measures
    ]
    return Table(
        caption=caption, columns=columns, rows=rows, notes=[], id=id, group=Column("field", "Veiligheidsveld")
    )


def tabulate_statuses(analysis: Analysis, measures: Sequence[Measure]) -> Table:
    """The state of the implementation plan: how many measures of each theme stand where."""
    columns = [
        Column("theme", "Thema"),
        *(Column(status, word.capitalize(), format="count") for status, word in STATUSES.items()),
        Column("total", "Samen", format="count"),
    ]
    themes = dict.fromkeys((m.theme, m.label) for m in measures)
    rows = [{"theme": label, **_tally([m for m in measures if m.theme == theme])} for theme, label in themes]
    return Table(
        caption="De stand van het uitvoeringsplan per thema",
        columns=columns,
        rows=rows,
        notes=[],
        id="uitvoeringsplan",
        total={"theme": "Samen", **_tally(measures)},
    )


def _tally(measures: Sequence[Measure]) -> dict[str, int]:
    tally = Counter(m.status for m in measures)
    return {**{status: tally[status] for status in STATUSES}, "total": len(measures)}
