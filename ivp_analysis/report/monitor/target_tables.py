"""The tables and figures of the targets month by month."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ivp_analysis.report.figures import draw_monitor
from ivp_analysis.report.monitor.targets import RunningYear, WatchedTarget
from ivp_analysis.report.monitor.words import PATH_WORDS
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing, Verdict
from ivp_analysis.report.page.pieces import Figure
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case

# Three years: the path and two turns of the season.
SHOWN_MONTHS = 36
_GONE = Missing("geen cijfer")
_NO_PATH = Missing("het pad begint in het uitgangsjaar")


def tabulate_sums(targets: Sequence[WatchedTarget], month: str) -> Table:
    """Sums of 12 months beside the path from baseline to target."""
    columns = [
        Column("target", "Doel"),
        Column("now", "12 maanden", f"t/m {numbers.period(month)}", format="count"),
        Column("before", "Een maand eerder", format="count"),
        Column("year_ago", "Een jaar eerder", format="count"),
        Column("path", "Pad", "nu", format="count"),
        Column("chance", "Toeval", "om het pad", format="range"),
        Column("goal", "Doel", "hoogstens", align="right"),
        Column("word", "Oordeel", format="verdict"),
    ]
    return Table(
        caption=f"De doelen in {numbers.period(month)}: sommen van 12 maanden",
        columns=columns,
        rows=[_sum_row(t, month) for t in targets],
        notes=[
            "Een som van 12 maanden heeft geen seizoen: elke maand valt er één af en komt er één bij.",
            "Pad: de rechte weg van de uitgangswaarde naar het doel; na het doeljaar het doel zelf.",
            "Toeval: de sommen die bij een niveau op het pad nog gewoon zijn. Daarbinnen heet een som rond het pad.",
        ],
        id="twaalf-maanden",
    )


def _sum_row(watched: WatchedTarget, month: str) -> dict[str, Any]:
    target = watched.target
    row: dict[str, Any] = {
        "target": sentence_case(target.label),
        "goal": f"{numbers.count(target.target)} ({target.target_year})",
    }
    if watched.absent:
        empty = dict.fromkeys(("now", "before", "year_ago", "path", "chance"), _GONE)
        return {
            **row,
            **empty,
            "word": Verdict("niet te beoordelen", numbers.DASH, "unknown", watched.absent),
        }
    assert watched.series is not None, "a target that is not absent has months"
    judged, own = watched.judged[-1], watched.series.months[-1]
    word = PATH_WORDS[judged.word]
    late = f"t/m {numbers.period(own)}" if own != month else ""
    return {
        **row,
        "now": _known(watched.sum_before(0)),
        "before": _known(watched.sum_before(1)),
        "year_ago": _known(watched.sum_before(12)),
        "path": _NO_PATH if math.isnan(judged.path) else judged.path,
        "chance": _NO_PATH if math.isnan(judged.path) else (judged.lower, judged.upper),
        "word": Verdict(word.word, word.sign, word.tone, late),
    }


def _known(value: float) -> Any:
    return _GONE if math.isnan(value) else value


def tabulate_running(targets: Sequence[WatchedTarget], *, level: float, confidence: float) -> Table | None:
    """The year so far beside last year and the path; None where no target has months. level: the chance that the
    whole year ends within what is shown for it; confidence: that of the margin of the change.
    """
    margins = numbers.margin(level), numbers.margin(confidence)
    found = [(t, t.running) for t in targets if t.running is not None and t.running.so_far.months]
    if not found:
        return None
    year = max(running.year for _, running in found)
    partial = any(running.law is not None for _, running in found)
    ahead = [
        Column("whole", "Heel het jaar", margins[0], format="range"),
        Column("path", "Pad", "heel het jaar", format="count"),
        Column("chance", "Kans", "op of onder het pad", format="chance"),
    ]
    columns = [
        Column("target", "Doel"),
        Column("months", "Maanden"),
        Column("now", str(year), "tot nu toe", format="count"),
        Column("then", str(year - 1), "zelfde maanden", format="count"),
        Column("change", "Verandering", margins[1], format="signed_percent_range"),
        Column("goal", "Pad", "tot nu toe", format="count"),
        *(ahead if partial else []),
    ]
    return Table(
        caption=f"De doelen in {year} tot nu toe",
        columns=columns,
        rows=[{"target": sentence_case(t.target.label), **_running_row(r, level)} for t, r in found],
        notes=[
            "Vergeleken worden alleen maanden die beide jaren hebben. Bevat de marge van de verandering nul, dan kan "
            "het verschil toeval zijn.",
            "Pad tot nu toe: wat een jaar op het pad in deze maanden zou tellen, met het seizoen van de laatste jaren.",
        ],
        id="jaar-tot-nu",
    )


def _running_row(running: RunningYear, level: float) -> dict[str, Any]:
    so_far, test = running.so_far, running.so_far.comparison
    some = test is not None and math.isfinite(test.lower) and math.isfinite(test.upper)
    whole = running.law.interval(level) if running.law is not None else _GONE
    return {
        "months": _name_months(so_far.months),
        "now": so_far.count,
        "then": so_far.previous,
        "change": (test.lower - 1, test.upper - 1)
        if some and test is not None
        else Missing("te kleine aantallen"),
        "goal": _NO_PATH if math.isnan(running.goal) else running.goal_so_far,
        "whole": whole,
        "path": _NO_PATH if math.isnan(running.goal) else running.goal,
        "chance": _NO_PATH if running.chance is None else running.chance,
    }


def _name_months(months: Sequence[int]) -> str:
    """`jan–mrt`; with a gap how many of them there are."""
    names = [numbers.period(f"2000-{m:02d}")[:3] for m in (months[0], months[-1])]
    span = names[0] if months[0] == months[-1] else "–".join(names)
    whole = len(months) == months[-1] - months[0] + 1
    return span if whole else f"{span} ({len(months)} maanden)"


def draw_sums(watched: WatchedTarget) -> Figure | None:
    """The last sums of 12 months with the path; None without a path or without sums."""
    if watched.series is None or watched.sums is None:
        return None
    rows = [i for i, judged in enumerate(watched.judged) if not math.isnan(judged.path)][-SHOWN_MONTHS:]
    if not rows or not any(math.isfinite(watched.sums[i]) for i in rows):
        return None
    title = f"{sentence_case(watched.target.label)}: sommen van 12 maanden en het pad"
    drawing = draw_monitor(
        [watched.series.months[i] for i in rows],
        [float(watched.sums[i]) for i in rows],
        [watched.judged[i].path for i in rows],
        [watched.judged[i].lower for i in rows],
        [watched.judged[i].upper for i in rows],
        None,
        label=title,
        unit=f"{watched.target.unit}, 12 maanden",
        names=("som van 12 maanden", "pad naar het doel, met toeval"),
    )
    return Figure(drawing, title, data=_sum_data(watched, rows, title))


def _sum_data(watched: WatchedTarget, rows: Sequence[int], title: str) -> Table:
    """What the drawing shows."""
    assert watched.series is not None, "there is a drawing"
    assert watched.sums is not None, "there is a drawing"
    columns = [
        Column("month", "12 maanden t/m", format="period"),
        Column("sum", "Som", format="count"),
        Column("path", "Pad", format="count"),
        Column("chance", "Toeval", "om het pad", format="range"),
    ]
    found = [
        {
            "month": watched.series.months[i],
            "sum": _known(float(watched.sums[i])),
            "path": watched.judged[i].path,
            "chance": (watched.judged[i].lower, watched.judged[i].upper),
        }
        for i in rows
    ]
    name = f"sommen-{watched.target.id.replace('_', '-')}"[:40]
    return Table(caption=f"{title}: de cijfers", columns=columns, rows=found, notes=[], id=name)
