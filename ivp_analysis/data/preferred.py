"""What a build says of figures that somebody took but that do not make the series of their indicator."""

from __future__ import annotations

from collections.abc import Iterator

from ivp_analysis.data.coverage import pack_years
from ivp_analysis.data.opened import Build
from ivp_analysis.data.series import IndicatorSeries, indicator_counts, recipe_counts, whole_years
from ivp_analysis.registry.records import Indicator, Plan, Registry


def passed_over(build: Build, registry: Registry) -> list[str]:
    """Preferred figures that another source took the place of, and a delivered series that others outlast."""
    told: dict[str, list[str]] = {}
    for plan in registry.plans.values():
        for indicator in registry.indicators.values():
            for note in (
                *_of_series(build, registry, plan, indicator),
                *_of_region(build, registry, plan, indicator),
            ):
                told.setdefault(note, []).append(indicator.id)
    return [note.format(", ".join(dict.fromkeys(ids))) for note, ids in told.items()]


def _of_series(build: Build, registry: Registry, plan: Plan, indicator: Indicator) -> Iterator[str]:
    held = [(n, recipe) for n, recipe in enumerate(indicator.recipes) if recipe.source in build.sources]
    if len(held) < 2:
        return
    chosen = indicator_counts(build, registry, indicator.id, plan.areas)
    if chosen.recipe is None:
        return
    place, last = indicator.recipes.index(chosen.recipe), _last(chosen, plan)
    delivered = registry.sources[chosen.recipe.source].is_delivered
    for number, recipe in held:
        series = recipe_counts(build, registry, indicator.id, recipe, plan.areas)
        years = whole_years(series, plan.areas)
        if number < place and years:
            yield (
                f"{recipe.source}: {{}} over {pack_years(map(int, years))} serves the published baseline only; "
                f"the series is that of {chosen.source}, which has more years or municipalities"
            )
        if number > place and delivered and years and years[-1] > last:
            yield (
                f"{chosen.source}: {{}} ends in {last or 'no year'}, {recipe.source} goes on to {years[-1]}; "
                "a series is never made of two sources, so deliver the later years too"
            )


def _of_region(build: Build, registry: Registry, plan: Plan, indicator: Indicator) -> Iterator[str]:
    for recipe in indicator.recipes:
        if plan.region_slug not in build.areas(recipe.source):
            continue
        whole = recipe_counts(build, registry, indicator.id, recipe, [plan.region_slug])
        if years := whole_years(whole, [plan.region_slug]):
            of = f"of {plan.region_name} as a whole over {pack_years(map(int, years))}"
            yield f"{recipe.source}: {{}} {of} serves the published baseline only"


def _last(series: IndicatorSeries, plan: Plan) -> str:
    return max(whole_years(series, plan.areas), default="")
