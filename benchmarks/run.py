"""`make bench`: what the parts cost, with medians of several repetitions, as a table in benchmarks/RESULTS.md."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench_cleaning import measure_cleaning
from bench_fits import measure_fits
from bench_reports import measure_reports

HERE = Path(__file__).parent
Row = tuple[str, str, str]


def machine() -> str:
    """What the numbers were measured on."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def timed(work: Callable[[], object], repetitions: int) -> list[float]:
    """Wall seconds of each repetition."""
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def spread(seconds: list[float]) -> str:
    """Median with the fastest and the slowest."""
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f}-{max(seconds):.2f}, n={len(seconds)})"


def rows() -> Iterator[Row]:
    """All measurements; one that fails stops the bench, so that no old number stays in the table."""
    for measure in (measure_fits, measure_cleaning, measure_reports):
        yield from measure(timed, spread)


def main() -> None:
    """Measure, print and write."""
    lines = [
        "# Measured by `make bench`",
        "",
        f"{machine()}.",
        "",
        "| What | How much | Remarks |",
        "|---|---|---|",
    ]
    for row in rows():
        print(" | ".join(row), file=sys.stderr)
        lines.append(f"| {' | '.join(row)} |")
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
