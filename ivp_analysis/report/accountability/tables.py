"""The tables of the accountability report about the data: coverage, dropped rows, revisions, breaks, constants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from ivp_analysis.data.revisions import Comparison, compare_snapshots
from ivp_analysis.data.tidy import Drop
from ivp_analysis.registry.records import Constant, SeriesBreak
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import join_some, join_words

DROPS: dict[str, str] = {
    Drop.FILTER: "dezelfde cijfers nog eens, naar een kenmerk gesplitst",
    Drop.LEVEL: "ander niveau dan gemeente, provincie, politieregio of land",
    Drop.UNPLACED: "niet aan een gemeente toe te wijzen",
    Drop.UNKNOWN_EMPTY: "onbekend gebied zonder cijfers",
    Drop.BEFORE_REGISTRY: "van voor 2010: gemeenten van toen staan niet in het register",
    Drop.NOT_THERE: "de gemeente bestond toen niet",
    Drop.NOT_BRIDGED: "grenzen gewijzigd voordat wij omrekenen",
    Drop.AFTER_END: "cijfer van een gemeente die al was opgeheven",
    Drop.MERGED: "opgeteld bij de gemeente van nu (herindeling)",
    Drop.SPLIT: "gesplitste gemeente: niet eerlijk te verdelen",
    Drop.PART_ABSENT: "deel van een fusiegemeente ontbreekt in de bron",
    Drop.OLD_BESIDE_NEW: "oude gemeente naast een al omgerekend cijfer",
    Drop.OLDER_SNAPSHOT: "staat ook in een nieuwer bestand",
    Drop.OTHER_MONTHS: "maand van een cijfer dat alleen per jaar geldt",
    Drop.NOT_USED: "andere maat, of leeg",
}
_NAMED = 5
GROUPS: dict[str, str] = {
    "trend": "Trends",
    "peers": "Vergelijkbare gemeenten",
    "peer_sets": "Andere keuzes van vergelijkbare gemeenten",
    "benchmark": "Vergelijking met andere gemeenten",
    "rates": "Cijfers per inwoner",
    "projection": "Verwachtingen",
    "targets": "Streefwaarden",
    "progress": "Voortgang",
    "backtest": "Toets van eerdere verwachtingen",
    "monitor": "Maandmonitor",
    "monitor_page": "Maandmonitor: wat de pagina toont",
    "peaks": "Vragen bij de cijfers",
    "survey": "Enquêtes",
    "ledger": "Uitspraken van het plan",
    "disclosure": "Bescherming van kleine aantallen",
    "data": "Controles op de gegevens",
    "text": "Woorden en percentages",
}


def tabulate_coverage(analysis: Analysis) -> Table:
    """Per source: what it covers, how many rows were read and used, and when it was taken."""
    columns = [
        Column("source", "Bron"),
        Column("years", "Jaren"),
        Column("areas", "Gebieden", "aantal", format="count"),
        Column("read", "Gelezen", "cellen", format="count"),
        Column("kept", "Gebruikt", "cellen", format="count"),
        Column("missing", "Ontbreekt", "cellen", format="count"),
        Column("day", "Opgehaald", format="date"),
    ]
    rows = [
        {
            "source": str(told["title"]),
            "years": str(told["years"]).replace("-", "–"),
            "areas": told["areas"],
            "read": told["rows_in"],
            "kept": told["rows_out"],
            "missing": told.get("status", {}).get("missing", 0),
            "day": date.fromisoformat(told["data_date"]),
        }
        for told in analysis.build.sources.values()
    ]
    note = "Ontbreekt: de bron heeft daar geen cijfer. Wij vullen niets in; ontbreken is nooit nul."
    return Table(caption="Wat de bronnen bevatten", columns=columns, rows=rows, notes=[note], id="dekking")


def tabulate_drops(analysis: Analysis) -> Table:
    """Why rows that were read are not among the figures, and which they are."""
    columns = [
        Column("source", "Bron"),
        Column("reason", "Reden"),
        Column("count", "Cellen", "aantal", format="count"),
        Column("which", "Welke"),
    ]
    rows = [
        {
            "source": str(told["title"]),
            "reason": DROPS.get(reason, reason),
            "count": number,
            "which": _which(told["named"].get(reason, ()), analysis),
        }
        for told in analysis.build.sources.values()
        for reason, number in told["dropped"].items()
    ]
    return Table(
        caption="Wat is weggelaten, en waarom", columns=columns, rows=rows, notes=[], id="weggelaten"
    )


def tabulate_missing(analysis: Analysis) -> Table:
    """Where the empty cells of each source are, those with the most first."""
    columns = [
        Column("source", "Bron"),
        Column("count", "Lege cellen", "aantal", format="count"),
        Column("areas", "Gebieden"),
        Column("codes", "Codes"),
        Column("periods", "Perioden"),
    ]
    rows = [
        {
            "source": str(told["title"]),
            "count": told["status"]["missing"],
            "areas": _which(told["missing"]["areas"], analysis),
            "codes": _which([code.replace("|", " ") for code in told["missing"]["codes"]], analysis),
            "periods": _which([numbers.period(one) for one in told["missing"]["periods"]], analysis),
        }
        for told in analysis.build.sources.values()
        if told.get("missing")
    ]
    note = "Wat het vaakst leeg is staat vooraan. Sommige codes hebben alleen jaarcijfers: hun maanden zijn leeg."
    return Table(caption="Waar cijfers ontbreken", columns=columns, rows=rows, notes=[note], id="ontbreekt")


def tabulate_excluded(analysis: Analysis) -> Table:
    """Municipalities that are not compared, each with the division behind it."""
    columns = [
        Column("area", "Gemeente"),
        Column("why", "Wat gebeurde er"),
        Column("on", "Op", format="date"),
        Column("share", "Deel van de inwoners", format="percent"),
    ]
    rows = [
        {
            "area": str(one["name"]),
            "why": f"opgeheven en verdeeld over {join_words(one['new_names'])}"
            if one["kind"] == "split"
            else f"kreeg een deel van {one['old_name']}",
            "on": date.fromisoformat(one["on"]),
            "share": float(one["weight"]),
        }
        for one in analysis.build.facts["excluded"]
    ]
    note = "Aantallen van voor zo'n datum zijn niet eerlijk over de nieuwe grenzen te verdelen."
    return Table(
        caption="Gemeenten buiten de vergelijking",
        columns=columns,
        rows=rows,
        notes=[note],
        id="niet-vergeleken",
    )


def _which(names: Sequence[str], analysis: Analysis) -> str | Missing:
    """The first few, municipalities by their name, years with a dash."""
    if not names:
        return Missing("niet per gebied bijgehouden")
    known = analysis.registry.municipalities
    said = []
    for name in names:
        code, _, years = name.partition(" ")
        label = known[code].name if code in known else code
        said.append(
            f"{label} {years.replace('-', '–').replace(' ', ', ')}".strip() if code in known else name
        )
    return join_some(said, _NAMED)


def say_gaps(analysis: Analysis) -> list[str]:
    """Months, indicators and municipalities that are not there, each named."""
    build = analysis.build
    found = []
    for told in build.sources.values():
        months = told.get("missing_months") or []
        if months:
            named = join_words([numbers.period(month) for month in months])
            found.append(f"{told['title']}: geen enkel cijfer over {named}.")
        if provisional := told.get("provisional"):
            named = join_words([numbers.period(period) for period in provisional[-_NAMED:]])
            found.append(f"{told['title']}: volgens de bron nog voorlopig over {named}.")
    if analysis.absent:
        labels = join_words([indicator.label for indicator in analysis.absent])
        found.append(f"Geen aantallen in deze gegevens: {labels}.")
    if build.excluded:
        days = Counter(day[:4] for day in build.excluded.values())
        listed = join_words([f"{number} in {year}" for year, number in sorted(days.items())])
        found.append(
            f"Buiten de vergelijking blijven {len(build.excluded)} gemeenten van Nederland waarvan de grenzen "
            f"niet eerlijk om te rekenen zijn: {listed}."
        )
    return found or ["Er ontbreken geen maanden of onderwerpen."]


def compare_vintages(analysis: Analysis) -> list[Comparison]:
    """The newest two files of every source that has two."""
    sources = [s for s, told in analysis.build.sources.items() if len(told["snapshots"]) > 1]
    return [compare_snapshots(analysis.workspace, analysis.registry, source) for source in sources]


def tabulate_revisions(found: Sequence[Comparison]) -> Table:
    """How much each source changed between its newest two files."""
    columns = [
        Column("source", "Bron"),
        Column("before", "Eerder", format="date"),
        Column("after", "Nu", format="date"),
        Column("compared", "Vergeleken", "cellen", format="count"),
        Column("changed", "Gewijzigd", "cellen", format="count"),
        Column("filled", "Aangevuld", "cellen", format="count"),
        Column("emptied", "Vervallen", "cellen", format="count"),
    ]
    rows = []
    for one in found:
        kinds = one.changes["kind"].value_counts()
        rows.append(
            {
                "source": one.after.source,
                "before": one.before.taken_on,
                "after": one.after.taken_on,
                "compared": one.compared,
                **{kind: int(kinds.get(kind, 0)) for kind in ("changed", "filled", "emptied")},
            }
        )
    return Table(caption="Herzieningen door de bron", columns=columns, rows=rows, notes=[], id="herzieningen")


def tabulate_breaks(breaks: Sequence[SeriesBreak]) -> Table:
    """Moments after which a series is not what it was."""
    columns = [
        Column("label", "Wat veranderde er"),
        Column("since", "Vanaf", format="period"),
        Column("until", "Tot en met", format="period"),
        Column("effect", "Gevolg voor de cijfers"),
        Column("reference", "Bron"),
    ]
    rows = [
        {
            "label": b.label,
            "since": b.first,
            "until": b.last or Missing("blijvend"),
            "effect": b.effect,
            "reference": b.reference,
        }
        for b in breaks
    ]
    return Table(caption="Breuken in de registratie", columns=columns, rows=rows, notes=[], id="breuken")


def tabulate_constants(constants: Sequence[Constant]) -> Table:
    """Every policy constant with its value, unit and ground."""
    columns = [
        Column("label", "Grens of keuze"),
        Column("value", "Waarde", align="right"),
        Column("unit", "Eenheid"),
        Column("ground", "Grond"),
    ]
    rows = [
        {
            "group": GROUPS.get(c.id.partition(".")[0], "Overig"),
            "label": c.label,
            "value": f"{c.value}" if c.unit == "jaartal" else _plain(c.value),
            "unit": c.unit,
            "ground": sentence_case(c.ground),
        }
        for c in constants
    ]
    return Table(
        caption="De vaste grenzen en keuzes van de methode",
        columns=columns,
        rows=rows,
        notes=["Andere waarden geven andere woorden. Zij staan op één plek en gelden voor alle bladzijden."],
        id="grenzen",
        group=Column("group", "Onderdeel"),
    )


def _plain(value: float | int | str) -> str:
    """As people write it: 0,05 and 12, a list of limits with commas."""
    if isinstance(value, str):
        return ", ".join(numbers.count(float(one)) for one in value.split())
    return numbers.count(value) if value == int(value) else f"{value:.6g}".replace(".", ",")
