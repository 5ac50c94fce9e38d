"""The published baselines of the plan beside our own figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ivp_analysis.data.reconcile import Reconciliation
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Counted, Missing, Verdict
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.wording.tabulate import sentence_case

VERDICTS: dict[str, tuple[str, str]] = {
    "reproduced": ("komt overeen", "✓"),
    "differs": ("wijkt af", "≠"),
    "not reproducible": ("niet na te rekenen", numbers.DASH),
}


def tabulate_baselines(found: Sequence[Reconciliation], analysis: Analysis, *, others: bool = False) -> Table:
    """The published baselines beside ours: by the recipe that counts here, or by all the others."""
    columns = [
        Column("target", "Doel"),
        Column("published", "Het plan", align="right"),
        Column("recomputed", "Onze cijfers", align="right"),
        Column("recipe", "Nagerekend met"),
        Column("verdict", "Oordeel", format="verdict"),
    ]
    known = {one.target.id for one in found if one.shown}
    first = {one.target.id: one for one in reversed(found) if one.target.id not in known}
    main = [one for one in found if one.shown or one is first.get(one.target.id)]
    chosen = [one for one in found if all(one is not m for m in main)] if others else main
    return Table(
        caption="Dezelfde uitgangswaarden met andere bronnen en lezingen"
        if others
        else "De uitgangswaarden van het plan, nagerekend",
        columns=columns,
        rows=[_baseline_row(one, analysis) for one in chosen],
        notes=[f"Het plan: {analysis.plan.document}.", _tolerance(analysis)],
        id="andere-lezingen" if others else "uitgangswaarden",
    )


def _tolerance(analysis: Analysis) -> str:
    rules = analysis.registry.method.group("targets")
    most, share = (
        numbers.count(rules["baseline_tolerance_abs"]),
        numbers.percent(rules["baseline_tolerance_rel"]),
    )
    return (
        f"Komt overeen: het verschil is hoogstens {most}, of {share} van de uitgangswaarde als dat meer is."
    )


def _baseline_row(one: Reconciliation, analysis: Analysis) -> dict[str, Any]:
    target = one.target
    write = numbers.percent if target.kind == "share" else Counted
    # The code of a survey is the name of its question, which the title says already.
    codes = "" if target.kind == "share" else f": {' + '.join(one.recipe.codes)}"
    detail = "andere lezing" if one.alternative else ""
    missing = {
        "no source": "de bron is er niet",
        "no year": f"geen cijfers over {target.baseline_year}",
        "no figures": "niet voor alle gemeenten een cijfer",
    }.get(one.missing, "")
    word, sign = VERDICTS[one.verdict]
    gone = Missing(missing or "geen cijfer")
    return {
        "target": sentence_case(target.label),
        "published": f"{write(target.baseline)} ({target.baseline_year})",
        "recomputed": gone if math.isnan(one.recomputed) else write(one.recomputed),
        "recipe": f"{analysis.registry.sources[one.recipe.source].title}{codes}",
        "verdict": Verdict(word, sign, "unknown", missing or detail),
    }
