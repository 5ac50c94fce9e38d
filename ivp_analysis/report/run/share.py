"""The work that many pages share, done once before them by whichever worker is free, and kept beside the build."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from concurrent.futures import Executor, wait
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ivp_analysis.errors import IvpError
from ivp_analysis.report.run.overview import Overview

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

# Before an indicator: the backtest of sums of municipalities instead of single ones.
_SUMS = "sums:"


@dataclass(frozen=True, slots=True)
class Shared:
    """Which analysis the jobs of a run open, and what of it they need. All of it travels to the workers."""

    workspace: str
    plan_id: str
    year: int
    notebooks: tuple[Path, ...]
    backtests: bool
    targets: bool


def make_shared(shared: Shared, executor: Executor) -> None:
    """Make what is not kept yet: the findings and what follows from them in one go, each backtest by itself.

    What fails here fails again, with its message, in the pages that need it; the others are made.
    """
    with suppress(IvpError):
        wanted = executor.submit(list_missing, shared).result()
        wait([executor.submit(make_part, shared, part) for part in wanted])


def list_missing(shared: Shared) -> list[str]:
    """`analysis`, and the indicators without a kept backtest, of municipalities or (`sums:`) of sums of them."""
    from ivp_analysis.report.analysis.kept import is_kept
    from ivp_analysis.report.forecast import backtests
    from ivp_analysis.report.forecast.forecasts import open_outlook

    analysis = _open(shared)
    parts = [] if all(is_kept(analysis, part) for part in ("benchmarks", "second-looks")) else [""]
    if not shared.backtests:
        return parts
    outlook = open_outlook(analysis)
    asked = backtests.backtested_indicators(outlook)
    for i in asked:
        parts += [] if backtests.kept_path(outlook, i).is_file() else [i]
        parts += [] if backtests.kept_path(outlook, i, sums=True).is_file() else [f"{_SUMS}{i}"]
    return parts


def make_part(shared: Shared, indicator: str) -> None:
    """The backtest of an indicator; without one the parts of the analysis that every page shows."""
    from ivp_analysis.report.forecast.backtests import open_backtest
    from ivp_analysis.report.forecast.forecasts import open_outlook

    analysis = _open(shared)
    if indicator:
        name = indicator.removeprefix(_SUMS)
        open_backtest(open_outlook(analysis), name, sums=name != indicator)
    else:
        _ = analysis.benchmarks, analysis.second_looks


def open_figures(shared: Shared) -> None:
    """What a worker does before it helps with the shared work: open the figures, and no more."""
    analysis = _open(shared)
    _ = analysis.series, analysis.people, analysis.peers


def open_everything(shared: Shared) -> None:
    """What a worker does before it makes pages: the imports of their notebooks, and the results that they share.

    A result that cannot be made is left to the page that asks for it: its notebook then says why.
    """
    from ivp_analysis.report.analysis.months import open_all_months
    from ivp_analysis.report.context.bbv import assess_accounts
    from ivp_analysis.report.forecast.skill_cards import open_skills
    from ivp_analysis.report.ledger.ledger import Ledger
    from ivp_analysis.report.page.export import warm_exporter
    from ivp_analysis.report.progress.assess import assess_targets
    from ivp_analysis.report.run import direct

    direct.register()
    warm_exporter()
    for notebook in shared.notebooks:
        _import_as(notebook)
    with suppress(IvpError):
        open_figures(shared)
        analysis = _open(shared)
        _ = analysis.findings, analysis.benchmarks, analysis.second_looks
        assess_accounts(analysis, analysis.region)
        if shared.targets:
            open_all_months(analysis)
            assess_targets(analysis)
            _ = Ledger(analysis).entries
        if shared.backtests:
            open_skills(analysis).warm()


def render_overview(shared: Shared, overview: Overview) -> bytes:
    """The page that ties the others together."""
    from ivp_analysis.report.run.dashboard import make_index

    return make_index(_open(shared), overview)


def _open(shared: Shared) -> Analysis:
    from ivp_analysis.report.analysis.analysis import hold_open

    return hold_open(shared.workspace, shared.plan_id, shared.year)


def _import_as(notebook: Path) -> None:
    """The modules that its cells import, so that each page finds them imported."""
    import nbformat

    for cell in nbformat.read(notebook, as_version=4).cells:  # type: ignore[no-untyped-call]
        if cell.cell_type == "code":
            for module in _imported(cell.source):
                # What is no module after all, or is not there: the notebook itself will say so.
                with suppress(ImportError):
                    import_module(module)


def _imported(source: str) -> Iterable[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        # A magic, or a mistake: the notebook itself will say so.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
