"""What the notebooks of a municipality and of the region import: open the figures, compute, show, say."""

from ivp_analysis.report.analysis.analysis import open_analysis
from ivp_analysis.report.benchmark.sections import map_section
from ivp_analysis.report.context.bbv import bbv_section
from ivp_analysis.report.context.sections import context_section
from ivp_analysis.report.ledger.ledger import Ledger
from ivp_analysis.report.ledger.sections import accent_section, ledger_section
from ivp_analysis.report.page.pieces import Summary
from ivp_analysis.report.page.shown import Parts
from ivp_analysis.report.picture.sections import (
    change_section,
    field_section,
    leading_figure,
    leading_tiles,
    target_section,
)
from ivp_analysis.report.picture.summaries import summarise_municipality, summarise_region
from ivp_analysis.report.progress.assess import assess_targets
from ivp_analysis.report.wording.ends import account_section, page_foot, page_head

__all__ = [
    "Ledger", "Parts", "Summary", "accent_section", "account_section", "assess_targets", "bbv_section",
    "change_section", "context_section", "field_section", "leading_figure", "leading_tiles", "ledger_section",
    "map_section", "open_analysis", "page_foot", "page_head", "summarise_municipality", "summarise_region",
    "target_section",
]  # fmt: skip
