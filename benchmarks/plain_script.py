"""The floor: the cells of all notebooks and the work that they share, as one plain script without papermill or pages.

python plain_script.py WORKSPACE PROCESSES
"""

from __future__ import annotations

import ast
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from IPython.core.formatters import DisplayFormatter

from ivp_analysis.data.workspace import Workspace, open_workspace
from ivp_analysis.registry import load_registry
from ivp_analysis.report.analysis.analysis import hold_open
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.reports import Due, Options, Run, plan_run
from ivp_analysis.report.run.share import Shared, list_missing, make_part


def run_cells(shared: Shared, place: Workspace, job: Job) -> int:
    """All code cells in one namespace, each last value turned into what a page would show; how many were shown."""
    hold_open(shared.workspace, shared.plan_id, shared.year)
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = 0
    for cell in json.loads((place.notebooks / job.notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        shown += _run("".join(cell["source"]), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(job.parameters, workspace=shared.workspace)
    return shown


def _run(source: str, names: dict[str, Any]) -> int:
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        return 0
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - our own notebooks
    return len(DisplayFormatter().format(value)[0]) > 0


def main() -> None:
    """Shared work first, then the pages, the longest notebooks first."""
    root, processes = sys.argv[1], int(sys.argv[2])
    place = open_workspace(root)
    run: Run = plan_run(place, load_registry(place.registry), None, None, Options())
    shared = run.shared([Due(job, "", {}) for job in run.jobs])
    with ProcessPoolExecutor(processes) as pool:
        parts = pool.submit(list_missing, shared).result()
        list(pool.map(partial(make_part, shared), parts))
        shown = sum(pool.map(partial(run_cells, shared, place), run.jobs))
    assert shown > 3 * len(run.jobs), "hardly anything was shown"


if __name__ == "__main__":
    main()
