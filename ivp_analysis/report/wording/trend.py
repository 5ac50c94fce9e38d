"""One sentence per result, from one table of rules: the same fact is said the same way on every page.

Every sentence names what it is about (and that it is registration), the window, the direction, how sure that is and,
where the registry says so, whether it is good.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivp_analysis.methods.trend_result import TrendResult
from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.page import numbers
from ivp_analysis.report.wording.relative import RelativeWord, peer_change, relative_clause, relative_word

_VERDICTS = {"good": "Dat is gunstig.", "bad": "Dat is ongunstig."}


def say_trend(finding: Finding) -> str:
    """Direction, size, certainty and favourability of one series over its window."""
    word = finding.word
    if word.singular:
        clause = word.plural if finding.indicator.plural else word.singular
        parts = [f"{_subject(finding)} {clause} ({say_window(finding)}{_latest(finding)}{_size(finding)})."]
    else:
        parts = [_unsaid(finding)]
    verdict = _VERDICTS.get(finding.tone)
    if verdict:
        parts.append(verdict)
    return " ".join(parts)


def say_relative(finding: Finding) -> str:
    """How that trend compares with the same trend of comparable municipalities; nothing where it cannot be told."""
    rule = relative_word(finding.trend)
    if rule is None:
        return ""
    clause = relative_clause(rule, plural=finding.indicator.plural)
    return f"{_subject(finding)} {clause} ({say_window(finding)}{_difference_elsewhere(finding, rule)})."


def _difference_elsewhere(finding: Finding, rule: RelativeWord) -> str:
    """How it went there and how far apart; where they keep pace, the bounds that this word rests on."""
    relative, rules = finding.trend.relative, finding.rules
    if not (rule.sure and finding.carries_percentage and relative):
        return ""
    there, change = (
        numbers.percent(c, 1, signed=True) for c in (peer_change(finding.trend), relative.change)
    )
    text = f", daar {there} per jaar; verschil {change}"
    if relative.word is TrendWord.STABLE:
        return f"{text}, met {numbers.percent(rules.equivalence_confidence)} zekerheid minder dan {numbers.percent(rules.equivalence)}"
    low, high = (numbers.percent(end, 1, signed=True) for end in (relative.lower, relative.upper))
    return f"{text}, {numbers.percent(rules.confidence)}-marge {low} tot {high}"


def say_heterogeneity(finding: Finding) -> str:
    """Whether the municipalities of a region share its trend; nothing where it cannot be told."""
    if finding.areas_differ is None:
        return ""
    differ = "verschillen aantoonbaar" if finding.areas_differ else "verschillen niet aantoonbaar"
    about = f"{finding.indicator.sentence_label} ({say_window(finding)})"
    return f"De gemeenten {differ} in hun ontwikkeling van {about}."


def say_level(finding: Finding) -> str:
    """How many there were in the reference year, beside the year before and the number of inhabitants."""
    if finding.year in finding.hidden:
        return (
            f"Over {finding.year} wordt het aantal {finding.indicator.label} in {finding.area.in_words} niet getoond: "
            f"het is kleiner dan {finding.rules.least_shown}, of het verraadt zo'n aantal."
        )
    if math.isnan(finding.count):
        return f"Over {finding.year} is er geen cijfer voor {finding.indicator.sentence_label} in {finding.area.in_words}."
    about = f"{_upper(finding.indicator.sentence_label)} in {finding.area.in_words}"
    text = f"{about}: {numbers.count(finding.count)} in {finding.year}"
    if not math.isnan(finding.previous):
        text += f", {_difference(finding.count - finding.previous)} in {finding.year - 1}"
    return f"{text}."


def say_window(finding: Finding) -> str:
    """`2017–2024`; with fewer years than that, how many: `2014–2024, 8 van 11 jaren`."""
    trend = finding.trend
    if not trend.n_years or trend.first_year is None or trend.last_year is None:
        return "geen cijfers"
    span = trend.last_year - trend.first_year + 1
    gaps = "" if trend.n_years == span else f", {trend.n_years} van {span} jaren"
    return f"{trend.first_year}–{trend.last_year}{gaps}"


def say_latest(finding: Finding) -> str:
    """How much the latest year differs from the one before; nothing where that is not known."""
    change = finding.trend.last_change
    return "" if change is None else f"laatste jaar {numbers.signed(change)}"


def say_visible(trend: TrendResult) -> str:
    """Beside a direction that is not known: from where a change would probably have been seen."""
    least = trend.minimum_detectable_change
    if trend.word is not TrendWord.UNDETERMINED or math.isnan(least):
        return ""
    return f"zichtbaar vanaf {numbers.percent(least, 0)} per jaar"


def _latest(finding: Finding) -> str:
    latest = say_latest(finding)
    return f"; {latest}" if latest else ""


def _subject(finding: Finding) -> str:
    return f"{_upper(finding.indicator.sentence_label)} in {finding.area.in_words}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _size(finding: Finding) -> str:
    """The yearly change with its interval; a percentage of very small counts would only mislead."""
    trend = finding.trend
    if not finding.carries_percentage:
        return ""
    low, high = numbers.percent(trend.lower, 1, signed=True), numbers.percent(trend.upper, 1, signed=True)
    return f"; {numbers.percent(trend.change, 1, signed=True)} per jaar; {numbers.percent(finding.rules.confidence)}-marge {low} tot {high}"


def _unsaid(finding: Finding) -> str:
    """Why there is no direction, and what would have been seen."""
    trend, subject = finding.trend, finding.indicator.sentence_label
    where = f"{subject} in {finding.area.in_words}"
    if trend.word == "too_few_years":
        return f"Voor een trend van {where} zijn er te weinig jaren ({trend.n_years} van minstens {finding.rules.min_years})."
    if trend.word == "too_small":
        return f"Voor een trend van {where} zijn de aantallen te klein ({say_window(finding)})."
    if math.isnan(trend.minimum_detectable_change):
        return (
            f"Van {where} is de richting niet vast te stellen ({say_window(finding)}{_latest(finding)}): zonder cijfers van andere "
            "gemeenten is niet te schatten hoe sterk jaren toevallig schommelen."
        )
    visible = numbers.percent(trend.minimum_detectable_change, 0)
    return (
        f"Van {where} is de richting niet vast te stellen ({say_window(finding)}{_latest(finding)}). "
        f"Een verandering van minder dan ongeveer {visible} per jaar kan hier onopgemerkt blijven."
    )


def _difference(change: float) -> str:
    if change == 0:
        return "evenveel als"
    return f"{numbers.count(abs(change))} {'meer' if change > 0 else 'minder'} dan"


def join_words(words: Sequence[str]) -> str:
    """`a`, `a en b`, `a, b en c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"


def join_some(words: Sequence[str], most: int, others: str = "andere") -> str:
    """The first `most` and how many more: `a, b, c en 2 andere`. A single one more takes no more room by its name."""
    rest = len(words) - most
    return join_words([*words[:most], f"{rest} {others}"] if rest > 1 else words)
