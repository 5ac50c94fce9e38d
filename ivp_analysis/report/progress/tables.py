"""The tables and figures of the progress report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ivp_analysis.report.figures import Band, Drawing, draw_target_path
from ivp_analysis.report.forecast.forecasts import expected_columns
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Counted, Missing
from ivp_analysis.report.page.pieces import Figure, Tile, Tiles
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.progress.assess import TargetProgress, milestones_of, most_common
from ivp_analysis.report.progress.wording import reason_words
from ivp_analysis.report.targets.words import progress_verdict
from ivp_analysis.report.wording.tabulate import sentence_case


def tabulate_progress(progress: Sequence[TargetProgress]) -> Table:
    """Every target in one row; the survey in percents."""
    year, judged = progress[0].year, most_common(p.judged_year for p in progress)
    later = [Column("later", str(year), "daarna", align="right")] if judged < year else []
    columns = [
        Column("target", "Doel"),
        Column("status", "Stand", format="verdict"),
        Column("baseline", "Begin", align="right"),
        Column("goal", "Hoogstens", align="right"),
        Column("count", str(judged), align="right"),
        *later,
        Column("share", "Bereikt", "van de daling", format="percent"),
        Column("elsewhere", "Elders", "per inwoner", format="signed_percent"),
        *([Column("chance", "Kans", format="chance")] if any(p.chance is not None for p in progress) else []),
    ]
    first = most_common(p.target.baseline_year for p in progress)
    last = most_common(p.target.target_year for p in progress)
    notes = [
        f"Begin: de uitgangswaarde van het plan, {first} tenzij er een ander jaar staat. Hoogstens: in {last}.",
        "Elders: de verandering bij vergelijkbare gemeenten sinds het uitgangsjaar, tot uiterlijk het doeljaar.",
        "Bereikt: de daling tot nu toe als deel van de gevraagde daling; onder nul is het gestegen.",
    ]
    if any(p.ended for p in progress):
        notes.append("Na het doeljaar geldt de uitkomst van dat jaar; er is dan geen kans meer te noemen.")
    return Table(
        caption=f"De stand van de doelen in {year}",
        columns=columns,
        rows=[_row(p, first, last, judged) for p in progress],
        notes=notes,
        id="voortgang",
    )


def tile_progress(progress: Sequence[TargetProgress]) -> Tiles:
    """A strip with the status of every target."""
    return Tiles([_tile(p) for p in progress], label="De stand van elk doel")


def _tile(progress: TargetProgress) -> Tile:
    verdict = progress_verdict(progress.status.word, durable=progress.status.is_durable)
    judged = _judged(progress, progress.judged_year)
    aim = f"hoogstens {_written(progress, progress.target.target)} in {progress.target.target_year}"
    return Tile(
        label=sentence_case(progress.target.label),
        word=verdict.word,
        sign=verdict.sign,
        tone=verdict.tone,
        detail=aim,
        value="" if isinstance(judged, Missing) else f"{judged} in {progress.judged_year}",
    )


def _row(progress: TargetProgress, first: int, last: int, judged: int) -> dict[str, Any]:
    target, figures = progress.target, progress.figures
    gone = Missing("niet van toepassing of niet bekend")
    detail = reason_words(progress) if progress.status.reason else ""
    elsewhere = progress.elsewhere
    return {
        "target": sentence_case(target.label),
        "baseline": _dated(progress, target.baseline, target.baseline_year, first),
        "count": _judged(progress, judged),
        "later": _count(progress, progress.count),
        "goal": _dated(progress, target.target, target.target_year, last),
        "share": figures.share_of_change if figures and math.isfinite(figures.share_of_change) else gone,
        "elsewhere": elsewhere.peers
        if elsewhere
        else Missing("te weinig cijfers van vergelijkbare gemeenten"),
        "chance": gone if progress.chance is None else progress.chance,
        "status": progress_verdict(progress.status.word, durable=progress.status.is_durable, detail=detail),
    }


def _written(progress: TargetProgress, value: float) -> str:
    return numbers.percent(value) if progress.target.kind == "share" else Counted(value)


def _dated(progress: TargetProgress, value: float, year: int, usual: int) -> str:
    """The year only where it is another than that of the other targets."""
    written = _written(progress, value)
    return written if year == usual else f"{written} ({year})"


def _judged(progress: TargetProgress, usual: int) -> str | Missing:
    """The count that the status rests on; of a survey the last measurement with its year."""
    if progress.survey:
        last = progress.survey[-1]
        return _dated(progress, last.share.value, last.year, usual)
    if math.isnan(progress.judged):
        return Missing("geen cijfer over dit jaar")
    return _dated(progress, progress.judged, progress.judged_year, usual)


def _count(progress: TargetProgress, value: float) -> str | Missing:
    missing = math.isnan(value) or not progress.year > progress.judged_year
    return Missing("geen cijfer over dit jaar") if missing else _written(progress, value)


def tabulate_history(progress: TargetProgress) -> Table:
    """Count and chance as they stood in each year since the baseline."""
    chances = dict(progress.history)
    first, last = progress.target.baseline_year, progress.year
    columns = [
        Column("year", "Jaar", format="year", align="left"),
        Column("count", "Aantal", format="count"),
        Column("chance", "Kans op het doel, met de kennis van dat jaar", format="chance"),
    ]
    ended = Missing("het doeljaar is voorbij")
    rows = [
        {
            "year": year,
            "count": progress.counts[progress.years.index(year)] if year in progress.years else math.nan,
            "chance": chances.get(
                year, ended if year >= progress.target.target_year else Missing("geen verwachting")
            ),
        }
        for year in range(first, last + 1)
    ]
    return Table(
        caption=f"{sentence_case(progress.target.label)}: de kans door de jaren heen",
        columns=columns,
        rows=rows,
        notes=[],
        id=f"kans-{_slug(progress)}",
    )


def draw_progress(progress: TargetProgress) -> Figure:
    """The path from baseline to target, the counts on it, and the projection from the reference year."""
    target = progress.target
    ahead = None
    if progress.forecast is not None:
        years = list(range(progress.year + 1, target.target_year + 1))
        points = progress.forecast.projection.path(years)
        medians, lows, highs = zip(*((p.median, p.lower, p.upper) for p in points), strict=True)
        ahead = Band(years, medians, lows, highs, progress.forecast.projection.rules.interval)
    drawing: Drawing = draw_target_path(
        progress.years,
        [None if math.isnan(count) else count for count in progress.counts],
        baseline=(target.baseline_year, target.baseline),
        target=(target.target_year, target.target),
        projection=ahead,
        probability=progress.chance,
        label=f"{sentence_case(target.label)} in {progress.area.in_words}",
        unit=target.unit,
    )
    title = f"{sentence_case(target.label)}: de weg naar hoogstens {numbers.count(target.target)}"
    return Figure(drawing, title, _tabulate_path(progress, title))


def _tabulate_path(progress: TargetProgress, title: str) -> Table:
    """Year by year: the count, where the path lies, and what is expected."""
    target, counts = progress.target, dict(zip(progress.years, progress.counts, strict=True))
    way = milestones_of(target)
    ahead = range(progress.year + 1, target.target_year + 1)
    points = {p.year: p for p in progress.forecast.projection.path(list(ahead))} if progress.forecast else {}
    on_path = range(target.baseline_year, target.target_year + 1)
    rows = [
        {
            "year": year,
            "count": counts.get(year, math.nan),
            "path": way.path(year) if year in on_path else Missing("buiten de looptijd van het doel"),
            "median": points[year].median if year in points else Missing("geen verwachting voor dit jaar"),
            "range": (points[year].lower, points[year].upper) if year in points else None,
        }
        for year in sorted({*counts, *on_path})
    ]
    columns = [
        Column("year", "Jaar", format="year", align="left"),
        Column("count", "Aantal", format="count"),
        Column("path", "Weg naar de streefwaarde", "aantal", format="count"),
        *(expected_columns(progress.forecast) if progress.forecast else ()),
    ]
    return Table(caption=f"{title}, in cijfers", columns=columns, rows=rows, id=f"weg-{_slug(progress)}")


def _slug(progress: TargetProgress) -> str:
    return progress.target.id.replace("_", "-")[:30]
