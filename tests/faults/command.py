"""`ivp` in a process of its own, forked from one that has imported everything: a command costs what it does itself.

    python -m faults.command

Reads a request a line from its input and answers with an exit code a line. It has one thread, so a fork is safe.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import shutil
import subprocess
import sys
import traceback
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import ivp_analysis.__main__

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
    if hasattr(os, "fork"):
        return _server().run(*arguments, limit=limit)
    command = [sys.executable, "-m", "ivp_analysis", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return Done(done.returncode, done.stdout, done.stderr)


@cache
def _server() -> _Server:
    """One for all tests of this process."""
    server = _Server()
    atexit.register(server.close)
    return server


class _Server:
    """Where commands are forked from."""

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="ivp-command-"))
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.command"],
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            cwd=ROOT,
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, *arguments: str, limit: int) -> Done:
        """What the command said, and its exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = [self._folder / name for name in ("stdout", "stderr")]
        request = {"arguments": arguments, "limit": limit, "told": [str(path) for path in told]}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Done(code, *(path.read_text(encoding="utf-8") for path in told))

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self._process.communicate(timeout=60)
        shutil.rmtree(self._folder)


def serve() -> None:
    """Until the input ends. What commands import when they need it is imported here, once."""
    for name in WARM:
        import_module(name)
    pandas, pandera = sys.modules["pandas"], sys.modules["pandera.pandas"]
    # A first check makes pandera import the rest of itself.
    pandera.DataFrameSchema({}).validate(pandas.DataFrame())
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become_command(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become_command(request: dict[str, Any]) -> None:
    for number, path in enumerate(request["told"], 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    if request["limit"]:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit"],) * 2)
    sys.argv = ["ivp", *request["arguments"]]
    code: object = 1
    try:
        ivp_analysis.__main__.main()
    except SystemExit as end:
        code = end.code or 0
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        # Without the clearing up of all that was imported.
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    serve()
