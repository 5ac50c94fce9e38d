"""Would other comparable municipalities have given another word? Other numbers of peers, other sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ivp_analysis.methods.benchmark_words import Sensitivity, compare_choices
from ivp_analysis.report.analysis.benchmarks import compare_areas, open_levels

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

Peers = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AreaSensitivity:
    """One indicator in one area: the words under each choice, and how many peers each choice gave."""

    indicator: str
    area_code: str
    words: Sensitivity
    sizes: Mapping[str, int]


def choose_sets(analysis: Analysis) -> dict[str, Peers]:
    """By the name of a choice in Dutch: the peers of every municipality of the plan."""
    chooser, areas = analysis.chooser, analysis.plan.areas
    rules = chooser.rules
    classes = [float(limit) for limit in str(_constant(analysis)).split()]
    size_of = {code: _size_class(analysis, code, classes) for code in analysis.pool}
    province = analysis.registry.municipalities[areas[0]].province
    inside = {c for c in analysis.pool if analysis.registry.municipalities[c].province == province}
    border = {c for c in analysis.pool if analysis.registry.municipalities[c].border}
    return {
        f"{rules.k_small} meest gelijkende": {c: chooser.nearest(c, k=rules.k_small).peers for c in areas},
        f"{rules.k_large} meest gelijkende": {c: chooser.nearest(c, k=rules.k_large).peers for c in areas},
        "even groot": {c: chooser.within(c, {o for o in size_of if size_of[o] == size_of[c]}) for c in areas},
        "zelfde provincie": {c: chooser.within(c, inside) for c in areas},
        "aan de landsgrens": {c: chooser.within(c, border) for c in areas},
        "alle andere": {c: chooser.within(c, set(analysis.pool)) for c in areas},
    }


def assess_sensitivity(analysis: Analysis) -> dict[tuple[str, str], AreaSensitivity]:
    """By indicator id and area code."""
    sets = choose_sets(analysis)
    found = {}
    for series in analysis.series.values():
        levels = open_levels(analysis, series)
        results = {
            name: compare_areas(analysis, series.indicator, levels, peers) for name, peers in sets.items()
        }
        headline = [analysis.benchmarks[series.indicator, area.code].result.word for area in analysis.areas]
        words = {name: [r.word for r in chosen if r.word is not None] for name, chosen in results.items()}
        judged = compare_choices([word for word in headline if word is not None], words)
        for place, area in enumerate(analysis.areas):
            sizes = {name: chosen[place].n_peers for name, chosen in results.items()}
            key = series.indicator, area.code
            found[key] = AreaSensitivity(*key, judged[place], sizes)
    return found


def _constant(analysis: Analysis) -> object:
    return analysis.registry.method.group("peer_sets")["size_classes"]


def _size_class(analysis: Analysis, code: str, limits: list[float]) -> int:
    """Class of inhabitants in the newest known year; -1 when unknown."""
    people = analysis.people.loc[[code]].to_numpy(dtype=float)[0]
    known = people[np.isfinite(people)]
    return sum(float(known[-1]) >= limit for limit in limits) if known.size else -1
