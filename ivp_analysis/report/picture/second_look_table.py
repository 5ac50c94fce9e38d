"""The folded table beside the headline: other years, known breaks, another test; and the sentences that name a flip."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.mann_kendall import MannKendall
from ivp_analysis.methods.trend import TrendResult
from ivp_analysis.methods.trend_words import UNTESTED
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.analysis.second_look import SecondLook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing, Verdict
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.page.words import TREND_WORDS, judge
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import join_words, say_visible

_NOTES = (
    "Zonder coronajaren: dezelfde jaren, maar zonder {years}.",
    "Met bekende breuken: het niveau mag verspringen waar de registratie veranderde. Wat zo'n sprong verklaart, telt dan "
    "niet als trend; met weinig jaren blijft er dan vaak geen richting over.",
    "Tweede mening: de toets van Mann-Kendall, en de helling van Sen per 1.000 inwoners; zij veronderstellen geen rechte "
    "lijn en geen verdeling.",
)


def tabulate_second_looks(findings: Sequence[Finding], analysis: Analysis, *, caption: str, id: str) -> Table:
    """Word with all years, without the corona years and with known breaks; a flip is marked in words."""
    looks = [analysis.second_looks[f.indicator.id, f.area.code] for f in findings]
    columns = [
        Column("indicator", "Onderwerp"),
        Column("word", "Trend", "alle jaren", format="verdict"),
        Column("covid", "Trend", "zonder coronajaren", format="verdict"),
        Column("breaks", "Trend", "met bekende breuken", format="verdict"),
        Column("opinion", "Tweede mening", "Mann-Kendall en Sen"),
    ]
    covid = sorted({year for look in looks for year in look.covid_years})
    years = join_words([str(year) for year in covid])
    notes = [_NOTES[0].format(years=years), *_NOTES[1:]] if covid else list(_NOTES[1:])
    rows = [_row(finding, look, analysis) for finding, look in zip(findings, looks, strict=True)]
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, id=id)


def say_second_looks(findings: Sequence[Finding], analysis: Analysis) -> list[str]:
    """Every subject whose direction is another one, named."""
    sentences = []
    for finding in findings:
        look = analysis.second_looks[finding.indicator.id, finding.area.code]
        changed = [
            f"{when} {TREND_WORDS[other.word].text}"
            for when, other, flips in (
                ("zonder de coronajaren", look.without_covid, look.covid_flips),
                ("met bekende breuken", look.with_breaks, look.breaks_flip),
            )
            if flips and other is not None and other.word is not None
        ]
        if changed:
            about = f"{sentence_case(finding.indicator.label)} in {finding.area.in_words}"
            sentences.append(f"{about}: {finding.word.text}, maar {join_words(changed)}.")
    return sentences


def _row(finding: Finding, look: SecondLook, analysis: Analysis) -> dict[str, Any]:
    return {
        "indicator": sentence_case(finding.indicator.label),
        "word": Verdict(finding.word.text, finding.word.sign, finding.tone, say_visible(finding.trend)),
        "covid": _other(finding, look.without_covid, look.covid_flips, "geen coronajaar in het venster"),
        "breaks": _other(finding, look.with_breaks, look.breaks_flip, "geen bekende breuk in het venster"),
        "opinion": _opinion(finding, look, analysis),
    }


def _opinion(finding: Finding, look: SecondLook, analysis: Analysis) -> str | Missing:
    if finding.trend.word in UNTESTED:
        return Missing(finding.word.text)
    per = float(analysis.registry.method.group("rates")["per"])
    return say_second_opinion(look.headline.kendall, confidence=analysis.trend_rules.confidence, per=per)


def _other(finding: Finding, trend: TrendResult | None, flips: bool, absent: str) -> Verdict | Missing:
    if trend is None or trend.word is None:
        return Missing(absent)
    word = TREND_WORDS[trend.word]
    tone = judge(word.direction, finding.indicator.polarity)
    detail = "; ".join(filter(None, ("ander beeld" if flips else "", say_visible(trend))))
    return Verdict(word.text, word.sign, tone, detail)


def say_second_opinion(kendall: MannKendall | None, *, confidence: float, per: float) -> str | Missing:
    """The direction that a test without a form sees, and how steep; the slope is of the rate per `per` inhabitants."""
    if kendall is None or math.isnan(kendall.p):
        return Missing("te weinig jaren of geen verschil")
    p = "p\xa0<\xa00,01" if kendall.p < 0.005 else f"p\xa0=\xa0{numbers.decimal(kendall.p, 2)}"
    slope = f"{numbers.signed(kendall.sen_slope * per, 2)} per jaar"
    if kendall.p > 1 - confidence:
        return f"geen zekere richting ({slope}; {p})"
    return f"{'daling' if kendall.s < 0 else 'stijging'} ({slope}; {p})"
