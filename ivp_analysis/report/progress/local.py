"""The short progress page of one municipality: its part in each regional target, and its own themes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.progress import ProgressWord
from ivp_analysis.registry.records import Statement
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.figures import Panel, draw_small_multiples
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Figure
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.progress.assess import TargetProgress, most_common
from ivp_analysis.report.progress.wording import say_changes, say_outcome, say_reason
from ivp_analysis.report.targets.surveys import survey_sentences
from ivp_analysis.report.targets.words import PROGRESS_WORDS
from ivp_analysis.report.wording.tabulate import sentence_case, shown_count, tabulate_series, trend_verdict

_NONE = "geen cijfer"


def shared_targets(targets: Sequence[TargetProgress], area: Area) -> list[TargetProgress]:
    """The count targets of several municipalities of which this is one."""
    return [p for p in targets if len(p.target.areas) > 1 and area.code in p.target.areas and not p.survey]


def tabulate_parts(outlook: Outlook, targets: Sequence[TargetProgress], area: Area) -> Table:
    """Its counts in the baseline year and in the year that is judged, beside the status of the target that they
    are part of; after the target year also those of now.
    """
    shared = shared_targets(targets, area)
    year, first = outlook.analysis.year, outlook.analysis.plan.base_year
    last = most_common(p.judged_year for p in shared) if shared else year
    columns = [
        Column("target", "Doel van de regio"),
        Column("status", "Stand"),
        Column("before", str(first), "aantal", format="count"),
        Column("after", str(last), "aantal", format="count"),
        *([Column("later", str(year), "daarna", format="count")] if last < year else []),
        Column("change", "Verandering", f"{first}–{last}, aantal", format="signed"),
        Column("share", "Deel van de regio", f"in {last}", format="percent"),
    ]
    return Table(
        caption=f"Het deel van {area.in_words} in de doelen van {outlook.analysis.region.in_words}",
        columns=columns,
        rows=[_part_row(outlook, p, area, (first, last)) for p in shared],
        notes=["Stand: van de regio als geheel. Een verandering kan ook toeval zijn."],
        id="aandeel",
    )


def _part_row(
    outlook: Outlook, progress: TargetProgress, area: Area, years: tuple[int, int]
) -> dict[str, Any]:
    first, last = years
    before, after = (outlook.count(progress.target.indicator, area, y) for y in years)
    whole = outlook.count(progress.target.indicator, progress.area, last)
    finding = outlook.analysis.findings.get((progress.target.indicator, area.code))
    gone = Missing(_NONE)
    known = not math.isnan(after) and whole >= outlook.analysis.wording_rules.percent_min_count
    return {
        "target": sentence_case(progress.target.label),
        "before": shown_count(finding, first) if finding else gone,
        "after": shown_count(finding, last) if finding else gone,
        "later": shown_count(finding, progress.year) if finding else gone,
        "change": gone if math.isnan(after - before) else after - before,
        "share": after / whole if known else gone,
        "status": PROGRESS_WORDS[progress.status.word][0],
    }


def draw_parts(outlook: Outlook, targets: Sequence[TargetProgress], area: Area) -> Figure:
    """Its own counts under each regional target, year by year."""
    lines = []
    for progress in shared_targets(targets, area):
        years, counts = outlook.counts(progress.target.indicator, area)
        shown = [None if math.isnan(count) else count for count in counts.tolist()]
        lines.append((sentence_case(progress.target.label), years, shown))
    title = f"Aantallen per jaar in {area.in_words}"
    drawing = draw_small_multiples([Panel(*line) for line in lines], title=title, unit="aantal per jaar")
    return Figure(drawing, title, tabulate_series(lines, caption=f"{title}, in cijfers", id="jaren"))


def tabulate_themes(analysis: Analysis, area: Area) -> Table:
    """What the plan says of this municipality, with the count and the trend that the figures show now."""
    columns = [
        Column("quote", "Het plan zegt"),
        Column("indicator", "Onderwerp"),
        Column("before", str(analysis.plan.base_year), "aantal", format="count"),
        Column("after", str(analysis.year), "aantal", format="count"),
        Column("trend", "Trend", format="verdict"),
    ]
    mine = [s for s in analysis.plan.statements if s.area == area.code and s.indicator is not None]
    said = {(s.quote, s.indicator): s for s in mine}.values()
    return Table(
        caption=f"De thema's van {area.in_words} in het plan, en de cijfers van nu",
        columns=columns,
        rows=[_theme_row(analysis, area, statement) for statement in said],
        notes=[
            f"De zinnen staan in hoofdstuk 2 van het plan en gaan over de jaren tot {analysis.plan.base_year}."
        ],
        id="themas",
    )


def _theme_row(analysis: Analysis, area: Area, statement: Statement) -> dict[str, Any]:
    indicator = statement.indicator or ""
    finding = analysis.findings.get((indicator, area.code))
    gone = Missing("geen cijfers over dit onderwerp")
    row = {
        "quote": statement.quote,
        "indicator": sentence_case(analysis.registry.indicators[indicator].label),
    }
    if finding is None:
        return {**row, "before": gone, "after": gone, "trend": gone}
    return {
        **row,
        "before": shown_count(finding, analysis.plan.base_year),
        "after": shown_count(finding, finding.year),
        "trend": trend_verdict(finding),
    }


def say_own_targets(analysis: Analysis, progress: TargetProgress) -> list[str]:
    """A target that is for this municipality alone."""
    word = PROGRESS_WORDS[progress.status.word][0]
    stand = say_reason(progress) if progress.status.word == ProgressWord.NOT_ASSESSABLE else f"Stand: {word}."
    label = sentence_case(progress.target.label)
    return [f"{label}. {stand}", *survey_sentences(analysis, progress.target)]


def summarise_parts(outlook: Outlook, targets: Sequence[TargetProgress], area: Area) -> list[str]:
    """What a council of one municipality should know in a minute."""
    analysis, shared = outlook.analysis, shared_targets(targets, area)
    found = [_say_changes(outlook, shared, area)]
    leading = next(
        (p for p in shared if not math.isnan(outlook.count(p.target.indicator, area, p.judged_year))), None
    )
    if leading is not None:
        own = outlook.count(leading.target.indicator, area, leading.judged_year)
        found.append(
            f"{sentence_case(leading.target.label)}: {numbers.count(own)} van de {numbers.count(leading.judged)} "
            f"in {analysis.region.in_words} in {leading.judged_year}."
        )
    if shared:
        found.append(f"{sentence_case(say_outcome(targets, analysis))}.")
    found += [
        f"Eigen doel, {p.target.label}: {PROGRESS_WORDS[p.status.word][0]}."
        for p in targets
        if p.target.areas == area.members
    ]
    return found


def _say_changes(outlook: Outlook, shared: Sequence[TargetProgress], area: Area) -> str:
    analysis = outlook.analysis
    first, last = analysis.plan.base_year, analysis.year
    if shared:
        last = most_common(p.judged_year for p in shared)
    changes = [
        outlook.count(p.target.indicator, area, last) - outlook.count(p.target.indicator, area, first)
        for p in shared
    ]
    known = [change for change in changes if not math.isnan(change)]
    if not known or first >= last:
        return f"Over {last} is er voor {area.in_words} nog geen verandering sinds {first} te noemen."
    since = f"in {last} dan in {first}" if last < analysis.year else f"dan in {first}"
    return f"{sentence_case(say_changes(known, since, f'in {area.in_words}'))}."
