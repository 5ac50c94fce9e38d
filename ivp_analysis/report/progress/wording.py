"""The sentences of the progress report: where a target stands, the chance, the change, and elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ivp_analysis.methods.progress import NoProgress, ProgressWord
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.targets import choose_chance_word
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import MOST_SENTENCES
from ivp_analysis.report.progress.assess import TargetProgress, most_common
from ivp_analysis.report.targets.words import (
    CHANCE_WORDS,
    DURABLE,
    PROGRESS_TALLY,
    PROGRESS_WORDS,
    REASONS,
    say_chance,
    say_tally,
)
from ivp_analysis.report.wording.account import say_unusual_years
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import join_words


def say_progress(progress: TargetProgress, outlook: Outlook) -> list[str]:
    """A count target in sentences: status and count, chance, change asked and made, elsewhere, later year."""
    if progress.status.word == ProgressWord.NOT_ASSESSABLE:
        return [say_reason(progress), *say_baseline(progress)]
    change = [*_say_change(progress, outlook.analysis), *_say_elsewhere(progress, outlook.analysis)]
    years = (progress.target.baseline_year, progress.judged_year)
    unusual = say_unusual_years(outlook.analysis, progress.target.indicator, years)
    rest = [*_say_months(progress), *_say_later(progress), *say_baseline(progress), *unusual]
    return [
        _say_count(progress),
        *_say_chance(progress, outlook),
        *([" ".join(change)] if change else []),
        *([" ".join(rest)] if rest else []),
    ]


def reason_words(progress: TargetProgress) -> str:
    """Why there is no status, in a clause."""
    if progress.year < progress.target.baseline_year:
        return f"het verslagjaar ligt voor het uitgangsjaar {progress.target.baseline_year}"
    if progress.status.reason == NoProgress.NO_FORECAST and progress.survey:
        return "er zijn te weinig metingen voor een verwachting"
    return REASONS[progress.status.reason or NoProgress.NO_COUNT]


def say_reason(progress: TargetProgress) -> str:
    """Why there is no status, as a sentence."""
    return f"Dit doel is niet te beoordelen: {reason_words(progress)}."


def _say_count(progress: TargetProgress) -> str:
    target = progress.target
    verdict = PROGRESS_WORDS[progress.status.word][0]
    if progress.status.word == ProgressWord.BELOW_TARGET_NOW and progress.status.is_durable:
        verdict = f"{verdict}, {DURABLE}"
    return (
        f"{verdict[:1].upper()}{verdict[1:]}: {numbers.count(progress.judged)} in {progress.judged_year}, tegen "
        f"{numbers.count(target.baseline)} in {target.baseline_year}. "
        f"Het doel is hoogstens {numbers.count(target.target)} in {target.target_year}."
    )


def _say_chance(progress: TargetProgress, outlook: Outlook) -> list[str]:
    if progress.chance is None or progress.forecast is None:
        return []
    target, projection = progress.target, progress.forecast.projection
    point = projection.path([target.target_year])[0]
    driftless = projection.probability(target.target, target.target_year, Forecaster.DRIFTLESS)
    word = CHANCE_WORDS[choose_chance_word(progress.chance, outlook.target_rules)]
    return [
        f"De kans dat het doel wordt gehaald is {say_chance(progress.chance)} ({word}). Zij rust op de verwachting "
        f"voor {target.target_year}: {numbers.count(point.median)}, met {numbers.percent(outlook.rules.interval)} "
        f"kans tussen {numbers.count(point.lower)} en {numbers.count(point.upper)}. Zonder de richting van de laatste "
        f"jaren is die kans {say_chance(driftless)}."
    ]


def _say_change(progress: TargetProgress, analysis: Analysis) -> list[str]:
    """Asked against made, in counts; in percents where the counts carry them."""
    figures, target = progress.figures, progress.target
    if figures is None or target.baseline <= target.target:
        return []
    asked, made = target.baseline - target.target, target.baseline - progress.judged
    if made < 0:
        found = [
            f"Gevraagd is een daling van {numbers.count(asked)}; het aantal is met {numbers.count(-made)} gestegen."
        ]
    else:
        share = numbers.percent(figures.share_of_change)
        found = [
            f"Gevraagd is een daling van {numbers.count(asked)}; gedaald is het met {numbers.count(made)} "
            f"({share} van wat is gevraagd)."
        ]
    least = analysis.wording_rules.percent_min_count
    if min(target.baseline, progress.judged) >= least and not math.isnan(figures.actual_yearly):
        pair = (figures.required_yearly, figures.actual_yearly)
        needed, was = (numbers.percent(yearly, 1, signed=True) for yearly in pair)
        found.append(
            f"Nodig was {needed} per jaar; het werd {was} per jaar."
            if progress.ended
            else f"Nodig is {needed} per jaar; tot nu toe is het {was} per jaar."
        )
    return found


def _say_elsewhere(progress: TargetProgress, analysis: Analysis) -> list[str]:
    """What the peers did in the same time, and what that would have meant here."""
    elsewhere = progress.elsewhere
    if elsewhere is None:
        return ["Over vergelijkbare gemeenten zijn hier geen cijfers."] if progress.figures else []
    found = [
        f"Elders in dezelfde tijd: {numbers.percent(elsewhere.peers, signed=True)} per inwoner, hier "
        f"{numbers.percent(elsewhere.own, signed=True)}."
    ]
    if progress.ended and progress.target.baseline >= analysis.wording_rules.percent_min_count:
        found.append(_say_shared(progress, elsewhere.as_peers))
    return found


def _say_shared(progress: TargetProgress, as_peers: float) -> str:
    """The final evaluation: how much of the change the peers share."""
    start = f"Was het hier gegaan als daar, dan waren het er {numbers.count(as_peers)} geweest"
    target = progress.target.target
    if progress.judged <= target < as_peers:
        return f"{start}; dan was het doel niet bereikt."
    if progress.judged > target >= as_peers:
        return f"{start}; dan was het doel wel bereikt."
    same = "bereikt" if as_peers <= target else "niet bereikt"
    return f"{start}; ook dan was het doel {same}."


def _say_months(progress: TargetProgress) -> list[str]:
    if progress.months is None or progress.ended:
        return []
    listed = [
        f"{numbers.count(total)} tot en met {numbers.period(end)}" for end, total in progress.months.sums
    ]
    return [f"Sommen van 12 maanden: {join_words(listed)}."] if listed else []


def _say_later(progress: TargetProgress) -> list[str]:
    if progress.year <= progress.target.target_year or math.isnan(progress.count):
        return []
    return [f"Daarna, in {progress.year}: {numbers.count(progress.count)}."]


def say_baseline(progress: TargetProgress) -> list[str]:
    """Published and ours, where they are not the same."""
    target, ours = progress.target, progress.recomputed
    if progress.survey or ours == target.baseline or progress.year < target.baseline_year:
        return []
    known = "hebben wij geen cijfer" if math.isnan(ours) else f"geven onze cijfers {numbers.count(ours)}"
    return [f"Het plan noemt {numbers.count(target.baseline)} in {target.baseline_year}; daarvan {known}."]


def say_outcome(progress: Sequence[TargetProgress], analysis: Analysis) -> str:
    """Whether the region reaches its targets, as a clause of a sentence; empty for a plan without targets."""
    if not progress:
        return ""
    start, words = f"van de {len(progress)} doelen van het plan", [p.status.word for p in progress]
    if set(words) <= {ProgressWord.MET, ProgressWord.MISSED}:
        met = words.count(ProgressWord.MET)
        return f"{start} {'is' if met == 1 else 'zijn'} er {met or 'geen'} bereikt"
    return f"{start}: {say_tally(words)}"


def summarise_progress(progress: Sequence[TargetProgress], analysis: Analysis) -> list[str]:
    """At most seven sentences: the tally, which targets, elsewhere, what is not known."""
    if not progress:
        return [f"{analysis.plan.title} heeft geen doelen met een streefwaarde."]
    found = [f"{sentence_case('; '.join([*_say_direction(progress), say_outcome(progress, analysis)]))}."]
    for word in (
        ProgressWord.MET,
        ProgressWord.BELOW_TARGET_NOW,
        ProgressWord.LIKELY_MET,
        ProgressWord.ABOVE_BASELINE,
    ):
        names = [p.target.label for p in progress if p.status.word == word]
        if names:
            found.append(f"{sentence_case(PROGRESS_TALLY[word][0])}: {join_words(names)}.")
    leading = leading_target(progress)
    if leading is not None:
        found.append(say_leading(leading))
        if leading.elsewhere is not None:
            found.append(
                f"Elders in dezelfde tijd: {numbers.percent(leading.elsewhere.peers, signed=True)} per inwoner, "
                f"hier {numbers.percent(leading.elsewhere.own, signed=True)}."
            )
    return found[:MOST_SENTENCES]


def _say_direction(progress: Sequence[TargetProgress]) -> list[str]:
    """How many of the counts with a target fell and rose since the baseline: is it getting better or worse?"""
    known = [
        p
        for p in progress
        if not p.survey and not math.isnan(p.judged) and p.judged_year > p.target.baseline_year
    ]
    if not known:
        return []
    since = {p.target.baseline_year for p in known}
    start = f"in {since.pop()}" if len(since) == 1 else "aan het begin"
    judged = most_common(p.judged_year for p in known)
    when = f"in {judged} dan {start}" if judged < known[0].year else f"dan {start}"
    return [say_changes([p.judged - p.target.baseline for p in known], when)]


def say_changes(changes: Sequence[float], since: str, where: str = "") -> str:
    """How many fell and rose, as a clause; `where` and `since` as they stand in it."""
    fell, rose = sum(c < 0 for c in changes), sum(c > 0 for c in changes)
    if len(changes) == 1:
        way = "lager" if fell else "hoger" if rose else "niet lager of hoger"
        return " ".join(filter(None, ["het ene onderwerp met een doel ligt", where, way, since]))
    start = " ".join(filter(None, [f"van de {len(changes)} onderwerpen met een doel liggen er", where]))
    return f"{start} {fell} lager en {rose} hoger {since}"


def leading_target(progress: Sequence[TargetProgress]) -> TargetProgress | None:
    """The first count target of the plan that can be judged."""
    known = (p for p in progress if p.status.word != ProgressWord.NOT_ASSESSABLE and not p.survey)
    return next(known, None)


def say_leading(progress: TargetProgress) -> str:
    """Its count, where it came from, its target, and the chance where there is one."""
    target = progress.target
    label, year = sentence_case(target.label), progress.judged_year
    chance = "" if progress.chance is None else f"; de kans op het doel is {say_chance(progress.chance)}"
    return (
        f"{label}: {numbers.count(progress.judged)} in {year}, tegen {numbers.count(target.baseline)} in "
        f"{target.baseline_year} en hoogstens {numbers.count(target.target)} als doel{chance}."
    )
