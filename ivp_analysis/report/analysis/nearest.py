"""Of which other municipalities figures are fetched: the nearest of each municipality of a plan."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ivp_analysis.methods.peers import Feature, find_peers
from ivp_analysis.registry.records import Plan
from ivp_analysis.report.analysis.peers import FEATURES


def nearest_of(plan: Plan, k: int) -> Callable[[pd.DataFrame], list[str]]:
    """From key figures by municipality to the `k` nearest of each, every one once."""

    def nearest(figures: pd.DataFrame) -> list[str]:
        pool = [str(code) for code in figures.index]
        features = [
            Feature(name, tuple(figures[name].astype(float)), feature.transform)
            for name, feature in FEATURES.items()
            if name in figures and figures[name].notna().any()
        ]
        groups = [find_peers(pool, features, unit=code, k=k, excluded=plan.areas) for code in plan.areas]
        return list(dict.fromkeys(peer for group in groups for peer in group.peers))

    return nearest
