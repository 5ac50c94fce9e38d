"""The levels of comparable municipalities that a target is set against, and what they did in the same time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ivp_analysis.methods.candidates import PeerRates
from ivp_analysis.methods.peer_change import PeerChange, PeerGroup, compare_with_peers
from ivp_analysis.methods.shrinkage import fit_gamma_prior, shrink_rates
from ivp_analysis.report.analysis.assess import Panel
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.forecast.forecasts import Floats, Outlook, rows_of


def open_peer_rates(outlook: Outlook, indicator: str, area: Area, origin: int) -> PeerRates | None:
    """Shrunken rates of the peers over the years of a level up to `origin`; None with too few peers.

    The expected population is that of the origin: these sources hold no population forecast. The peers of a
    region are a mix: its k-th place is the k-th place among each municipality's peers, weighted by people.
    """
    panel, rules = outlook.panel(indicator), outlook.analysis.benchmark_rules
    if panel is None or outlook.analysis.registry.indicators[indicator].denominator == "none":
        return None
    columns = [i for i, year in enumerate(panel.years) if origin - rules.years < year <= origin]
    if len(columns) < rules.years or panel.years[columns[-1]] != origin:
        return None
    counts, people = panel.counts[:, columns].sum(axis=1), panel.populations[:, columns].sum(axis=1)
    own, peers, weights = [], [], []
    for row in rows_of(panel, area.members):
        group = [r for r in panel.pools[row] if np.isfinite(counts[r]) and np.isfinite(people[r])]
        if len(group) < outlook.analysis.chooser.rules.min_peers or not np.isfinite(counts[row]):
            return None
        rates = _shrink(counts[[row, *group]], people[[row, *group]], rules.limit_inner)
        own.append(rates[0])
        peers.append(np.quantile(rates[1:], np.linspace(0, 1, outlook.analysis.chooser.rules.k)))
        weights.append(panel.populations[row, columns[-1]])
    per = float(outlook.analysis.registry.method.group("rates")["per"])
    mix = np.average(np.array(peers), axis=0, weights=weights) * per
    level = float(np.average(own, weights=weights)) * per
    return PeerRates(tuple(mix.tolist()), level, float(np.sum(weights)), per)


def _shrink(counts: Floats, people: Floats, confidence: float) -> Floats:
    """The area among its peers, as in the benchmark."""
    return shrink_rates(fit_gamma_prior(counts, people), counts, people, confidence=confidence).rates


def compare_change(outlook: Outlook, indicator: str, area: Area, first: int, last: int) -> PeerChange | None:
    """What the peers did between two years, per inhabitant; None without peers or without the years."""
    panel = outlook.panel(indicator)
    if panel is None or not {first, last} <= set(panel.years) or first >= last:
        return None
    ends = [panel.years.index(first), panel.years.index(last)]
    own = rows_of(panel, area.members)
    before, after = panel.total(area.members)[ends].tolist()
    return compare_with_peers(baseline=before, latest=after, groups=[_group(panel, row, ends) for row in own])


def _group(panel: Panel, row: int, ends: Sequence[int]) -> PeerGroup:
    """A municipality and its peers in two years."""
    peers = panel.pools[row]
    (first, last), counts, people = ends, panel.counts[peers], panel.populations[peers]
    return PeerGroup(
        people=(float(panel.populations[row, first]), float(panel.populations[row, last])),
        counts=(counts[:, first], counts[:, last]),
        peer_people=(people[:, first], people[:, last]),
    )
