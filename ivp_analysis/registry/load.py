"""Loading the folder `data/registry` once, strictly, into frozen records."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from ivp_analysis.registry.areas import load_changes, load_municipalities
from ivp_analysis.registry.checks import check_registry
from ivp_analysis.registry.constants import load_method
from ivp_analysis.registry.files import read_by_id, read_toml
from ivp_analysis.registry.plans import load_plan, with_plan
from ivp_analysis.registry.records import (
    Caveat,
    Correction,
    Field,
    Indicator,
    Registry,
    ReportKind,
    SeriesBreak,
    Source,
    Term,
    Theme,
)
from ivp_analysis.registry.strict import demand

T = TypeVar("T")


def load_registry(folder: Path) -> Registry:
    """Everything in `folder`, cross-checked; the first fault is a RegistryError that says what to do."""
    todo = "run the command inside the project's folder, or set IVP_HOME to it"
    demand(folder.is_dir(), "the registry's folder is not there", str(folder), todo)
    municipalities = load_municipalities(folder / "municipalities.csv")
    path = folder / "indicators.toml"
    indicators = read_toml(path, ("field", "theme", "indicator"))
    registry = Registry(
        municipalities=municipalities,
        changes=load_changes(folder / "municipality_changes.csv", municipalities),
        sources=_by_id(folder / "sources.toml", "source", Source),
        fields=read_by_id(indicators, "field", Field, path),
        themes=read_by_id(indicators, "theme", Theme, path),
        indicators=read_by_id(indicators, "indicator", Indicator, path),
        caveats=_by_id(folder / "caveats.toml", "caveat", Caveat),
        breaks=_by_id(folder / "series_breaks.toml", "series_break", SeriesBreak),
        corrections=tuple(_by_id(folder / "corrections.toml", "correction", Correction).values()),
        method=load_method(folder / "method.toml"),
        reports=_by_id(folder / "reports.toml", "report", ReportKind),
        glossary=_glossary(folder / "glossary.toml"),
        plans={},
    )
    check_registry(registry)
    for plan_file in sorted((folder / "plans").glob("*.toml")):
        registry = with_plan(registry, load_plan(plan_file, registry))
    return registry


def _glossary(path: Path) -> dict[str, Term]:
    """A registry that is older than its glossary explains nothing."""
    return _by_id(path, "term", Term) if path.is_file() else {}


def _by_id(path: Path, name: str, kind: type[T]) -> dict[str, T]:
    return read_by_id(read_toml(path, (name,)), name, kind, path)
