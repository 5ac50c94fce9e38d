"""`make bench`: what the parts cost, with medians of several repetitions, as a table in benchmarks/RESULTS.md.

--quick: fewer repetitions, and no more than 50 municipalities.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bench_cleaning import measure_cleaning
from bench_fits import measure_fits
from bench_growth import COUNTRY, measure_growth
from bench_jobs import measure_jobs
from bench_reports import measure_reports
from measure import CORES, Row

RESULTS = Path(__file__).parent / "RESULTS.md"
LIBRARIES = ("pandas", "numpy", "statsmodels", "papermill", "nbconvert", "distributed")


def machine() -> str:
    """What the numbers were measured on, and what else it was doing."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = f"; load before the start {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.system()}, Python {platform.python_version()}"
    return f"{platform.machine()}, {CORES} cores, {python}; {libraries}{load}"


def rows(*, quick: bool) -> Iterator[Row]:
    """All measurements; one that fails stops the bench."""
    repetitions = 1 if quick else 3
    yield from measure_reports(repetitions)
    yield from measure_jobs(repetitions)
    yield from measure_fits()
    yield from measure_cleaning()
    yield from measure_growth((5, 20, 50) if quick else (5, 50, COUNTRY))


def main() -> None:
    """Measure, print and write: the table grows with each row, so that no old number stands among new ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    start, command = time.monotonic(), "python benchmarks/run.py --quick" if quick else "make bench"
    lines = [
        f"# Measured by `{command}`",
        "",
        f"{machine()}.",
        "",
        "| What | How much | Remarks |",
        "|---|---|---|",
    ]
    for row in rows(quick=quick):
        print(" | ".join(row), file=sys.stderr)
        lines.append(f"| {' | '.join(row)} |")
        _write([*lines, "", "Not finished."])
    _write([*lines, "", f"One run of {(time.monotonic() - start) / 60:.0f} minutes."])


def _write(lines: list[str]) -> None:
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
