"""The accountability section of a page: sources with dates, the method in plain words, what the figures cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ivp_analysis.periods import parse_period
from ivp_analysis.registry import Registry, breaks_for, caveats_for
from ivp_analysis.registry.records import Caveat, SeriesBreak
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.analysis.peers import FEATURES
from ivp_analysis.report.page import numbers
from ivp_analysis.report.wording.tabulate import say_rule_of_small_numbers, sentence_case
from ivp_analysis.report.wording.trend import join_some, join_words

# Subjects before a caveat about them; the page holds the others.
_MOST_NAMED = 3


def say_method(analysis: Analysis, area: Area) -> list[str]:
    """How a word is earned, in sentences that a council member can follow."""
    rules = analysis.trend_rules
    light, strong = numbers.percent(rules.light_change), numbers.percent(rules.strong_change)
    same = numbers.percent(rules.equivalence)
    return [
        f"Een trend gaat over de laatste {rules.window_years} jaren met cijfers, en over minstens {rules.min_years}.",
        "Aantallen worden afgezet tegen het aantal inwoners. Zo telt groei of krimp van de bevolking niet mee.",
        "Een stijging of daling heet pas zo als toeval een onwaarschijnlijke verklaring is. "
        "Hoe sterk jaren toevallig schommelen, is gemeten bij vergelijkbare gemeenten. "
        "Zijn er daar geen cijfers, dan is het gemeten bij de gemeenten van het plan zelf.",
        f"Licht betekent minder dan {light} per jaar; sterk betekent zeker meer dan {strong} per jaar.",
        f"Vrijwel gelijk gebleven betekent: met {numbers.percent(rules.equivalence_confidence)} zekerheid ligt de "
        f"verandering tussen −{same} en +{same} per jaar.",
        "Richting niet vast te stellen betekent niet dat er niets veranderde, maar dat deze aantallen het niet kunnen laten zien.",
        "Een trend beschrijft het verleden en voorspelt niets.",
        *_say_levels(analysis, area),
        *_say_peers(analysis, area),
    ]


def _say_levels(analysis: Analysis, area: Area) -> list[str]:
    rules = analysis.benchmark_rules
    low, high = numbers.decimal(rules.same_low, 2), numbers.decimal(rules.same_high, 2)
    rare = (
        f"Dat woord is zeldzaam: {analysis.chooser.rules.k} gemeenten verschillen onderling zo veel dat de marge om hun niveau "
        "zelden smal genoeg is."
    )
    return [
        f"Het niveau telt {rules.years} jaren samen en staat per inwoner naast dat van vergelijkbare gemeenten. Hoger of lager "
        "heet het pas als toeval en de gewone verschillen tussen zulke gemeenten geen goede verklaring zijn; veel hoger of "
        f"veel lager als het buiten de {numbers.percent(rules.limit_outer, 1)}-grens valt.",
        f"Ongeveer gelijk betekent: met {numbers.percent(rules.same_confidence)} zekerheid ligt het niveau tussen {low} en "
        f"{high} keer dat van vergelijkbare gemeenten.",
        *([] if area.is_region else [rare]),
    ]


def _say_peers(analysis: Analysis, area: Area) -> list[str]:
    names = analysis.registry.municipalities
    sentences = []
    for code in area.members:
        group = analysis.peers[code]
        own = (
            f"De vergelijkbare gemeenten van {names[code].name}"
            if area.is_region
            else "De vergelijkbare gemeenten"
        )
        sentences.append(f"{own}: {join_words([names[peer].name for peer in group.peers])}.")
    return [*sentences, *say_peer_features(analysis)]


def say_peer_features(analysis: Analysis) -> list[str]:
    """By what comparable municipalities were chosen, and what could not be used."""
    group = next(iter(analysis.peers.values()))
    used = join_words([FEATURES[name].label for name in group.features])
    sentences = [
        f"Vergelijkbare gemeenten zijn de {analysis.chooser.rules.k} die het meest lijken in {used}. "
        + ("" if analysis.home else "De gemeenten van het plan zelf zijn nooit elkaars vergelijking. ")
        + "Criminaliteit telt niet mee in de keuze."
    ]
    sentences.append("De kenmerken gaan over het nieuwste jaar dat de gegevens hebben.")
    absent = [FEATURES[name].label for name in FEATURES if name not in group.features]
    if absent:
        sentences.append(
            f"Niet gebruikt, omdat deze gegevens het niet van elke gemeente geven: {join_words(absent)}."
        )
    return sentences


def say_caveats(analysis: Analysis, area: Area, findings: Sequence[Finding]) -> list[str]:
    """What the figures of this page cannot say: the caveats and series breaks that apply to it."""
    return say_caveats_of(analysis, area, {f.indicator.id: f.source.id for f in findings})


def say_caveats_of(analysis: Analysis, area: Area, sources: Mapping[str, str]) -> list[str]:
    """The same from the indicators of a page, each with the source of its figures."""
    caveats = caveats_for(
        analysis.registry,
        indicators=list(sources),
        sources=sorted(set(sources.values())),
        areas=list(area.members),
    )
    breaks = {
        b.id: b
        for indicator, source in sources.items()
        for b in breaks_for(analysis.registry, indicator=indicator, source=source)
    }
    shown = [f"{b.label} ({_when(b.first, b.last)}). {b.effect}" for b in breaks.values()]
    return [*(say_caveat(c, analysis.registry, list(sources)) for c in caveats), *shown]


def say_caveat(caveat: Caveat, registry: Registry, indicators: Sequence[str]) -> str:
    """Its text, after the subjects of the page that it is about where it is not about all."""
    own = [
        registry.indicators[i].label
        for i in indicators
        if i in caveat.indicators or caveat.id in registry.indicators[i].caveats
    ]
    if not own or caveat.always or caveat.sources or caveat.areas:
        return caveat.text
    subjects = sentence_case(join_some(own, _MOST_NAMED))
    return caveat.text if caveat.text.startswith(subjects) else f"{subjects}. {caveat.text}"


def say_unusual_years(analysis: Analysis, indicator: str, years: Sequence[int]) -> list[str]:
    """Which of these years a break of the series runs through: no ordinary year to start from or to end in."""
    if indicator not in analysis.series:
        return []
    known = breaks_for(analysis.registry, indicator=indicator, source=analysis.series[indicator].source or "")
    return [
        f"Let op: {year} is geen gewoon jaar. {b.label} ({_when(b.first, b.last)})."
        for year in dict.fromkeys(years)
        for b in known
        if _runs_through(b, year)
    ]


def _runs_through(found: SeriesBreak, year: int) -> bool:
    """A period that touches the year, or a break for good in the course of it."""
    first = parse_period(found.first)
    if found.last is None:
        return first.year == year and (first.month or 1) > 1
    return first.year <= year <= parse_period(found.last).year


def _when(first: str, last: str | None) -> str:
    since = numbers.period(first)
    return f"vanaf {since}" if last is None else f"{since} tot en met {numbers.period(last)}"


def say_absent(analysis: Analysis, area: Area) -> list[str]:
    """Indicators without figures here, each named: missing is said, never shown as zero."""
    here = {f.indicator.id for f in analysis.findings_of(area)}
    absent = [i for i in analysis.registry.indicators.values() if i.id not in here]
    if not absent:
        return []
    labels = join_words([i.label for i in absent])
    return [f"Voor deze onderwerpen bevatten de gegevens geen aantallen: {labels}."]


def say_gaps(findings: Sequence[Finding]) -> list[str]:
    """Years missing inside a series."""
    sentences = []
    for finding in findings:
        known = [year for year, count in zip(finding.years, finding.counts, strict=True) if count == count]
        inside = range(known[0], known[-1]) if known else range(0)
        gaps = [str(y) for y in inside if y not in known and y not in finding.hidden]
        if gaps:
            sentences.append(
                f"{sentence_case(finding.indicator.label)}: geen cijfer over {join_words(gaps)}."
            )
    return sentences


def say_hidden(findings: Sequence[Finding]) -> list[str]:
    """The rule for small numbers, and the years of each series to which it was applied."""
    hidden = [f for f in findings if f.hidden]
    if not hidden:
        return []
    named = [
        f"{sentence_case(f.indicator.label)} in {f.area.in_words}: niet getoond over {join_words([str(y) for y in f.hidden])}."
        for f in hidden
    ]
    rule = say_rule_of_small_numbers(hidden[0].rules.least_shown)
    return [f"{rule} Voor een trend tellen zulke jaren als ontbrekend.", *named]


def data_day(analysis: Analysis) -> date:
    """The day on which the newest figures were taken."""
    return date.fromisoformat(analysis.build.data_date)
