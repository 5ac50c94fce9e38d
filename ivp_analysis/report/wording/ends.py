"""The ends that every page has: its head, its account, and its foot."""

from __future__ import annotations

from ivp_analysis import __version__
from ivp_analysis.registry.records import Registry
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page.glossary import GlossaryTerm
from ivp_analysis.report.page.head import Foot, PageHead
from ivp_analysis.report.page.pieces import Details, Text
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.wording.account import (
    data_day,
    say_absent,
    say_caveats,
    say_gaps,
    say_hidden,
    say_method,
)
from ivp_analysis.report.wording.tabulate import tabulate_definitions, tabulate_sources


def page_head(analysis: Analysis, area: Area, *, title: str, slug: str) -> PageHead:
    """Title, area, year, date of the data, and the banner where the data are simulated."""
    return PageHead(
        title=f"{title} {area.name}",
        subtitle=analysis.plan.title,
        area=area.name,
        reference_year=analysis.year,
        data_date=data_day(analysis),
        simulated=analysis.build.simulated,
        description=(
            f"{title} van {area.in_words} over {analysis.year}: geregistreerde criminaliteit en overlast, trends en bronnen."
        ),
        slug=slug,
    )


def account_section(analysis: Analysis, area: Area) -> Parts:
    """Sources with dates, definitions, the method in plain words, and what the figures cannot say."""
    findings = analysis.findings_of(area)
    return Parts(
        tabulate_sources(analysis),
        Details("Hoe deze pagina tot stand komt", Text(*say_method(analysis, area))),
        Details("Definities", tabulate_definitions(findings)),
        Details(
            "Wat de cijfers niet zeggen",
            Text(
                *say_caveats(analysis, area, findings),
                *say_gaps(findings),
                *say_hidden(findings),
                *say_absent(analysis, area),
            ),
        ),
    )


def page_foot(analysis: Analysis, notebook: str) -> Foot:
    """Version and parameters, for who wants to make the page again; and what no page shows."""
    return Foot(
        {
            "Plan": analysis.plan.id,
            "Verslagjaar": str(analysis.year),
            "Notebook": notebook,
            "Versie": f"ivp-analysis {__version__}",
            **small_numbers(analysis),
        },
        glossary(analysis.registry),
    )


def glossary(registry: Registry) -> list[GlossaryTerm]:
    """The terms that a page explains where it uses them."""
    return [GlossaryTerm(t.id, t.label, t.words, t.text) for t in registry.glossary.values()]


def small_numbers(analysis: Analysis) -> dict[str, str]:
    """The threshold, where figures are not all public."""
    least = analysis.wording_rules.least_shown
    return {"Kleine aantallen": f"onder {least} uit leveringen niet getoond"} if analysis.hides_small else {}
