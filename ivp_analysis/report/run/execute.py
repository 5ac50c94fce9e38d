"""One notebook through papermill: parameters checked first, a fresh process, the partial notebook kept."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from ivp_analysis.errors import ReportError
from ivp_analysis.report.run import worker

# A kernel start can fail on a port that another start took a moment ago; a cell that fails is never run again.
START_TRIES = 3
START_SECONDS = 60


def import_papermill() -> Any:
    """papermill, after the room that spares it half of its start."""
    import_module("ivp_analysis.report.page")
    return import_module("papermill")


def check_parameters(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse a parameter that the notebook does not have: papermill itself only logs a warning."""
    papermill = import_papermill()
    if not notebook.is_file():
        raise ReportError(
            f"notebook {notebook.name} is not there",
            where=str(notebook.parent),
            todo="put it back, or correct data/registry/reports.toml",
        )
    known = papermill.inspect_notebook(str(notebook))
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise ReportError(
            f"unknown parameter {', '.join(unknown)}",
            where=notebook.name,
            todo=f"this notebook takes: {', '.join(sorted(known))}",
        )


def execute_notebook(notebook: Path, output: Path, parameters: Mapping[str, Any], *, cwd: Path) -> None:
    """Run the notebook; the executed one is saved at `output` cell by cell, so that a failure leaves it to read.

    In a process that was forked for it the cells run right here; elsewhere in a kernel of their own.
    """
    check_parameters(notebook, parameters)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    for attempt in range(1, START_TRIES + 1):
        try:
            _run(notebook, output, parameters, cwd)
        except RuntimeError as error:
            if attempt == START_TRIES or not _never_started(error):
                raise ReportError(
                    f"the kernel stopped: {error}",
                    where=notebook.name,
                    todo="run `ivp reports` again for this job",
                ) from error
        else:
            return


def _run(notebook: Path, output: Path, parameters: Mapping[str, Any], cwd: Path) -> None:
    papermill = import_papermill()
    from papermill.exceptions import PapermillExecutionError

    with _engine_options() as options:
        try:
            papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                cwd=str(cwd),
                progress_bar=False,
                **options,
            )
        except PapermillExecutionError as error:
            raise ReportError(
                f"cell {error.exec_count} failed: {error.ename}: {error.evalue}",
                where=notebook.name,
                todo=f"read the executed notebook {output.name}, or open {notebook.name} in JupyterLab",
            ) from error


def _never_started(error: RuntimeError) -> bool:
    """jupyter_client has no class of its own for this: its two messages are told by their words."""
    return "before replying to kernel_info" in str(error) or "didn't respond in" in str(error)


@contextmanager
def _engine_options() -> Iterator[dict[str, Any]]:
    """In a forked process no kernel at all. Else immediate shutdown, and a line to it that no other kernel can be in.

    Unix sockets in a folder of this kernel's own: by default jupyter_client names them alike for every kernel of
    a folder, and TCP ports collide now and then. Without Unix sockets: TCP, encrypted.
    """
    if worker.is_fresh():
        from ivp_analysis.report.run import direct

        direct.register()
        yield {"engine_name": direct.NAME}
        return
    from traitlets.config import Config

    options: dict[str, Any] = {"shutdown_kernel": "immediate", "start_timeout": START_SECONDS}
    if os.name != "posix":
        yield {**options, "config": Config({"KernelManager": {"transport_encryption": "required"}})}
        return
    with tempfile.TemporaryDirectory(prefix="ivp-") as folder:
        sockets = {"transport": "ipc", "ip": str(Path(folder) / "k")}
        yield {**options, "config": Config({"KernelManager": sockets})}
