"""What the notebooks import: open the figures, compute, show, say."""

from ivp_analysis.report.analysis import Analysis, analyse, open_analysis
from ivp_analysis.report.benchmark_sections import (
    leading_section,
    level_section,
    map_section,
    peer_section,
    sensitivity_section,
    summarise_benchmark,
)
from ivp_analysis.report.page import Summary
from ivp_analysis.report.sections import (
    account_section,
    change_section,
    field_section,
    leading_tiles,
    page_foot,
    page_head,
    target_section,
)
from ivp_analysis.report.standing import assess_standings
from ivp_analysis.report.summaries import summarise_municipality, summarise_region

__all__ = [
    "Analysis",
    "Summary",
    "account_section",
    "analyse",
    "assess_standings",
    "change_section",
    "field_section",
    "leading_section",
    "leading_tiles",
    "level_section",
    "map_section",
    "open_analysis",
    "page_foot",
    "page_head",
    "peer_section",
    "sensitivity_section",
    "summarise_benchmark",
    "summarise_municipality",
    "summarise_region",
    "target_section",
]
