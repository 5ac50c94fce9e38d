"""The comparable municipalities of each municipality of the plan, from whatever key figures the build holds."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ivp_analysis.data.series import Build, key_figures, populations
from ivp_analysis.methods.peers import Feature, PeerGroup, Transform, find_peers
from ivp_analysis.registry.records import Plan, Registry

# What makes municipalities alike, as a reader meets it; sizes and densities compare by ratio, hence the logarithm.
FEATURES: dict[str, tuple[str, Transform]] = {
    "population": ("inwoners", "log"),
    "density": ("inwoners per vierkante kilometer", "log"),
    "share_15_24": ("aandeel 15 tot 25 jaar", "none"),
    "income": ("inkomen per inwoner", "none"),
    "single_households": ("aandeel eenpersoonshuishoudens", "none"),
    "home_value": ("gemiddelde WOZ-waarde", "log"),
    "overnight_stays": ("overnachtingen per inwoner", "log1p"),
    "border": ("ligging aan de landsgrens", "none"),
    "businesses": ("bedrijfsvestigingen per 1.000 inwoners", "log"),
}


def choose_peers(
    build: Build, registry: Registry, plan: Plan, pool: Sequence[str], year: int
) -> dict[str, PeerGroup]:
    """By municipality of the plan; the others of the plan never are its peers."""
    table = _features(build, pool, year)
    features = [
        Feature(name, tuple(table[name].astype(float)), transform)
        for name, (_, transform) in FEATURES.items()
        if name in table and table[name].notna().any()
    ]
    k = int(registry.method.group("peers")["k"])
    return {code: find_peers(pool, features, unit=code, k=k, excluded=plan.areas) for code in plan.areas}


def _features(build: Build, pool: Sequence[str], year: int) -> pd.DataFrame:
    """Key figures; without any, the number of inhabitants alone, which every build has."""
    table = key_figures(build, pool)
    if not len(table.columns):
        people = populations(build, pool, [year - 1, year])
        table = pd.DataFrame({"population": people.ffill(axis=1).iloc[:, -1]})
    return table
