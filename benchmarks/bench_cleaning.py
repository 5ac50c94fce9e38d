"""A country in the shape of 47013NED, cleaned: rows a second and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import ROOT, Row

MUNICIPALITIES = 342
CLEAN = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
from ivp_analysis.data.build import build
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import load_registry
home, root = Path(sys.argv[1]), Path(sys.argv[2])
# The correction in the registry is for a mistake in the committed sample, not in this country.
registry = replace(load_registry(home / "data" / "registry"), corrections=())
start = time.perf_counter()
result = build(Workspace(root, home), registry)
rows = sum(facts["rows_in"] for facts in result.facts["sources"].values())
# Not getrusage: its maximum is inherited from the parent, which has just simulated the country.
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - start, "megabytes": peak}))
"""


def measure_cleaning() -> Iterator[Row]:
    """One build of a simulated country in a process of its own, so that its peak memory is its own."""
    from ivp_analysis.data.sample_country import simulate_country
    from ivp_analysis.registry import load_registry

    registry = load_registry(ROOT / "data" / "registry")
    codes = sorted(registry.sources["politie-47013"].codes)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        simulate_country(
            root, registry, n_municipalities=MUNICIPALITIES, codes=codes, years=range(2012, 2026)
        )
        done = subprocess.run(
            [sys.executable, "-c", CLEAN, str(ROOT), str(root)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
    found = json.loads(done.stdout)
    what = f"build of {MUNICIPALITIES} municipalities x {len(codes)} types x 14 years of months and years"
    yield what, f"{found['seconds']:.1f} s", f"{found['rows']:,} rows"
    yield "rows cleaned a second", f"{found['rows'] / found['seconds']:,.0f}", ""
    yield "peak memory of that build", f"{found['megabytes']:.0f} MB", ""
