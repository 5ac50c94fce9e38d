"""The policy constants of forecasts, targets, progress and monitoring, as the registry has them."""

from method_rules import method_group

from ivp_analysis.methods.backtest import BacktestRules
from ivp_analysis.methods.candidates import TargetRules
from ivp_analysis.methods.growth import ProjectionRules
from ivp_analysis.methods.monitor import MonitorRules
from ivp_analysis.methods.peaks import PeakRules
from ivp_analysis.methods.progress import ProgressRules

PROJECTION = ProjectionRules(**method_group("projection"))
TARGETS = TargetRules(**method_group("targets"))
PROGRESS = ProgressRules(**method_group("progress"))
BACKTEST = BacktestRules(**method_group("backtest"))
MONITOR = MonitorRules(**method_group("monitor"))
PEAKS = PeakRules(**method_group("peaks"))
