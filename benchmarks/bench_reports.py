"""The whole report set of the sample, as the command makes it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def measure_reports(timed, spread) -> Iterator[tuple[str, str, str]]:  # type: ignore[no-untyped-def]
    """`ivp build` and `ivp reports` from a cold start of the process."""
    for command, repetitions in (("build", 3), ("reports", 3)):
        arguments = [sys.executable, "-m", "ivp_analysis", command]
        seconds = timed(
            lambda a=arguments: subprocess.run(a, cwd=ROOT, check=True, capture_output=True), repetitions
        )
        yield f"ivp {command} on the sample", spread(seconds), ""
