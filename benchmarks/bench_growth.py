"""A country of simulated municipalities: does the time of their reports grow in a straight line?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from measure import CORES, ROOT, Row, clear, run, spread, timed

from ivp_analysis.data.build import build
from ivp_analysis.data.build_facts import municipalities_held
from ivp_analysis.data.sample_country import simulate_country
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import find_plan, load_registry

COUNTRY = 342


def measure_growth(sizes: tuple[int, ...]) -> Iterator[Row]:
    """The municipal report alone, of the first municipalities of one and the same country; the last size is judged."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        codes = _country(root)
        ours = ["ivp", "reports", "--workspace", folder, "--only", "municipality", "--areas"]
        # Once for the results that all runs share: they are made once a build.
        run(*ours, "plan")
        medians = {}
        for size in sizes:
            repetitions = 3 if size <= 5 else 1
            areas = ",".join(codes[:size])
            seconds = timed(
                lambda a=areas: run(*ours, a), repetitions, before=lambda: clear(root, kept=False)
            )
            medians[size] = seconds.median
            yield f"municipal reports of {size} municipalities", spread(seconds), f"{CORES} workers"
    small, middle, large = sizes
    marginal = (medians[middle] - medians[small]) / (middle - small)
    yield "marginal cost of a municipality", f"{marginal:.2f} s", f"from {small} to {middle}"
    straight = medians[large] / (large * marginal)
    aim = "aim: at most 1.15" if large == COUNTRY else f"not yet {COUNTRY}, for which the aim is 1.15"
    yield f"{large} municipalities / {large} x that", f"{straight:.2f}", aim


def _country(root: Path) -> list[str]:
    """Simulate and build; the codes, those of the plan first, as their reports are always made."""
    registry = load_registry(ROOT / "data" / "registry")
    kinds = sorted(registry.sources["politie-47013"].codes)
    simulate_country(root, registry, n_municipalities=COUNTRY, codes=kinds, years=range(2012, 2026))
    # The correction in the registry is for a mistake in the committed sample, not in this country.
    built = build(Workspace(root, ROOT), replace(registry, corrections=()))
    held = municipalities_held(built.facts)
    own = find_plan(registry, None).areas
    return [*own, *(code for code in held if code not in own)]
