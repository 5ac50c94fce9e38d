"""What a page shows beside the police figures, each with one sentence where nothing was delivered."""

from __future__ import annotations

from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.context.events import events_section
from ivp_analysis.report.context.measures import (
    NO_MEASURES,
    measures_of,
    measures_section,
    say_measures,
    tabulate_measures,
    tabulate_statuses,
)
from ivp_analysis.report.context.surveys import survey_section
from ivp_analysis.report.context.visitors import visitors_section
from ivp_analysis.report.page.pieces import Details, Heading, Text
from ivp_analysis.report.page.shown import Parts


def context_section(analysis: Analysis, area: Area) -> Parts:
    """Surveys, what is being done, events and visitors, under headings of their own."""
    return Parts(
        Heading("Wat inwoners zeggen", 3),
        survey_section(analysis, area),
        Heading("Lopende aanpak", 3),
        measures_section(analysis, area),
        Heading("Evenementen", 3),
        events_section(analysis, area),
        Heading("Bezoekers", 3),
        visitors_section(analysis, area),
    )


def implementation_section(analysis: Analysis, area: Area) -> Parts:
    """The state of the implementation plan on a progress page: the region in a table, a municipality in a sentence."""
    found = measures_of(analysis, area)
    if not found:
        return Parts(Text(NO_MEASURES))
    if not area.is_region:
        return Parts(Text(say_measures(analysis, found)))
    caption = "Alle maatregelen van het uitvoeringsplan"
    return Parts(
        Text(say_measures(analysis, found)),
        tabulate_statuses(analysis, found),
        Details(caption, tabulate_measures(analysis, found, caption, "maatregelen")),
    )
