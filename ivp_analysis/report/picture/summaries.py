"""The summary of a page: at most seven sentences, each made from results."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivp_analysis.methods.trend_result import share_undetermined
from ivp_analysis.methods.trend_words import UNTESTED
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import LEADING, Area, Finding
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import MOST_SENTENCES
from ivp_analysis.report.progress.assess import TargetProgress
from ivp_analysis.report.progress.wording import leading_target, say_leading, say_outcome
from ivp_analysis.report.wording.benchmark import say_differences
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import join_some, say_level, say_relative, say_trend

# A reader keeps three of each; the tables hold the rest.
MOST_NAMED = 3


def summarise_municipality(analysis: Analysis, area: Area, progress: Sequence[TargetProgress]) -> list[str]:
    """What changed and are the targets met, is that good, how does it compare, and how much of it is certain."""
    findings = analysis.findings_of(area)
    total = _total(findings)
    return [
        _first(findings, area, say_outcome(progress, analysis)),
        *(map(say_trend, [] if _leads_with_counts(findings) else total)),
        *filter(None, map(say_relative, total)),
        *_named(findings),
        *_levels(analysis, area),
        *_uncertain(findings),
    ][:MOST_SENTENCES]


def summarise_region(analysis: Analysis, progress: Sequence[TargetProgress]) -> list[str]:
    """The same for the region, with the first target of the plan by name."""
    findings = analysis.findings_of(analysis.region)
    leading = leading_target(progress)
    return [
        _first(findings, analysis.region, say_outcome(progress, analysis)),
        *([say_leading(leading)] if leading else []),
        *filter(None, map(say_relative, _total(findings))),
        *_named(findings),
        *_uncertain(findings),
    ][:MOST_SENTENCES]


def _leads_with_counts(findings: Sequence[Finding]) -> bool:
    """Where most series show no direction, counts say more than words."""
    share = share_undetermined(f.trend for f in findings)
    return bool(findings) and share > findings[0].rules.undetermined_share


def _first(findings: Sequence[Finding], area: Area, outcome: str) -> str:
    """Is it getting better or worse, and are the targets met? In one sentence; counts first where most directions
    are unknown.
    """
    counts = [say_level(f).rstrip(".") for f in _total(findings)] if _leads_with_counts(findings) else []
    clauses = (*counts, _balance(findings, area, brief=bool(counts)), outcome)
    return sentence_case("; ".join(clause for clause in clauses if clause)) + "."


def _levels(analysis: Analysis, area: Area) -> list[str]:
    found = [b for (_, code), b in analysis.benchmarks.items() if code == area.code]
    sentence = say_differences(found, most=MOST_NAMED)
    return [sentence] if sentence else []


def _tones(findings: Sequence[Finding]) -> list[str]:
    return [f.tone for f in findings]


def _balance(findings: Sequence[Finding], area: Area, *, brief: bool) -> str:
    """How many subjects improve and get worse, as a clause; brief: after another clause about the area."""
    tones, n = _tones(findings), len(findings)
    good, bad = tones.count("good"), tones.count("bad")
    verb = "verbetert" if good < 2 else "verbeteren"
    worse = f"verslechtert er {bad or 'geen'}" if bad < 2 else f"verslechteren er {bad}"
    if not good and not bad:
        said = f"geen van de {n} onderwerpen"
        return (
            f"{said} verbetert of verslechtert aantoonbaar"
            if brief
            else (f"in {area.in_words} verbetert of verslechtert {said} aantoonbaar")
        )
    said = f"{good or 'geen'} van de {n} onderwerpen"
    if brief:
        return f"{said} {verb} en {bad or 'geen'} {'verslechtert' if bad < 2 else 'verslechteren'}"
    return f"in {area.in_words} {verb} {said} en {worse}"


def _total(findings: Sequence[Finding]) -> list[Finding]:
    """All crime together, or the first leading subject that has a count."""
    known = {f.indicator.id: f for f in findings if not math.isnan(f.count)}
    return [known[i] for i in LEADING if i in known][:1]


def _named(findings: Sequence[Finding]) -> list[str]:
    """Which subjects improve; which get worse, and which move without that being either. The strongest first."""
    good, bad, open_ = (
        _strongest([f for f in findings if f.tone == tone], word)
        for tone, word in (("good", "gunstig"), ("bad", "ongunstig"), ("neutral", "zonder oordeel"))
    )
    clauses = (good, "; ".join(filter(None, (bad, open_))))
    return [f"{sentence_case(clause)}." for clause in clauses if clause]


def _strongest(chosen: Sequence[Finding], word: str) -> str:
    if not chosen:
        return ""
    strongest = sorted(chosen, key=lambda f: -abs(f.trend.slope / f.trend.se))
    names = join_some([f"{f.indicator.label} ({f.word.text})" for f in strongest], MOST_NAMED)
    first = min(f.trend.first_year or 0 for f in strongest)
    last = max(f.trend.last_year or 0 for f in strongest)
    return f"{word} in {numbers.years(first, last)}: {names}"


def _uncertain(findings: Sequence[Finding]) -> list[str]:
    """The share of series without a direction, which every page prints, and how many could not be tested."""
    share = share_undetermined(f.trend for f in findings)
    few = sum(f.trend.word in UNTESTED for f in findings)
    parts = []
    if not math.isnan(share):
        parts.append(
            f"van {numbers.percent(share)} van de getoetste onderwerpen is de richting niet vast te stellen"
        )
    if few:
        parts.append(
            f"bij {few} van de {len(findings)} onderwerpen zijn er te weinig jaren of te kleine aantallen voor een trend"
        )
    return [f"{sentence_case('; '.join(parts))}."] if parts else []
