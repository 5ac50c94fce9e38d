"""The tables of the reports: rows made from findings and the registry, nothing computed here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ivp_analysis.methods.contribution import Contributions
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Benchmark
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing, Verdict
from ivp_analysis.report.page.safe_html import Html, element
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.benchmark import say_rank
from ivp_analysis.report.wording.relative import relative_word
from ivp_analysis.report.wording.trend import say_latest, say_visible, say_window

_CHANGE_NOTE = (
    "Per jaar: de verandering per jaar, gemiddeld over de genoemde jaren, met een marge van {margin}. "
    "Bij gemiddeld minder dan {least} per jaar staat er geen percentage."
)
_LEVEL_NOTE = (
    "Niveau: alle registraties in {years} per inwoner, tegenover gemeenten die lijken op de eigen gemeente; "
    "achter het woord hoeveel keer hun niveau, en hoe de trend zich verhoudt tot die daar."
)
_YOUTH_NOTES = {
    True: "De trend van {label} is per jongere van 12 tot en met 17 jaar.",
    False: "De trend van {label} is per inwoner: niet van elk jaar is bekend hoeveel jongeren er waren.",
}
_FIVES_NOTE = "Het CBS rondt deze aantallen af op vijftallen."


class NarrowVerdict(Verdict):
    """A verdict beside others: the style sheet keeps no room for it, so that the table fits its page."""

    __slots__ = ()

    def html(self) -> Html:
        """The same words, one element deeper than where the style sheet keeps room."""
        return element("span", Verdict.html(self))


def tabulate_findings(findings: Sequence[Finding], analysis: Analysis, *, caption: str, id: str) -> Table:
    """Count, rate, yearly change and word of each indicator."""
    year = analysis.year
    rules = analysis.wording_rules
    columns = [
        # The words first: on a telephone the figures are what is scrolled to.
        Column("indicator", "Onderwerp"),
        Column("word", "Trend", format="verdict"),
        Column("level", "Niveau", "naast vergelijkbare gemeenten", format="verdict"),
        Column("previous", str(year - 1), "aantal", format="count"),
        Column("count", str(year), "aantal", format="count"),
        Column("rate", str(year), "per 1.000 inwoners", format="decimal", digits=1),
        Column("change", "Per jaar", "gemiddeld", format="signed_percent", digits=1),
        Column("margin", "Marge", "per jaar", format="signed_percent_range"),
    ]
    level_years = numbers.years(year - analysis.benchmark_rules.years + 1, year)
    notes = [_CHANGE_NOTE.format(least=rules.percent_min_count, margin=numbers.percent(rules.confidence))]
    notes.append(_LEVEL_NOTE.format(years=level_years))
    if any(f.source.rounding > 1 for f in findings):
        notes.append(_FIVES_NOTE)
    notes += [
        f"Geen oordeel over {f.indicator.label}. {f.indicator.polarity_reason}"
        for f in findings
        if f.tone == "neutral"
    ]
    notes += [
        _YOUTH_NOTES[f.of_youth].format(label=f.indicator.label)
        for f in findings
        if f.indicator.denominator == "youth"
    ]
    if any({year - 1, year} & set(f.hidden) for f in findings):
        notes.append(say_rule_of_small_numbers(rules.least_shown))
    return Table(
        caption=caption, columns=columns, rows=[_row(f, analysis) for f in findings], notes=notes, id=id
    )


def _row(finding: Finding, analysis: Analysis) -> dict[str, Any]:
    trend = finding.trend
    shown = finding.carries_percentage
    youth = finding.indicator.denominator == "youth"
    rate = Missing("geteld per 1.000 jongeren") if youth else Missing("geen aantal inwoners voor deze maat")
    return {
        "indicator": sentence_case(finding.indicator.label),
        "previous": shown_count(finding, finding.year - 1),
        "count": shown_count(finding, finding.year),
        "rate": finding.rate.value if finding.rate and not youth else rate,
        "change": trend.change if shown else Missing("aantallen te klein voor een percentage"),
        "margin": (trend.lower, trend.upper) if shown else Missing("aantallen te klein voor een percentage"),
        "word": trend_verdict(finding),
        "level": level_verdict(analysis.benchmarks[finding.indicator.id, finding.area.code]),
    }


def shown_count(finding: Finding, year: int) -> float | Missing:
    """The count of a year, or why it is not shown."""
    if year in finding.hidden:
        return Missing(f"niet getoond: kleiner dan {finding.rules.least_shown}, of het verraadt zo'n aantal")
    return finding.count_in(year)


def say_rule_of_small_numbers(least: int) -> str:
    """What is hidden, and why more than the small number itself."""
    return (
        f"Een aantal onder {least} uit een levering wordt niet getoond. Het volgende aantal van dezelfde optelling "
        "ook niet, want anders is het eerste uit te rekenen."
    )


def trend_verdict(finding: Finding) -> Verdict:
    """The word of a trend with its sign, whether it is good, how the latest year differs, what could be seen."""
    word = finding.word
    detail = "; ".join(filter(None, (say_window(finding), say_latest(finding), say_visible(finding.trend))))
    return Verdict(word.text, word.sign, finding.tone, detail)


def level_verdict(found: Benchmark, *, rank: bool = False) -> NarrowVerdict:
    """The word of a level among comparable municipalities, its ratio, and how the trend compares with theirs."""
    ratio = found.result.ratio
    if ratio != ratio:
        return NarrowVerdict(found.word.short, found.word.sign, "unknown", "te weinig cijfers elders of hier")
    details = [f"{numbers.decimal(ratio, 2)} keer"]
    if rank and found.rank:
        details.append(say_rank(found.rank))
    rule = relative_word(found.finding.trend)
    if rule and rule.short and not rank:
        details.append(rule.short)
    return NarrowVerdict(found.word.short, found.word.sign, found.tone, "; ".join(details))


def tabulate_series(
    series: Sequence[tuple[str, Sequence[int], Sequence[float | Missing | None]]],
    *,
    caption: str,
    id: str,
    unit: str = "aantal",
) -> Table:
    """Label, years and counts of each line of a figure: the figures behind it, a column a year."""
    years = sorted({year for _, own, _ in series for year in own})
    columns = [Column("label", "Onderwerp")]
    columns += [Column(str(year), str(year), unit, format="count") for year in years]
    rows = []
    for label, own, counts in series:
        known = {str(year): count for year, count in zip(own, counts, strict=True) if count is not None}
        rows.append({"label": label, **{str(year): known.get(str(year), float("nan")) for year in years}})
    return Table(caption=caption, columns=columns, rows=rows, id=id)


def tabulate_contributions(found: Contributions, *, caption: str, first: int, last: int, id: str) -> Table:
    """Which municipality or part makes the change; the changes add up to it exactly."""
    columns = [
        Column("label", "Onderdeel"),
        Column("before", str(first), "aantal", format="count"),
        Column("after", str(last), "aantal", format="count"),
        Column("change", "Verandering", "aantal", format="signed"),
        Column("against", "Richting"),
    ]
    rows = [
        _contribution(item.label, item.before, item.after, item.change, item.against) for item in found.items
    ]
    rows.append(_contribution("Samen", found.before, found.after, found.change, False))
    return Table(
        caption=caption,
        columns=columns,
        rows=rows,
        notes=["De veranderingen tellen precies op tot het totaal."],
        id=id,
    )


def _contribution(label: str, before: float, after: float, change: float, against: bool) -> dict[str, Any]:
    direction = (
        "tegen het totaal in"
        if against
        else "gelijk gebleven"
        if change == 0
        else "daling"
        if change < 0
        else "stijging"
    )
    return {"label": label, "before": before, "after": after, "change": change, "against": direction}


def tabulate_sources(analysis: Analysis) -> Table:
    """Every file behind the page, with its date and hash.

    Not the hash of a delivery: who tries out small numbers would find those that the page hides.
    """
    columns = [
        Column("source", "Bron"),
        Column("file", "Bestand"),
        Column("taken_on", "Opgehaald op", format="date"),
        Column("years", "Jaren"),
        Column("licence", "Voorwaarden van gebruik"),
        Column("hash", "Controlegetal"),
    ]
    rows = [
        {
            "source": f"{facts['title']} ({facts['attribution']})",
            "file": snapshot["file"],
            "taken_on": date.fromisoformat(snapshot["taken_on"]),
            "years": str(facts["years"]),
            "licence": analysis.registry.sources[source].licence,
            "hash": Missing("niet van een levering")
            if analysis.registry.sources[source].is_delivered
            else snapshot["id"],
        }
        for source, facts in analysis.build.sources.items()
        for snapshot in facts["snapshots"]
        if snapshot["used"]
    ]
    return Table(
        caption="De bestanden achter deze pagina", columns=columns, rows=rows, notes=[], id="bronnen"
    )


def tabulate_definitions(findings: Sequence[Finding]) -> Table:
    """What each indicator counts, and from which source and codes."""
    columns = [
        Column("indicator", "Onderwerp"),
        Column("definition", "Wat er wordt geteld"),
        Column("recipe", "Bron en codes"),
    ]
    rows = [
        {
            "indicator": sentence_case(f.indicator.label),
            "definition": f.indicator.definition,
            "recipe": f"{f.source.title}: {' + '.join(f.recipe.codes)}",
        }
        for f in findings
    ]
    return Table(caption="Definities", columns=columns, rows=rows, notes=[], id="definities")


def sentence_case(text: str) -> str:
    """A capital first; the rest as it is (HIC stays HIC)."""
    return text[:1].upper() + text[1:]
