"""The comparable municipalities of each municipality of the plan, from whatever key figures the build holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from ivp_analysis.data.series import Build, key_figures, populations
from ivp_analysis.methods.peers import Feature, PeerGroup, PeerRules, Transform, find_peers
from ivp_analysis.registry.records import Plan, Registry


@dataclass(frozen=True, slots=True)
class FeatureName:
    """A feature in a sentence, as the heading of a narrow column with its unit, and how many decimals it has."""

    label: str
    heading: str
    unit: str
    transform: Transform
    digits: int = 0


# What makes municipalities alike, as a reader meets it; sizes and densities compare by ratio, hence the logarithm.
FEATURES: dict[str, FeatureName] = {
    "population": FeatureName("inwoners", "Inwoners", "", "log"),
    "density": FeatureName("inwoners per vierkante kilometer", "Per km²", "inw.", "log"),
    "share_15_24": FeatureName("aandeel 15 tot 25 jaar", "15–24", "jaar, %", "none", 1),
    "income": FeatureName("inkomen per inwoner", "Inkomen", "€ 1.000", "none", 1),
    "single_households": FeatureName("aandeel eenpersoonshuishoudens", "Alleen", "%", "none", 1),
    "home_value": FeatureName("gemiddelde WOZ-waarde", "WOZ", "€ 1.000", "log"),
    "overnight_stays": FeatureName("overnachtingen per inwoner", "Nachten", "per inw.", "log1p", 1),
    "border": FeatureName("ligging aan de landsgrens", "Grens", "", "none"),
    "businesses": FeatureName("bedrijfsvestigingen per 1.000 inwoners", "Bedrijven", "per 1.000", "log"),
}


@dataclass(frozen=True, slots=True)
class PeerChooser:
    """What peers are chosen from; the other municipalities of the plan never are peers."""

    pool: tuple[str, ...]
    plan: Plan
    features: tuple[Feature, ...]
    rules: PeerRules

    def nearest(self, unit: str, *, k: int | None = None) -> PeerGroup:
        """The `k` nearest of all, by default as many as the method says."""
        return find_peers(self.pool, self.features, unit=unit, k=k or self.rules.k, excluded=self.plan.areas)

    def within(self, unit: str, candidates: Collection[str]) -> tuple[str, ...]:
        """All of a set, whatever their distance."""
        return tuple(c for c in self.pool if c in candidates and c != unit and c not in self.plan.areas)


def open_chooser(build: Build, registry: Registry, plan: Plan, pool: Sequence[str], year: int) -> PeerChooser:
    """The features that the build knows of the municipalities in `pool`."""
    table = feature_table(build, registry, pool, year)
    features = tuple(
        Feature(name, tuple(table[name].astype(float)), feature.transform)
        for name, feature in FEATURES.items()
        if name in table and table[name].notna().any()
    )
    return PeerChooser(tuple(pool), plan, features, PeerRules(**registry.method.group("peers")))


def feature_table(build: Build, registry: Registry, pool: Sequence[str], year: int) -> pd.DataFrame:
    """Key figures, and whether a municipality lies on the border; without any of use here, the number of inhabitants alone.

    A municipality of which nothing else is known gets no border: by that alone nobody can be compared.
    """
    table = key_figures(build, pool)
    if not set(FEATURES) & set(table.columns):
        people = populations(build, pool, [year - 1, year])
        return pd.DataFrame({"population": people.ffill(axis=1).iloc[:, -1]})
    border = pd.Series([float(bool(registry.municipalities[c].border)) for c in table.index], table.index)
    return table.assign(border=border.where(table.notna().any(axis=1)))
