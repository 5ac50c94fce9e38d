"""The sentences about targets: what chance they had and have, on what that rests, and what they ask."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ivp_analysis.methods.candidates import Candidate
from ivp_analysis.methods.targets import ChanceWord, TargetAssessment
from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page import numbers
from ivp_analysis.report.targets.setting import Nesting, Setting
from ivp_analysis.report.targets.words import (
    CHANCE_WORDS,
    COHERENCE_WORDS,
    NOT_BEYOND_CHANCE,
    NOT_BEYOND_SCATTER,
    say_chance,
)
from ivp_analysis.report.wording.account import say_unusual_years
from ivp_analysis.report.wording.trend import join_words


def say_setting(setting: Setting, analysis: Analysis) -> list[str]:
    """One view of a target in sentences; the chance first, then what it rests on."""
    found = [_say_expected(setting)]
    chosen = setting.chosen
    if chosen is not None:
        found = [
            _say_chance(setting, chosen),
            *found,
            *_say_asked(setting, chosen, analysis),
            _say_visible(setting, chosen),
        ]
    else:
        found += [_say_new_ambition(setting), _say_visible_from(setting)]
    if setting.forecast.own_pool:
        found.append(
            "Er zijn geen cijfers van vergelijkbare gemeenten; hoe sterk zulke aantallen schommelen is "
            "gemeten bij de gemeenten van het plan zelf."
        )
    start = (setting.baseline.year, setting.origin)
    found += say_unusual_years(analysis, setting.indicator.id, start)
    return [sentence for sentence in found if sentence]


def _say_chance(setting: Setting, chosen: TargetAssessment) -> str:
    return (
        f"Met de cijfers tot en met {setting.origin} is de kans dat het doel wordt gehaald "
        f"{say_chance(chosen.p_met)} ({CHANCE_WORDS[chosen.word]}). Het doel is hoogstens "
        f"{numbers.count(chosen.target)} in {chosen.target_year}."
    )


def _say_expected(setting: Setting) -> str:
    """Candidate A, and the same without a direction: the driftless one is always printed beside it."""
    expected = setting.expected
    level = numbers.percent(setting.forecast.projection.rules.interval)
    return (
        f"De verwachting voor {setting.target_year} is {numbers.count(expected.median)}, met {level} kans tussen "
        f"{numbers.count(expected.lower)} en {numbers.count(expected.upper)}."
    )


def _say_asked(setting: Setting, chosen: TargetAssessment, analysis: Analysis) -> list[str]:
    beyond = chosen.asked_beyond
    if beyond > 0:
        found = [f"Het doel ligt {numbers.count(beyond)} onder die verwachting."]
    elif beyond < 0:
        found = [f"Het doel ligt {numbers.count(-beyond)} boven die verwachting."]
    else:
        found = ["Het doel is gelijk aan die verwachting."]
    still = setting.target_year - setting.origin
    if setting.forecast.projection.last_count >= analysis.wording_rules.percent_min_count and still > 0:
        yearly = numbers.percent(chosen.yearly_change_from_now, 1, signed=True)
        found.append(f"Vanaf {setting.origin} is daarvoor {yearly} per jaar nodig.")
    return found


def _say_visible(setting: Setting, chosen: TargetAssessment) -> str:
    unchanged = say_chance(chosen.detectability.p_unchanged)
    base = f"Als er sinds {setting.baseline.year} niets verandert, is de kans op zo'n aantal {unchanged}"
    if chosen.is_beyond_scatter:
        return f"{base}; gehaald is het doel van toeval te onderscheiden."
    if chosen.is_beyond_chance:
        return f"{base}. Gehaald is het doel {NOT_BEYOND_SCATTER}. Met de gewone schommeling van jaar op jaar lukt dat niet."
    visible = chosen.detectability.largest_visible
    limit = "" if visible is None else f" Pas {numbers.count(visible)} of minder is dat wel."
    return f"{base}. Ook precies gehaald is het doel {NOT_BEYOND_CHANCE}.{limit}"


def _say_new_ambition(setting: Setting) -> str:
    option = setting.option(Candidate.AMBITION)
    if option.assessment is None or setting.target is None:
        return ""
    asked = option.assessment
    return (
        f"Dezelfde verlaging als in het plan leidt tot hoogstens {numbers.count(asked.target)} in "
        f"{setting.target_year}; de kans daarop is {say_chance(asked.p_met)} ({CHANCE_WORDS[asked.word]})."
    )


def _say_visible_from(setting: Setting) -> str:
    visible = setting.option(Candidate.VISIBLE).proposal
    if visible is None or visible.value is None:
        return (
            f"Bij {numbers.count(setting.baseline.count)} is geen enkele daling van toeval te onderscheiden."
        )
    return (
        f"Vanaf {numbers.count(setting.baseline.count)} in {setting.baseline.year} is pas "
        f"{numbers.count(visible.value)} of minder in een kale telling van toeval te onderscheiden."
    )


def say_amendments(target: Target) -> list[str]:
    """Both values with their dates, where a council decision changed a target."""
    found = []
    for change in target.amendments:
        found.append(
            f"Vastgesteld: hoogstens {numbers.count(target.target)} in {target.target_year}. Gewijzigd op "
            f"{numbers.day(change.decided_on)} in hoogstens {numbers.count(change.target)} in "
            f"{change.target_year} ({change.decision})."
        )
    return found


def say_nesting(nesting: Nesting) -> list[str]:
    """What a target and its parts together ask of the rest."""
    names, fit = join_words([part.label for part in nesting.parts]), nesting.coherence
    found = [
        f"Het doel voor {nesting.whole.label} ({numbers.count(fit.whole.baseline)} naar "
        f"{numbers.count(fit.whole.target)}) samen met dat voor {names} "
        f"{COHERENCE_WORDS[fit.word]}: van {numbers.count(fit.rest.baseline)} naar "
        f"{numbers.count(fit.rest.target)} ({numbers.percent(fit.rest.change, signed=True)})."
    ]
    if nesting.with_possible is not None:
        others = join_words([part.label for part in nesting.possible])
        found.append(
            f"Het plan zegt niet of dat totaal ook {others} omvat. Zo ja, dan vragen de doelen van de rest "
            f"nog {numbers.count(nesting.with_possible.asked)} minder; zo nee, {numbers.count(fit.asked)}."
        )
    return found


def summarise_targets(
    analysis: Analysis, base: Sequence[Setting], now: Sequence[Setting], nestings: Sequence[Nesting]
) -> list[str]:
    """At most seven sentences: chances, visibility, whether the targets fit, and the view of now."""
    found = [*_summarise_chances(base), *_summarise_visible(base)]
    found += [say_nesting(nesting)[0] for nesting in nestings[:2]]
    fresh = [s for s in now if s not in base]
    if fresh and fresh[0].chosen is not None:
        found += _summarise_chances(fresh)
    elif fresh:
        found.append(_summarise_next(fresh))
    found += [
        f"{t.label[:1].upper()}{t.label[1:]} komt uit een enquête; daarvoor is er geen kans te berekenen."
        for t in analysis.plan.targets
        if t.kind == "share"
    ][:1]
    return found or ["Met deze cijfers is voor geen enkel doel een verwachting te maken."]


def _summarise_chances(settings: Sequence[Setting]) -> list[str]:
    judged = [s for s in settings if s.chosen is not None]
    if not judged:
        return []
    tally = Counter(s.chosen.word for s in judged if s.chosen)
    first, *others = [(CHANCE_WORDS[w].removeprefix("kans "), tally[w]) for w in ChanceWord if tally[w]]
    rest = [f"bij {number} {word}" for word, number in others]
    start = f"bij {first[1]} van de {len(judged)} doelen de kans {first[0]}"
    return [f"Met de cijfers tot en met {judged[0].origin} was {join_words([start, *rest])}."]


def _summarise_visible(settings: Sequence[Setting]) -> list[str]:
    """How many targets chance would hide when they are exactly met: by a bare count, and as years really scatter."""
    judged = [s.chosen for s in settings if s.chosen is not None]
    bare = sum(not c.is_beyond_chance for c in judged)
    scattered = sum(not c.is_beyond_scatter for c in judged)
    if not scattered:
        return []
    return [
        f"Ook precies gehaald zijn volgens een kale telling {bare} van de {len(judged)} doelen {NOT_BEYOND_CHANCE}; met de "
        f"gewone schommeling van jaar op jaar zijn dat er {scattered}."
    ]


def _summarise_next(settings: Sequence[Setting]) -> str:
    asked = [s.option(Candidate.AMBITION).assessment for s in settings]
    good = sum(a is not None and a.word in (ChanceWord.LARGE, ChanceWord.ABOUT_HALF) for a in asked)
    known = sum(a is not None for a in asked)
    return (
        f"Neemt een volgend plan dezelfde verlagingen over voor {settings[0].target_year}, dan is de kans bij "
        f"{good} van de {known} doelen minstens ongeveer half."
    )


def is_percentage_fair(count: float, analysis: Analysis) -> bool:
    """Whether a count carries a percentage."""
    return not math.isnan(count) and count >= analysis.wording_rules.percent_min_count
