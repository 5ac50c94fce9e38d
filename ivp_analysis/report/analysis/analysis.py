"""Everything a report draws on, for one plan and one reference year: computed once, the same on every page.

A trend word depends on its family of tests (all plan areas x all indicators), so the family is always computed
whole: a fact has one word on every page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ivp_analysis.data.series import (
    Build,
    IndicatorSeries,
    indicator_counts,
    open_build,
    populations,
    recipe_counts,
)
from ivp_analysis.data.workspace import Workspace, open_workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.methods.benchmark_words import BenchmarkRules
from ivp_analysis.methods.multiplicity import adjust
from ivp_analysis.methods.peers import PeerGroup
from ivp_analysis.methods.trend import TrendRules, with_adjusted
from ivp_analysis.registry import find_plan, load_registry, slug
from ivp_analysis.registry.records import Indicator, Plan, Registry
from ivp_analysis.report.analysis.assess import assess_findings
from ivp_analysis.report.analysis.benchmarks import Benchmark, assess_benchmarks
from ivp_analysis.report.analysis.findings import Area, Finding, WordingRules
from ivp_analysis.report.analysis.peers import PeerChooser, open_chooser
from ivp_analysis.report.analysis.second_look import SecondLook, assess_second_looks
from ivp_analysis.report.analysis.sensitivity import AreaSensitivity, assess_sensitivity


@dataclass(frozen=True)
class Analysis:
    """One plan, one build, one reference year."""

    workspace: Workspace
    registry: Registry
    plan: Plan
    build: Build
    year: int

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The plan's municipalities, and the region last."""
        return (*_municipalities(self.plan, self.registry), _region(self.plan))

    @property
    def region(self) -> Area:
        """The plan's municipalities together."""
        return self.areas[-1]

    def area(self, code: str) -> Area:
        """The area of that code; an area outside the plan is an error."""
        for area in self.areas:
            if area.code == code:
                return area
        known = ", ".join(f"{a.code} ({a.name})" for a in self.areas)
        raise UsageError(
            f"area {code!r} is not in {self.plan.id}", where="area_code", todo=f"use one of {known}"
        )

    @cached_property
    def series(self) -> dict[str, IndicatorSeries]:
        """Yearly counts of every indicator that has a figure for at least one of the plan's municipalities."""
        found = {}
        for indicator in self.registry.indicators:
            # The plan's own municipalities choose the recipe: a figure that the police delivered for them alone
            # would never win from a table of the whole country.
            own = indicator_counts(self.build, self.registry, indicator, self.plan.areas)
            if own.recipe is not None and own.counts.notna().to_numpy().any():
                found[indicator] = recipe_counts(self.build, indicator, own.recipe, self.pool)
        return found

    @cached_property
    def pool(self) -> tuple[str, ...]:
        """The plan's municipalities first, then every other municipality of the build within one set of borders."""
        others = [c for c in self.build.areas() if c.startswith("GM") and c not in self.build.excluded]
        return (*self.plan.areas, *(c for c in others if c not in self.plan.areas))

    @cached_property
    def chooser(self) -> PeerChooser:
        """What peers are chosen from."""
        return open_chooser(self.build, self.registry, self.plan, self.pool, self.year)

    @cached_property
    def peers(self) -> dict[str, PeerGroup]:
        """The comparable municipalities of each municipality of the plan."""
        return {code: self.chooser.nearest(code) for code in self.plan.areas}

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The plan's municipalities first, then all that are a peer of one of them."""
        peers = {peer for group in self.peers.values() for peer in group.peers}
        return tuple(code for code in self.pool if code in peers or code in self.plan.areas)

    @cached_property
    def people(self) -> pd.DataFrame:
        """Inhabitants (average of the year) of every municipality of the build, by year."""
        years = sorted({int(year) for year in self.build.population["year"].dropna()})
        return populations(self.build, self.pool, years)

    @cached_property
    def trend_rules(self) -> TrendRules:
        """The constants of the trend words."""
        return TrendRules(**self.registry.method.group("trend"))

    @cached_property
    def benchmark_rules(self) -> BenchmarkRules:
        """The constants of the benchmark words."""
        return BenchmarkRules(**self.registry.method.group("benchmark"))

    @cached_property
    def wording_rules(self) -> WordingRules:
        """The constants that sentences quote."""
        text = self.registry.method.group("text")
        return WordingRules(
            int(text["percent_min_count"]),
            self.trend_rules.min_years,
            self.trend_rules.confidence,
            float(text["undetermined_share"]),
        )

    @cached_property
    def findings(self) -> dict[tuple[str, str], Finding]:
        """By indicator id and area code: all plan areas x all indicators that have figures."""
        pending = [finding for series in self.series.values() for finding in assess_findings(self, series)]
        judged = with_adjusted([finding.trend for finding in pending], self.trend_rules)
        q = adjust([f.heterogeneity.p if f.heterogeneity else np.nan for f in pending], method="bh")
        found = [
            replace(
                f, trend=trend, areas_differ=None if np.isnan(one) else bool(one <= self.trend_rules.q_max)
            )
            for f, trend, one in zip(pending, judged, q, strict=True)
        ]
        return {(f.indicator.id, f.area.code): f for f in found}

    @cached_property
    def benchmarks(self) -> dict[tuple[str, str], Benchmark]:
        """The level against comparable municipalities, of the same indicators and areas as the findings."""
        return assess_benchmarks(self)

    @cached_property
    def sensitivities(self) -> dict[tuple[str, str], AreaSensitivity]:
        """What other choices of comparable municipalities would have made of each level."""
        return assess_sensitivity(self)

    @cached_property
    def second_looks(self) -> dict[tuple[str, str], SecondLook]:
        """The trend without the corona years and with known breaks."""
        return assess_second_looks(self)

    def findings_of(self, area: Area, field: str | None = None) -> list[Finding]:
        """The findings of an area (of one safety field), in the order of the registry."""
        mine = [f for (_, code), f in self.findings.items() if code == area.code]
        return [f for f in mine if field is None or f.indicator.field == field]

    @property
    def absent(self) -> list[Indicator]:
        """Indicators that no source of this build has figures for, counts or answers."""
        asked = set(self.build.survey["question"])
        surveyed = {
            i.id
            for i in self.registry.indicators.values()
            if any(code in asked for recipe in i.recipes for code in recipe.codes)
        }
        return [i for i in self.registry.indicators.values() if i.id not in {*self.series, *surveyed}]


def open_analysis(workspace: str = "", plan_id: str = "", reference_year: int = 0) -> Analysis:
    """Open a workspace ("" = the checkout) for a plan ("" = the only one) and a year (0 = the last full year)."""
    place = open_workspace(workspace or None)
    return analyse(place, load_registry(place.registry), plan_id or None, reference_year or None)


def analyse(workspace: Workspace, registry: Registry, plan_id: str | None, year: int | None) -> Analysis:
    """The same from what is already open."""
    plan = find_plan(registry, plan_id)
    build = open_build(workspace)
    _refuse_absent(build, registry, plan, workspace)
    years = full_years(build, plan)
    if year is not None and year not in years:
        held = f"{years[0]}-{years[-1]}"
        raise UsageError(f"no figures over {year}", where="reference year", todo=f"choose a year in {held}")
    return Analysis(workspace, registry, plan, build, year or years[-1])


def _refuse_absent(build: Build, registry: Registry, plan: Plan, workspace: Workspace) -> None:
    """A region without one of its municipalities is another region, and nobody is compared without inhabitants."""
    people = build.population
    for what, held in (
        ("figures", set(build.areas())),
        ("inhabitants", set(people["area_code"].astype("str"))),
    ):
        absent = [f"{registry.municipalities[code].name} ({code})" for code in plan.areas if code not in held]
        if absent:
            source = "cbs-37230" if what == "inhabitants" else "ID"
            raise UsageError(
                f"no {what} of {', '.join(absent)}, which {plan.id} covers",
                where=str(workspace.root),
                todo=f"take them with ivp import FILE --source {source}, then ivp build; or leave them out of the plan",
            )


def full_years(build: Build, plan: Plan) -> list[int]:
    """The years over which a municipality of the plan has a yearly figure."""
    frame = build.observations
    mine = frame[frame["area_code"].isin(plan.areas).to_numpy() & frame["count"].notna().to_numpy()]
    periods = mine["period"].cat.remove_unused_categories().cat.categories
    return sorted(int(period) for period in periods if len(period) == 4)


def _municipalities(plan: Plan, registry: Registry) -> list[Area]:
    names = {code: registry.municipalities[code].name for code in plan.areas}
    return [Area(code, name, slug(name), (code,)) for code, name in names.items()]


def _region(plan: Plan) -> Area:
    return Area(
        plan.region_slug,
        plan.region_name,
        plan.region_slug,
        plan.areas,
        is_region=True,
        article=plan.region_article,
    )
