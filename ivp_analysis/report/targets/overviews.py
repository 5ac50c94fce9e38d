"""Tables over several targets at once: what they leave for the rest, and the indicators without a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.candidates import Candidate
from ivp_analysis.report.forecast.forecasts import expected_columns
from ivp_analysis.report.forecast.skill_cards import SkillBook
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.targets.setting import Nesting, Setting
from ivp_analysis.report.targets.tables import skill_words
from ivp_analysis.report.targets.words import COHERENCE_WORDS
from ivp_analysis.report.wording.tabulate import sentence_case


def tabulate_nestings(nestings: Sequence[Nesting]) -> Table:
    """What the targets leave for what has no target."""
    columns = [
        Column("what", "Doelen"),
        Column("before", "Uitgangswaarde", "aantal", format="count"),
        Column("after", "Hoogstens", "aantal", format="count"),
        Column("change", "Verandering", format="signed_percent"),
        Column("word", "Past dat?"),
    ]
    rows = []
    for nesting in nestings:
        fit = nesting.coherence
        parts = [(f"waarvan {p.label}", p.baseline, p.target) for p in nesting.parts]
        lines = [(nesting.whole.label, fit.whole.baseline, fit.whole.target), *parts]
        rows += [_nesting_row(what, before, after, "") for what, before, after in lines]
        rows.append(
            _nesting_row(
                "blijft over voor de rest", fit.rest.baseline, fit.rest.target, COHERENCE_WORDS[fit.word]
            )
        )
    return Table(caption="Passen de doelen bij elkaar?", columns=columns, rows=rows, notes=[], id="samenhang")


def _nesting_row(what: str, before: float, after: float, word: str) -> dict[str, Any]:
    change = after / before - 1 if before > 0 else Missing("geen uitgangswaarde")
    row = {"what": sentence_case(what), "before": before, "after": after, "change": change}
    return {**row, "word": word or Missing("deel van het geheel")}


def tabulate_open_indicators(settings: Sequence[Setting], book: SkillBook) -> Table:
    """The candidates of each indicator without a target, in short."""
    origin, year = settings[0].origin, settings[0].target_year
    columns = [
        Column("indicator", "Onderwerp"),
        Column("now", str(origin), "aantal", format="count"),
        Column("median", "A. Verwacht", "aantal", format="count"),
        expected_columns(settings[0].forecast)[1],
        Column("peers", "B. Als anderen", "aantal", format="count"),
        Column("visible", "C. Zichtbaar vanaf", "aantal", format="count"),
        Column("keep", "E. Kans op niet meer dan nu", format="chance"),
        Column("skill", "Hoe goed waren zulke verwachtingen eerder?"),
    ]
    return Table(
        caption=f"Onderwerpen zonder streefwaarde: wat een doel voor {year} zou kunnen zijn",
        columns=columns,
        rows=[_open_row(s, book) for s in settings],
        notes=[
            "Een ambitie (D) kiest de raad zelf, met de reden erbij.",
            "Een streefwaarde boven C is niet van toeval te onderscheiden.",
        ],
        id=f"zonder-doel-{origin}",
    )


def _open_row(setting: Setting, book: SkillBook) -> dict[str, Any]:
    expected = setting.expected
    peers, visible = (setting.option(c).proposal for c in (Candidate.BENCHMARK, Candidate.VISIBLE))
    none = Missing("te weinig cijfers van vergelijkbare gemeenten")
    unseen = Missing("geen enkele daling is zichtbaar")
    return {
        "indicator": sentence_case(setting.indicator.label),
        "now": setting.baseline.count,
        "median": expected.median,
        "range": (expected.lower, expected.upper),
        "peers": peers.value if peers and peers.value is not None else none,
        "visible": visible.value if visible and visible.value is not None else unseen,
        "keep": setting.forecast.projection.probability(setting.baseline.count, setting.target_year),
        "skill": skill_words(setting, book),
    }
