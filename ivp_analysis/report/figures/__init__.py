"""The figures of the reports: plain numbers in, an inline SVG with its title and description out."""

from ivp_analysis.report.figures.calibration import draw_calibration
from ivp_analysis.report.figures.caterpillar import draw_caterpillar
from ivp_analysis.report.figures.contribution import draw_contribution
from ivp_analysis.report.figures.counts import Band
from ivp_analysis.report.figures.funnel import FunnelLimits, FunnelPoint, draw_funnel
from ivp_analysis.report.figures.maps import MapClass, draw_map
from ivp_analysis.report.figures.monitor import draw_monitor
from ivp_analysis.report.figures.multiples import Panel, draw_panel, draw_small_multiples
from ivp_analysis.report.figures.series import draw_series
from ivp_analysis.report.figures.svg import Drawing
from ivp_analysis.report.figures.targets import draw_target_path

__all__ = [
    "Band",
    "Drawing",
    "FunnelLimits",
    "FunnelPoint",
    "MapClass",
    "Panel",
    "draw_calibration",
    "draw_caterpillar",
    "draw_contribution",
    "draw_funnel",
    "draw_map",
    "draw_monitor",
    "draw_panel",
    "draw_series",
    "draw_small_multiples",
    "draw_target_path",
]
