"""What the notebook of the benchmark imports: open the figures, compute, show, say."""

from ivp_analysis.report.analysis.analysis import open_analysis
from ivp_analysis.report.benchmark.sections import (
    leading_section,
    level_section,
    map_section,
    peer_section,
    sensitivity_section,
    summarise_benchmark,
)
from ivp_analysis.report.page.pieces import Summary
from ivp_analysis.report.wording.ends import account_section, page_foot, page_head

__all__ = [
    "Summary", "account_section", "leading_section", "level_section", "map_section", "open_analysis", "page_foot",
    "page_head", "peer_section", "sensitivity_section", "summarise_benchmark",
]  # fmt: skip
