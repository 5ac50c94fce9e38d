"""The accountability of pages with forecasts: sources, how a chance is made in plain words, what it cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ivp_analysis.registry import breaks_for, caveats_for
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import Details, Text
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.wording.account import say_caveat
from ivp_analysis.report.wording.tabulate import tabulate_sources


def forecast_account(outlook: Outlook, indicators: Sequence[str], areas: Sequence[str]) -> Parts:
    """The last section of a page about targets."""
    return Parts(
        tabulate_sources(outlook.analysis),
        Details("Hoe een kans tot stand komt", Text(*say_forecast_method(outlook))),
        Details("Wat de cijfers niet zeggen", Text(*say_limits(outlook, indicators, areas))),
    )


def short_account(outlook: Outlook, area: Area) -> Parts:
    """For a page of few sheets: the sources in a sentence, what holds always, and where the rest stands."""
    build = outlook.analysis.build
    credits = list(dict.fromkeys(str(told["attribution"]) for told in build.sources.values()))
    always = [c.text for c in caveats_for(outlook.analysis.registry, areas=list(area.members))]
    return Parts(
        Text(
            f"{'. '.join(credits)}. Stand van de cijfers: {numbers.day(date.fromisoformat(build.data_date))}. "
            "Werkwijze, definities en bestanden staan bij Bronnen en werkwijze.",
            *always,
        )
    )


def say_forecast_method(outlook: Outlook) -> list[str]:
    """How the forecast works, in sentences that a council member can follow."""
    rules, targets = outlook.rules, outlook.target_rules
    large, half, small = (numbers.percent(p) for p in (targets.large, targets.half, targets.small))
    return [
        "Een verwachting begint bij het laatste aantal. Aantallen schommelen van jaar op jaar, ook zonder oorzaak.",
        "Hoe sterk zij schommelen, is gemeten bij vergelijkbare gemeenten, met alleen cijfers van voor dat moment.",
        "De helft van de verwachting gaat ervan uit dat het niveau alleen schommelt. De andere helft laat de "
        f"richting van de laatste {rules.drift_window_years} jaar nog even doorlopen, elk jaar wat zwakker.",
        "Een richting van een kleine gemeente wordt bijgesteld naar die van vergelijkbare gemeenten. Zo weegt toeval minder.",
        "De cijfers van de gemeenten samen zijn één reeks: hun som. Hoe sterk zo'n som schommelt, is gemeten aan sommen van "
        "vergelijkbare gemeenten.",
        "Een kans van ongeveer 3 op 10 betekent: van tien zulke doelen worden er ongeveer drie gehaald.",
        f"Kans groot: minstens {large}. Kans ongeveer half: {half} tot {large}. Kans klein: {small} tot {half}. "
        f"Kans zeer klein: minder dan {small}.",
        f"De marge bij een verwachting bevat de uitkomst met {numbers.percent(rules.interval)} kans.",
        "Een doel heet niet van toeval te onderscheiden als het verschil met de uitgangswaarde ook zonder "
        "verandering vaak voorkomt.",
    ]


def say_limits(outlook: Outlook, indicators: Sequence[str], areas: Sequence[str]) -> list[str]:
    """Caveats and breaks of the indicators on the page, and what no forecast can know."""
    registry = outlook.analysis.registry
    held = [i for i in indicators if i in outlook.analysis.series]
    sources = {i: outlook.analysis.series[i].source or "" for i in held}
    caveats = caveats_for(
        registry, indicators=list(indicators), sources=sorted(set(sources.values())), areas=list(areas)
    )
    breaks = {b.id: b for i in held for b in breaks_for(registry, indicator=i, source=sources[i])}
    return [
        "Een verwachting kent geen nieuwe maatregelen, wetten of gebeurtenissen. Zij gaat door op wat is geweest.",
        "Van de gemeenten samen is er maar één reeks. Hun verwachting is daarom getoetst op sommen van vergelijkbare "
        "gemeenten, die op dezelfde manier zijn gemaakt.",
        *(say_caveat(c, registry, indicators) for c in caveats),
        *(f"{b.label} (vanaf {numbers.period(b.first)}). {b.effect}" for b in breaks.values()),
    ]
