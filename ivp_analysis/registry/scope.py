"""Which caveats and series breaks concern what a page shows."""

from __future__ import annotations

from collections.abc import Collection

from ivp_analysis.registry.records import Caveat, Registry, SeriesBreak


def caveats_for(
    registry: Registry,
    *,
    indicators: Collection[str] = (),
    sources: Collection[str] = (),
    areas: Collection[str] = (),
) -> tuple[Caveat, ...]:
    """The caveats that a page with these indicators, sources and areas must show, in the registry's order."""
    named = {key for i in indicators for key in registry.indicators[i].caveats}
    return tuple(
        c
        for c in registry.caveats.values()
        if c.always
        or c.id in named
        or not set(c.indicators).isdisjoint(indicators)
        or not set(c.sources).isdisjoint(sources)
        or not set(c.areas).isdisjoint(areas)
    )


def breaks_for(registry: Registry, *, indicator: str, source: str) -> tuple[SeriesBreak, ...]:
    """The breaks in the series of one indicator from one source, in the registry's order."""
    return tuple(
        b
        for b in registry.breaks.values()
        if (not b.indicators or indicator in b.indicators) and (not b.sources or source in b.sources)
    )
