"""The published baselines of a plan against what our own figures give, for every recipe the registry offers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ivp_analysis.data.disclosure import shown_shares
from ivp_analysis.data.opened import Build
from ivp_analysis.data.series import IndicatorSeries, indicator_counts, recipe_counts
from ivp_analysis.registry.records import Plan, Recipe, Registry, Target

Verdict = Literal["reproduced", "differs", "not reproducible"]
Missing = Literal["", "no source", "no year", "no figures"]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One published baseline by one recipe.

    alternative: another reading of the same definition. shown: the recipe that counts for the target's own
    areas in this build. recomputed: NaN if it cannot be made; `missing` then says why (the source is not in
    the build; it has nothing over that year; not for `areas_without`). tolerance: how far it may be off.
    """

    target: Target
    recipe: Recipe
    alternative: bool
    shown: bool
    recomputed: float
    tolerance: float
    verdict: Verdict
    missing: Missing = ""
    areas_without: tuple[str, ...] = ()

    @property
    def difference(self) -> float:
        """Recomputed minus published; NaN if it cannot be made."""
        return self.recomputed - self.target.baseline

    def why(self) -> str:
        """For the terminal: the verdict in words."""
        if self.verdict == "reproduced":
            return "reproduced"
        if self.verdict == "differs":
            number = f"{self.difference:+.1%}" if self.target.kind == "share" else f"{self.difference:+.0f}"
            return f"differs by {number}"
        year = self.target.baseline_year
        reasons = {
            "no source": f"no figures of {self.recipe.source} were taken",
            "no year": f"{self.recipe.source} has no figures over {year}",
            "no figures": f"no figure over {year} for {', '.join(self.areas_without)}",
        }
        return f"not reproducible: {reasons[self.missing]}"


def reconcile_baselines(build: Build, registry: Registry, plan: Plan) -> tuple[Reconciliation, ...]:
    """Per target of the plan: the preferred recipes in their order, then the alternatives."""
    found: list[Reconciliation] = []
    for target in plan.targets:
        indicator = registry.indicators[target.indicator]
        shown = _shown(build, registry, target)
        pairs = [(r, False) for r in indicator.recipes] + [(r, True) for r in indicator.alternatives]
        for recipe, alternative in pairs:
            value, missing, without = _recompute(build, registry, target, recipe)
            if missing == "no year" and set(target.areas) == set(plan.areas):
                value, missing = _of_region(build, registry, target, recipe, plan)
            tolerance = _tolerance(target, registry)
            verdict = _judge(value, target, tolerance)
            found.append(
                Reconciliation(
                    target, recipe, alternative, recipe == shown, value, tolerance, verdict, missing, without
                )
            )
    return tuple(found)


def _shown(build: Build, registry: Registry, target: Target) -> Recipe | None:
    if target.kind == "share":
        recipes = registry.indicators[target.indicator].recipes
        return next((r for r in recipes if r.source in build.sources), None)
    return indicator_counts(build, registry, target.indicator, target.areas).recipe


def _tolerance(target: Target, registry: Registry) -> float:
    if target.kind == "share":
        return float(registry.method.group("data")["baseline_share_tolerance"])
    rules = registry.method.group("targets")
    return float(max(rules["baseline_tolerance_abs"], rules["baseline_tolerance_rel"] * target.baseline))


def _judge(value: float, target: Target, tolerance: float) -> Verdict:
    if math.isnan(value):
        return "not reproducible"
    # A difference of exactly the tolerance is within it, whatever binary fractions make of it.
    return "reproduced" if abs(value - target.baseline) <= tolerance + 1e-9 else "differs"


def _recompute(
    build: Build, registry: Registry, target: Target, recipe: Recipe
) -> tuple[float, Missing, tuple[str, ...]]:
    if recipe.source not in build.sources:
        return math.nan, "no source", ()
    if target.kind == "share":
        values = _shares(build, registry, target, recipe)
        whole = float(values.iloc[0]) if len(values) == 1 else math.nan
    else:
        series = recipe_counts(build, registry, target.indicator, recipe, target.areas)
        values = _counts(series, target)
        whole = float(series.total(target.areas).get(str(target.baseline_year), math.nan))
    if not math.isnan(whole):
        return whole, "", ()
    if values.isna().all():
        return math.nan, "no year", ()
    without = tuple(str(area) for area in values.index[values.isna()])
    return math.nan, "no figures" if without else "", without


def _of_region(
    build: Build, registry: Registry, target: Target, recipe: Recipe, plan: Plan
) -> tuple[float, Missing]:
    """The one figure that was delivered for the region as a whole, where none of its municipalities has one."""
    whole = recipe_counts(build, registry, target.indicator, recipe, [plan.region_slug]).counts
    value = float(whole.get(str(target.baseline_year), pd.Series(math.nan, index=[plan.region_slug])).iloc[0])
    return value, "no year" if math.isnan(value) else ""


def _counts(series: IndicatorSeries, target: Target) -> pd.Series:
    year = str(target.baseline_year)
    counts = series.counts.reindex(list(target.areas))
    return counts[year] if year in counts else pd.Series(math.nan, index=list(target.areas))


def _shares(build: Build, registry: Registry, target: Target, recipe: Recipe) -> pd.Series:
    """A share of one area; shares of several cannot be added, so such a target has no figure of its own."""
    frame = shown_shares(build.survey, registry)
    if not len(frame):
        return pd.Series(math.nan, index=list(target.areas))
    mine = frame[
        (frame["year"] == target.baseline_year).to_numpy() & frame["question"].isin(recipe.codes).to_numpy()
    ]
    shares = pd.Series(mine["share"].to_numpy(dtype=float), index=mine["area_code"].astype("str"))
    return shares.reindex(list(target.areas))
