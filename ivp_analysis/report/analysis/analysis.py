"""Everything a report draws on, for one plan and one reference year: computed once, the same on every page.

A trend word depends on its family of tests (all plan areas x all indicators), so the family is always computed
whole: a fact has one word on every page. A municipality outside the plan is an analysis of its own (`guest`): its
tests are a family by themselves, so that no report about others changes a word of the plan's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from ivp_analysis.data.build_facts import choose_year, refuse_absent
from ivp_analysis.data.disclosure import threshold
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
from ivp_analysis.methods.peers import PeerGroup
from ivp_analysis.methods.trend import TrendRules
from ivp_analysis.registry import find_plan, load_registry, slug
from ivp_analysis.registry.records import Indicator, Plan, Registry
from ivp_analysis.report.analysis.assess import judge_findings
from ivp_analysis.report.analysis.benchmarks import Benchmark, assess_benchmarks
from ivp_analysis.report.analysis.findings import Area, Finding, WordingRules
from ivp_analysis.report.analysis.kept import hash_analysis, keep
from ivp_analysis.report.analysis.peers import PeerChooser, open_chooser
from ivp_analysis.report.analysis.second_look import SecondLook, assess_second_looks
from ivp_analysis.report.analysis.sensitivity import AreaSensitivity, assess_sensitivity

T = TypeVar("T")


@dataclass(frozen=True)
class Analysis:
    """One plan, one build, one reference year. home: the plan's analysis, for a municipality outside it."""

    workspace: Workspace
    registry: Registry
    plan: Plan
    build: Build
    year: int
    home: Analysis | None = None

    @cached_property
    def shelf(self) -> dict[str, Any]:
        """What later rooms made of this analysis, by their own names: pages made in one process share it."""
        return {}

    @cached_property
    def mark(self) -> str:
        """The hash of all that it is made from."""
        return hash_analysis(self)

    def guest(self, code: str) -> Analysis:
        """The same build and year for one municipality outside the plan; `home` is then this analysis."""
        if code not in self.pool:
            raise UsageError(
                f"area {code!r} is not in {self.plan.id}, and the figures hold no such municipality",
                where="area_code",
                todo=f"use one of {_named(self.areas)}, or a municipality with figures",
            )
        return replace(self, plan=_plan_of_one(self.plan, code, self.registry), home=self)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The plan's municipalities, and the region last; a guest is no region."""
        own = _municipalities(self.plan, self.registry)
        return tuple(own) if self.home else (*own, _region(self.plan))

    @property
    def region(self) -> Area:
        """The plan's municipalities together; a guest itself."""
        return self.areas[-1]

    def area(self, code: str) -> Area:
        """The area of that code; an area outside the plan is an error."""
        for area in self.areas:
            if area.code == code:
                return area
        raise UsageError(
            f"area {code!r} is not in {self.plan.id}",
            where="area_code",
            todo=f"use one of {_named(self.areas)}",
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
                known = self.home.series.get(indicator) if self.home else None
                same = known is not None and known.recipe == own.recipe
                found[indicator] = (
                    known
                    if known and same
                    else recipe_counts(self.build, self.registry, indicator, own.recipe, self.pool)
                )
        return found

    def rounded(self, series: IndicatorSeries) -> pd.Series:
        """Of which municipalities of the pool the counts are rounded to fives, by code; looked up once a series."""
        known = (self.home or self).shelf.setdefault("rounded", {})
        key = series.indicator, series.recipe
        if key not in known:
            known[key] = (series.status == "rounded5").any(axis=1)
        return known[key]  # type: ignore[no-any-return]

    @cached_property
    def pool(self) -> tuple[str, ...]:
        """The plan's municipalities first, then every other municipality of the build within one set of borders."""
        if self.home:
            return self.home.pool
        others = [c for c in self.build.areas() if c.startswith("GM") and c not in self.build.excluded]
        return (*self.plan.areas, *(c for c in others if c not in self.plan.areas))

    @cached_property
    def chooser(self) -> PeerChooser:
        """What peers are chosen from."""
        if self.home:
            return replace(self.home.chooser, plan=self.plan)
        return open_chooser(self.build, self.registry, self.plan, self.pool, self.year)

    @cached_property
    def peers(self) -> dict[str, PeerGroup]:
        """The comparable municipalities of each municipality of the plan."""
        return {code: self.chooser.nearest(code) for code in self.plan.areas}

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The plan's municipalities first, then all that are a peer of one of them."""
        peers = {peer for group in self.peers.values() for peer in group.peers}
        return (*self.plan.areas, *(code for code in self.pool if code in peers))

    @cached_property
    def people(self) -> pd.DataFrame:
        """Inhabitants (average of the year) of every municipality of the build, by year."""
        if self.home:
            return self.home.people
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
            self.trend_rules.equivalence,
            self.trend_rules.equivalence_confidence,
            threshold(self.registry),
        )

    @cached_property
    def findings(self) -> dict[tuple[str, str], Finding]:
        """By indicator id and area code: all plan areas x all indicators that have figures."""
        return self._shared("findings", judge_findings)

    @cached_property
    def benchmarks(self) -> dict[tuple[str, str], Benchmark]:
        """The level against comparable municipalities, of the same indicators and areas as the findings."""
        return self._shared("benchmarks", assess_benchmarks)

    @cached_property
    def sensitivities(self) -> dict[tuple[str, str], AreaSensitivity]:
        """What other choices of comparable municipalities would have made of each level."""
        return self._shared("sensitivities", assess_sensitivity)

    @cached_property
    def second_looks(self) -> dict[tuple[str, str], SecondLook]:
        """The trend without the corona years and with known breaks."""
        return self._shared("second-looks", assess_second_looks)

    def _shared(self, part: str, make: Callable[[Analysis], T]) -> T:
        """The plan's results serve many pages and are kept; a guest's serve one."""
        return make(self) if self.home else keep(self, part, make)

    def findings_of(self, area: Area, field: str | None = None) -> list[Finding]:
        """The findings of an area (of one safety field), in the order of the registry."""
        mine = [f for (_, code), f in self.findings.items() if code == area.code]
        return [f for f in mine if field is None or f.indicator.field == field]

    @property
    def hides_small(self) -> bool:
        """Whether small numbers may be hidden: a source of the build is not public."""
        return any(self.registry.sources[source].is_delivered for source in self.build.sources)

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


def open_analysis(
    workspace: str = "", plan_id: str = "", reference_year: int = 0, area_code: str = ""
) -> Analysis:
    """Open a workspace ("" = the checkout) for a plan ("" = the only one) and a year (0 = the last full year).

    area_code: the municipality that a page is about; one outside the plan gives the analysis of it alone.
    """
    analysis = _OPEN.get((workspace, plan_id, reference_year)) or _open(workspace, plan_id, reference_year)
    outside = area_code and area_code not in {area.code for area in analysis.areas}
    return analysis.guest(area_code) if outside else analysis


# In a process from which others are forked: what they find open.
_OPEN: dict[tuple[str, str, int], Analysis] = {}


def hold_open(workspace: str, plan_id: str, reference_year: int) -> Analysis:
    """Open an analysis for this process and all that are forked from it; there it is not opened again."""
    key = workspace, plan_id, reference_year
    if key not in _OPEN:
        _OPEN[key] = _open(*key)
    return _OPEN[key]


def _open(workspace: str, plan_id: str, reference_year: int) -> Analysis:
    place = open_workspace(workspace or None)
    return analyse(place, load_registry(place.registry), plan_id or None, reference_year or None)


def analyse(workspace: Workspace, registry: Registry, plan_id: str | None, year: int | None) -> Analysis:
    """The same from what is already open."""
    plan = find_plan(registry, plan_id)
    build = open_build(workspace)
    refuse_absent(build.facts, registry, plan, workspace)
    return Analysis(workspace, registry, plan, build, choose_year(build.facts, plan.areas, year))


def _named(areas: Iterable[Area]) -> str:
    return ", ".join(f"{area.code} ({area.name})" for area in areas)


def _plan_of_one(plan: Plan, code: str, registry: Registry) -> Plan:
    """What remains of a plan for a municipality that it does not cover: its years, and no word of its text."""
    name = registry.municipalities[code].name
    return replace(
        plan,
        title="",
        region_name=name,
        region_slug=slug(name),
        areas=(code,),
        targets=(),
        statements=(),
        approaches=(),
        aims=(),
        fields=(),
        themes=(),
    )


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
