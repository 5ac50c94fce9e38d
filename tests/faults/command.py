"""`ivp` in a process of its own, forked from a worker that has imported everything: a command costs what it does itself."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import traceback
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ivp_analysis.__main__ import main
from ivp_analysis.report.run.pool import WorkerPool
from ivp_analysis.report.run.worker import CAN_FORK

ROOT = Path(__file__).parents[2]
WARM = (
    "filelock", "openpyxl", "pandas", "pandera.pandas", "pyarrow.pandas_compat", "pyarrow.parquet",
    "ivp_analysis.cli", "ivp_analysis.data.build", "ivp_analysis.data.fetch", "ivp_analysis.data.intake",
    "ivp_analysis.data.verify", "ivp_analysis.report.run.freeze", "ivp_analysis.report.run.reports",
    "ivp_analysis.report.targets.plan_template",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


def ivp(*arguments: str, limit: int = 0) -> Done:
    """The command line with these arguments, in the checkout; limit: bytes that a file may hold."""
    if CAN_FORK:
        return _pool().submit(become_command, arguments, limit).result()
    command = [sys.executable, "-m", "ivp_analysis", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return Done(done.returncode, done.stdout, done.stderr)


@cache
def _pool() -> WorkerPool:
    """One for all tests of this process."""
    with pytest.MonkeyPatch.context() as patch:
        # The worker imports this module by its name.
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
        patch.setenv("PYTHONIOENCODING", "utf-8")
        pool = WorkerPool(1, folder=ROOT, limit=120)
        pool.prepare = import_all
        # Its one process starts here, with this environment.
        pool.submit(os.getpid).result()
    atexit.register(pool.shutdown)
    return pool


def import_all() -> None:
    """What commands import when they need it, once."""
    for name in WARM:
        import_module(name)
    pandas, pandera = sys.modules["pandas"], sys.modules["pandera.pandas"]
    # A first check makes pandera import the rest of itself.
    pandera.DataFrameSchema({}).validate(pandas.DataFrame())


def become_command(arguments: tuple[str, ...], limit: int) -> Done:
    """In the forked child: what `python -m ivp_analysis` does."""
    with TemporaryDirectory(prefix="ivp-command-") as folder:
        told = [Path(folder) / name for name in ("stdout", "stderr")]
        for number, path in enumerate(told, 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
        if limit:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        sys.argv = ["ivp", *arguments]
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        except BaseException:  # noqa: BLE001 - a traceback is what these tests look for
            code = 1
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        return Done(
            code if isinstance(code, int) else 1, *(path.read_text(encoding="utf-8") for path in told)
        )
