"""A plan is one TOML file: areas, targets, statements, approach and aims, checked against the registry around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ivp_analysis.errors import UsageError
from ivp_analysis.periods import FIRST_YEAR
from ivp_analysis.registry.files import read_by_id, read_toml
from ivp_analysis.registry.names import slug
from ivp_analysis.registry.near import did_you_mean
from ivp_analysis.registry.records import Aim, Approach, Listed, Plan, Registry, Source, Statement, Target
from ivp_analysis.registry.references import check_area, check_known
from ivp_analysis.registry.strict import build_record, demand

# The words of the trend and of the benchmark that a statement may expect; `methods` speaks the same.
_FALLING = ("strong_decrease", "decrease", "slight_decrease")
_RISING = ("slight_increase", "increase", "strong_increase")
TREND_WORDS = (*_FALLING, "stable", *_RISING)
_LOWER, _HIGHER = ("much_lower", "lower"), ("higher", "much_higher")
LEVEL_WORDS = (*_LOWER, "similar", *_HIGHER)
_WORDS = {"trend": TREND_WORDS, "level": LEVEL_WORDS, "none": ()}
_DIRECTIONS = (_FALLING, ("stable",), _RISING, _LOWER, ("similar",), _HIGHER)
_PARTS: dict[str, tuple[str, type[Any]]] = {
    "targets": ("target", Target),
    "statements": ("statement", Statement),
    "approaches": ("approach", Approach),
    "aims": ("aim", Aim),
    "fields": ("field", Listed),
    "themes": ("theme", Listed),
}


def load_plan(path: Path, registry: Registry) -> Plan:
    """The plan in `path`, which may lie in any workspace; what it refers to must exist in `registry`."""
    content = read_toml(path, ("plan", *(table for table, _ in _PARTS.values())))
    parts: dict[str, Any] = {
        name: tuple(read_by_id(content, *part, path).values()) for name, part in _PARTS.items()
    }
    plan = replace(_read_head(content, path), **parts)
    _check_plan(plan, registry, f"{path.name}, plan")
    for target in plan.targets:
        _check_target(target, plan, registry, f"{path.name}, target {target.id}")
    for statement in plan.statements:
        _check_statement(statement, plan, registry, f"{path.name}, statement {statement.id}")
    for approach in plan.approaches:
        _check_place(approach, plan, registry, f"{path.name}, approach {approach.id}")
    for aim in plan.aims:
        check_known(aim.themes, registry.themes, "theme", f"{path.name}, aim {aim.id}, field themes")
        place = f"{path.name}, aim {aim.id}, field indicators"
        check_known(aim.indicators, registry.indicators, "indicator", place)
    return plan


def with_plan(registry: Registry, plan: Plan) -> Registry:
    """The same registry with one more plan."""
    fresh = plan.id not in registry.plans
    place = f"plan {plan.id}, field id"
    demand(fresh, f"plan {plan.id!r} occurs twice", place, "rename or remove one of them")
    return replace(registry, plans={**registry.plans, plan.id: plan})


def _read_head(content: dict[str, Any], path: Path) -> Plan:
    demand("plan" in content, "table [plan] is missing", path.name, "add [plan] with id, title, areas, ...")
    for name, (table, _) in _PARTS.items():
        inside = isinstance(content["plan"], dict) and name in content["plan"]
        where = f"{path.name}, plan, field {name}"
        demand(not inside, f"{name} stand within [plan]", where, f"head each record with [[{table}]]")
    return build_record(Plan, content["plan"], f"{path.name}, plan")


def _check_plan(plan: Plan, registry: Registry, place: str) -> None:
    for name in ("id", "region_slug"):
        text = getattr(plan, name)
        todo = f"write {slug(text)!r}: ASCII, lower case, hyphens, at most 40 characters"
        demand(text == slug(text), f"{text!r} does not fit a file name", f"{place}, field {name}", todo)
    demand(
        plan.base_year <= plan.first_year <= plan.last_year,
        f"years {plan.base_year}, {plan.first_year} and {plan.last_year} are not in order",
        f"{place}, field first_year",
        "write base_year, first_year and last_year in order of time",
    )
    check_known(plan.areas, registry.municipalities, "municipality", f"{place}, field areas")
    check_known([f.id for f in plan.fields], registry.fields, "field", f"{place}, field fields")
    check_known([t.id for t in plan.themes], registry.themes, "theme", f"{place}, field themes")
    check_area(plan.police_region, registry, f"{place}, field police_region")
    check_area(plan.province, registry, f"{place}, field province")
    owners = {plan.region_slug: plan.region_name}
    for area in plan.areas:
        name = registry.municipalities[area].name
        what = f"{name!r} and {owners.get(slug(name))!r} would share the file name {slug(name)!r}"
        demand(slug(name) not in owners, what, f"{place}, field areas", "choose another region_slug or area")
        owners[slug(name)] = name


def _check_target(target: Target, plan: Plan, registry: Registry, place: str) -> None:
    check_known((target.indicator,), registry.indicators, "indicator", f"{place}, field indicator")
    check_known(target.areas, plan.areas, "area of the plan", f"{place}, field areas")
    top = 1.0 if target.kind == "share" else float("inf")
    for name, value in (("baseline", target.baseline), ("target", target.target)):
        what = f"{name} {value:g} is impossible for a {target.kind}"
        todo = "write a share as a fraction (0.27), a count as 0 or more"
        demand(0 <= value <= top, what, f"{place}, field {name}", todo)
    demand(
        target.baseline_year < target.target_year,
        f"target_year {target.target_year} does not follow baseline_year {target.baseline_year}",
        f"{place}, field target_year",
        "write the later year",
    )


def _check_statement(statement: Statement, plan: Plan, registry: Registry, place: str) -> None:
    _check_place(statement, plan, registry, place)
    _check_expected(statement, place)
    if statement.theme:
        inside = [theme.id for theme in registry.themes.values() if theme.field == statement.field]
        check_known((statement.theme,), inside, f"theme of field {statement.field}", f"{place}, field theme")
    if statement.measure:
        measures = [suffix for source in registry.sources.values() for suffix in source.measures.values()]
        check_known((statement.measure,), filter(None, measures), "measure", f"{place}, field measure")
    where = f"{place}, field window"
    in_order = len(statement.window) in (0, 2) and tuple(sorted(statement.window)) == statement.window
    demand(in_order, f"{list(statement.window)} is no window", where, "write its first and its last year")
    for year in statement.window:
        fits = FIRST_YEAR <= year <= plan.last_year
        demand(fits, f"year {year} cannot be meant", where, "mend the year")
    if statement.indicator is None:
        what = "a statement without an indicator does not say why it cannot be tested"
        where = f"{place}, field untestable_because"
        demand(bool(statement.untestable_because), what, where, "fill in untestable_because, in Dutch")
    else:
        check_known((statement.indicator,), registry.indicators, "indicator", f"{place}, field indicator")
        what = "a statement with an indicator expects nothing"
        demand(bool(statement.expects), what, f"{place}, field expects", f"name words of {statement.kind}")


def _check_place(record: Statement | Approach, plan: Plan, registry: Registry, place: str) -> None:
    areas = (*plan.areas, plan.region_slug)
    check_known((record.area,), areas, "area of the plan", f"{place}, field area")
    check_known((record.field,), registry.fields, "field", f"{place}, field field")


def _check_expected(statement: Statement, place: str) -> None:
    """A verdict judges direction first, so that the words of one statement must have one direction."""
    where, words = f"{place}, field expects", _WORDS[statement.kind]
    check_known(statement.expects, words, f"{statement.kind} word", where)
    one = any(set(statement.expects) <= set(direction) for direction in _DIRECTIONS)
    listed = ", ".join(statement.expects)
    demand(one, f"the words {listed} have several directions", where, "write a statement for each")


def find_source(registry: Registry, source_id: str) -> Source:
    """The source of that id; the error has the nearest ids, and all."""
    if source_id in registry.sources:
        return registry.sources[source_id]
    known = ", ".join(sorted(registry.sources))
    todo = f"{did_you_mean(source_id, registry.sources)}choose --source from {known}"
    raise UsageError(f"unknown source {source_id!r}", todo=todo)


def find_plan(registry: Registry, plan_id: str | None) -> Plan:
    """The plan of that id; without an id the only plan there is."""
    if plan_id is None and len(registry.plans) == 1:
        return next(iter(registry.plans.values()))
    if plan_id is not None and plan_id in registry.plans:
        return registry.plans[plan_id]
    known = ", ".join(sorted(registry.plans))
    what = f"no plan {plan_id!r}" if plan_id else "several plans and none was chosen"
    raise UsageError(what, where="data/registry/plans", todo=f"choose one with --plan: {known}")
