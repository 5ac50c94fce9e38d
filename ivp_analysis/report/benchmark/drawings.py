"""The pictures of the benchmark: a funnel with the limits of the verdicts, smoothed rates in order, and the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivp_analysis.data.boundaries import load_boundaries, select_surroundings
from ivp_analysis.methods.benchmark_words import BenchmarkRules
from ivp_analysis.methods.funnel import exact_limits, verdict_limits
from ivp_analysis.methods.shrinkage import fit_gamma_prior, shrink_rates
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Benchmark, Levels, open_levels
from ivp_analysis.report.figures import (
    Drawing,
    FunnelLimits,
    FunnelPoint,
    MapClass,
    draw_caterpillar,
    draw_funnel,
    draw_map,
)
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.page.words import BENCHMARK_WORDS
from ivp_analysis.report.wording.benchmark import say_benchmark
from ivp_analysis.report.wording.tabulate import sentence_case

# How much of its own size the map shows around the region; how many rows a reader still looks over.
_MARGIN, _MOST_ROWS = 0.45, 45
_STEPS = {"much_lower": -2, "lower": -1, "similar": 0, "higher": 1, "much_higher": 2}
_POINTS = 60


def draw_level_funnel(analysis: Analysis, indicator: str) -> Drawing | None:
    """The five by name, their peers grey, each against its own peers' level; None without a comparison."""
    own = _compared(analysis, indicator)
    if not own:
        return None
    levels = open_levels(analysis, analysis.series[indicator])
    points = _funnel_points(analysis, own, levels)
    years = numbers.years(*own[0].years)
    label = f"{sentence_case(own[0].finding.indicator.label)} {years} naast vergelijkbare gemeenten"
    return draw_funnel(
        points,
        _limits(own, levels, max(point.x for point in points), analysis.benchmark_rules),
        reference=1.0,
        label=label,
        x_unit=f"verwacht aantal in {years}",
        y_unit="keer het niveau van vergelijkbare gemeenten",
        sentence=" ".join(say_benchmark(b) for b in own),
    )


def tabulate_level_funnel(analysis: Analysis, indicator: str) -> Table | None:
    """The figures behind the funnel, the plan's municipalities first."""
    own = _compared(analysis, indicator)
    if not own:
        return None
    points = _funnel_points(analysis, own, open_levels(analysis, analysis.series[indicator]))
    limits = {b.area.name: b.result.inner for b in own}
    gone = Missing("alleen voor de gemeenten van het plan")
    return Table(
        caption=f"{_subject(own)}: de cijfers in de trechter",
        columns=[
            Column("name", "Gemeente"),
            Column("expected", "Verwacht", "aantal", format="count"),
            Column("ratio", "Verhouding", format="decimal", digits=2),
            Column(
                "limits",
                "Grenzen",
                numbers.percent(analysis.benchmark_rules.limit_inner),
                format="range",
                digits=2,
            ),
        ],
        rows=[
            {"name": p.name, "expected": p.x, "ratio": p.y, "limits": limits.get(p.name, gone)}
            for p in points
        ],
        id=f"trechter-{indicator.replace('_', '-')}"[:40],
    )


def _subject(own: list[Benchmark]) -> str:
    return f"{sentence_case(own[0].finding.indicator.label)} {numbers.years(*own[0].years)}"


def _funnel_points(analysis: Analysis, own: list[Benchmark], levels: Levels) -> list[FunnelPoint]:
    named = [FunnelPoint(b.area.name, b.result.expected, b.result.ratio, own=True) for b in own]
    return [*named, *_peer_points(analysis, own, levels)]


def _compared(analysis: Analysis, indicator: str) -> list[Benchmark]:
    """The municipalities of the plan that were given a word."""
    found = [analysis.benchmarks[indicator, code] for code in analysis.plan.areas]
    return [b for b in found if np.isfinite(b.result.ratio) and b.result.n_peers >= b.min_peers]


def _peer_points(analysis: Analysis, own: list[Benchmark], levels: Levels) -> list[FunnelPoint]:
    """Each peer against the mean level of the groups it belongs to."""
    points = []
    groups = {b.area.code: (set(analysis.peers[b.area.code].peers), b.result.peer_rate) for b in own}
    peers = [c for c in analysis.compared if c not in analysis.plan.areas]
    for code, row in zip(peers, levels.rows(peers), strict=True):
        rates = [rate for members, rate in groups.values() if code in members]
        if rates and np.isfinite(levels.counts[row]) and np.isfinite(levels.exposure[row]):
            expected = float(levels.exposure[row]) * float(np.mean(rates))
            name = analysis.registry.municipalities[code].name
            points.append(FunnelPoint(name, expected, float(levels.counts[row]) / expected))
    return points


def _limits(own: list[Benchmark], levels: Levels, widest: float, rules: BenchmarkRules) -> FunnelLimits:
    """At each of the five exactly the limits of its own verdict; between them what sets these apart runs on."""
    ordered = sorted(own, key=lambda b: b.result.expected)
    at = np.array([b.result.expected for b in ordered])
    x = np.unique(np.concatenate([np.geomspace(at[0] / 3, max(widest, at[-1]) * 1.05, _POINTS), at]))
    tau2 = np.interp(x, at, [b.result.tau2 for b in ordered])
    peers = np.interp(x, at, [float(b.result.n_peers) for b in ordered])
    rows = levels.rows([b.area.code for b in ordered])
    rounding = np.interp(x, at, levels.rounding[rows])

    def limits(confidence: float) -> tuple[list[float], list[float]]:
        ends = [
            verdict_limits(e, t, n_peers=k, confidence=confidence, rounding_variance=v)
            for e, t, k, v in zip(x, tau2, peers, rounding, strict=True)
        ]
        return [float(low) for low, _ in ends], [float(high) for _, high in ends]

    inner, outer = limits(rules.limit_inner), limits(rules.limit_outer)
    chance = [exact_limits(x, confidence=level) for level in (rules.limit_inner, rules.limit_outer)]
    return FunnelLimits(
        x.tolist(),
        inner[0],
        inner[1],
        outer[0],
        outer[1],
        rules.limit_inner,
        rules.limit_outer,
        [(lower.tolist(), upper.tolist()) for lower, upper in chance],
    )


@dataclass(frozen=True, slots=True)
class _Smoothed:
    """Yearly rates of the plan's municipalities and their peers, smoothed as one group."""

    own: list[Benchmark]
    names: list[str]
    rates: list[float]
    lower: list[float]
    upper: list[float]
    reference: float
    unit: str


def draw_shrunken(analysis: Analysis, indicator: str) -> Drawing | None:
    """Smoothed yearly rates in order; None without a comparison."""
    found = _smooth(analysis, indicator)
    if found is None:
        return None
    return draw_caterpillar(
        found.names,
        found.rates,
        found.lower,
        found.upper,
        highlighted=[b.area.name for b in found.own],
        reference=found.reference,
        reference_label="vergelijkbare gemeenten samen",
        label=f"{_subject(found.own)}, afgevlakt",
        unit=found.unit,
    )


def tabulate_shrunken(analysis: Analysis, indicator: str) -> Table | None:
    """The figures behind the smoothed rates, from high to low."""
    found = _smooth(analysis, indicator)
    if found is None:
        return None
    order = sorted(range(len(found.names)), key=lambda i: -found.rates[i])
    return Table(
        caption=f"{_subject(found.own)}: afgevlakte cijfers",
        columns=[
            Column("name", "Gemeente"),
            Column("rate", "Afgevlakt", found.unit, format="decimal", digits=2),
            Column(
                "limits",
                numbers.margin(analysis.benchmark_rules.limit_inner),
                found.unit,
                format="range",
                digits=2,
            ),
        ],
        rows=[
            {"name": found.names[i], "rate": found.rates[i], "limits": (found.lower[i], found.upper[i])}
            for i in order
        ],
        id=f"afgevlakt-{indicator.replace('_', '-')}"[:40],
    )


def _smooth(analysis: Analysis, indicator: str) -> _Smoothed | None:
    own = _compared(analysis, indicator)
    if not own:
        return None
    levels = open_levels(analysis, analysis.series[indicator])
    known = np.isfinite(levels.counts) & np.isfinite(levels.exposure)
    rows = [r for r in levels.rows(_nearest(analysis)) if known[r]]
    y, e = levels.counts[rows], levels.exposure[rows]
    per = float(analysis.registry.method.group("rates")["per"])
    shrunk = shrink_rates(fit_gamma_prior(y, e), y, e, confidence=analysis.benchmark_rules.limit_inner)
    others = [place for place, r in enumerate(rows) if levels.codes[r] not in analysis.plan.areas]
    return _Smoothed(
        own=own,
        names=[analysis.registry.municipalities[levels.codes[r]].name for r in rows],
        rates=(shrunk.rates * per).tolist(),
        lower=(shrunk.lower * per).tolist(),
        upper=(shrunk.upper * per).tolist(),
        reference=float(y[others].sum() / e[others].sum()) * per,
        unit=f"per {numbers.count(per)} inwoners per jaar",
    )


def _nearest(analysis: Analysis) -> list[str]:
    """The plan's municipalities and as many of the nearest peers of each as fit one legible figure."""
    for k in range(analysis.chooser.rules.k, 0, -1):
        peers = {peer for group in analysis.peers.values() for peer in group.peers[:k]}
        if len(peers) + len(analysis.plan.areas) <= _MOST_ROWS:
            break
    return [code for code in analysis.compared if code in peers or code in analysis.plan.areas]


def draw_level_map(analysis: Analysis, indicator: str) -> Drawing | None:
    """The words of one indicator on the map; None when no boundaries were taken."""
    codes = analysis.plan.areas
    features = select_surroundings(
        load_boundaries(analysis.workspace, analysis.registry), codes, margin=_MARGIN
    )
    if not features:
        return None
    found = {code: analysis.benchmarks[indicator, code] for code in codes}
    first = found[codes[0]]
    classes = [MapClass(w.short, w.sign, _STEPS.get(key.value)) for key, w in BENCHMARK_WORDS.items()]
    title = f"{sentence_case(first.finding.indicator.label)} {numbers.years(*first.years)} naast vergelijkbare gemeenten"
    return draw_map(
        features,
        values={code: b.word.short for code, b in found.items()},
        classes=classes,
        labels={code: b.area.name for code, b in found.items()},
        label=title,
        code_field="statcode",
    )
