"""Cross checks of the registry: references lead somewhere, nesting is no circle, numbers are sane."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry.records import (
    Caveat,
    Correction,
    Indicator,
    Recipe,
    Registry,
    ReportKind,
    SeriesBreak,
    Source,
    Term,
)
from ivp_analysis.registry.references import check_area, check_code, check_known, check_period
from ivp_analysis.registry.strict import demand

_OUTPUT_WORDS = {"slug", "region_slug"}
# Of a page and a notebook: a name in their own folder, on every system.
_OUTPUT = re.compile(r"([a-z0-9-]|\{slug\}|\{region_slug\})+\.html")
_NOTEBOOK = re.compile(r"[a-z0-9][a-z0-9_-]*\.ipynb")


def check_registry(registry: Registry) -> None:
    """Raise a RegistryError at the first record that does not fit the others (plans are checked apart)."""
    for source in registry.sources.values():
        _check_source(source, f"sources.toml, source {source.id}")
    for theme in registry.themes.values():
        check_known(
            (theme.field,), registry.fields, "field", f"indicators.toml, theme {theme.id}, field field"
        )
    for indicator in registry.indicators.values():
        _check_indicator(indicator, registry, f"indicators.toml, indicator {indicator.id}")
    _check_nesting(registry.indicators)
    for caveat in registry.caveats.values():
        _check_caveat(caveat, registry, f"caveats.toml, caveat {caveat.id}")
    for series_break in registry.breaks.values():
        _check_break(series_break, registry, f"series_breaks.toml, series_break {series_break.id}")
    for correction in registry.corrections:
        _check_correction(correction, registry, f"corrections.toml, correction {correction.id}")
    _check_reports(registry.reports)
    _check_glossary(registry.glossary)


def _check_source(source: Source, place: str) -> None:
    check_known(source.yearly_only, source.codes, "code", f"{place}, field yearly_only")
    if source.total_code is not None:
        check_known((source.total_code,), source.codes, "code", f"{place}, field total_code")
    check_known(source.frequencies, ("year", "month"), "frequency", f"{place}, field frequencies")
    suffixes = list(source.measures.values())
    twice = len(set(suffixes)) < len(suffixes)
    where = f"{place}, field measures"
    demand(not twice, "two measures have the same suffix", where, "give each its own suffix")
    where = f"{place}, field rounding"
    demand(source.rounding >= 1, f"rounding {source.rounding} is below 1", where, "1 is exact, 5 is fives")
    if source.kind == "observations":
        for name in ("table", "code_column", "region_column", "period_column", "measures", "codes"):
            todo = f"observations cannot be read without: add {name} = ..."
            demand(bool(getattr(source, name)), f"field {name} is missing", place, todo)


def _check_indicator(indicator: Indicator, registry: Registry, place: str) -> None:
    check_known((indicator.field,), registry.fields, "field", f"{place}, field field")
    check_known((indicator.theme,), registry.themes, "theme", f"{place}, field theme")
    theme = registry.themes[indicator.theme]
    demand(
        theme.field == indicator.field,
        f"theme {theme.id!r} is part of field {theme.field!r}, not of {indicator.field!r}",
        f"{place}, field theme",
        "choose a theme of that field or mend the field",
    )
    check_known(indicator.caveats, registry.caveats, "caveat", f"{place}, field caveats")
    check_known(indicator.part_of, registry.indicators, "indicator", f"{place}, field part_of")
    for name, recipes in (("recipes", indicator.recipes), ("alternatives", indicator.alternatives)):
        for number, recipe in enumerate(recipes, start=1):
            _check_recipe(recipe, registry.sources, f"{place}, field {name}, item {number}")
    _check_preference(indicator, f"{place}, field recipes")
    _check_review(indicator, place)


def _check_recipe(recipe: Recipe, sources: Mapping[str, Source], place: str) -> None:
    check_known((recipe.source,), sources, "source", f"{place}, field source")
    for code in recipe.codes:
        check_code(code, sources[recipe.source], f"{place}, field codes")


def _check_preference(indicator: Indicator, where: str) -> None:
    sources = [recipe.source for recipe in indicator.recipes]
    for source in sources:
        todo = "keep the preferred one and move the other to alternatives"
        demand(sources.count(source) == 1, f"source {source!r} has two recipes", where, todo)


def _check_review(indicator: Indicator, place: str) -> None:
    demand(
        indicator.reviewed_on <= indicator.review_due,
        f"review_due {indicator.review_due} lies before reviewed_on {indicator.reviewed_on}",
        f"{place}, field review_due",
        "set the date of the next review",
    )
    demand(
        indicator.author != indicator.checker,
        f"{indicator.checker!r} is both author and checker",
        f"{place}, field checker",
        "have somebody else check the record",
    )
    demand(
        indicator.polarity != "none" or bool(indicator.polarity_reason),
        "polarity is none without a reason",
        f"{place}, field polarity_reason",
        "say in Dutch why neither direction is good",
    )


def _check_nesting(indicators: Mapping[str, Indicator]) -> None:
    for start in indicators.values():
        above, seen = list(start.part_of), set[str]()
        while above:
            key = above.pop()
            where = f"indicators.toml, indicator {start.id}, field part_of"
            demand(key != start.id, f"{start.id} is part of itself", where, "break the circle")
            if key not in seen:
                seen.add(key)
                above.extend(indicators[key].part_of)


def _check_scope(record: Caveat | SeriesBreak, registry: Registry, place: str) -> None:
    check_known(record.indicators, registry.indicators, "indicator", f"{place}, field indicators")
    check_known(record.sources, registry.sources, "source", f"{place}, field sources")


def _check_caveat(caveat: Caveat, registry: Registry, place: str) -> None:
    _check_scope(caveat, registry, place)
    for area in caveat.areas:
        check_area(area, registry, f"{place}, field areas")
    named_by = {i.id for i in registry.indicators.values() if caveat.id in i.caveats}
    both = sorted(named_by.intersection(caveat.indicators))
    what = f"indicator {', '.join(both)} names this caveat already"
    demand(not both, what, f"{place}, field indicators", "say it in one of the two places")
    shown = caveat.always or caveat.indicators or caveat.sources or caveat.areas or named_by
    todo = "name it in an indicator, give it sources or areas, or say always = true"
    demand(bool(shown), "the caveat is shown nowhere", place, todo)


def _check_break(series_break: SeriesBreak, registry: Registry, place: str) -> None:
    _check_scope(series_break, registry, place)
    first = check_period(series_break.first, f"{place}, field first")
    if series_break.last is None:
        return
    last = check_period(series_break.last, f"{place}, field last")
    in_order = (last.year, last.month or 0) >= (first.year, first.month or 0)
    demand(
        in_order and (first.month is None) == (last.month is None),
        f"last {last} does not follow first {first}",
        f"{place}, field last",
        "write two years or two months, the earlier one first",
    )


def _check_correction(correction: Correction, registry: Registry, place: str) -> None:
    check_known((correction.source,), registry.sources, "source", f"{place}, field source")
    check_area(correction.area_code, registry, f"{place}, field area_code")
    check_code(correction.code, registry.sources[correction.source], f"{place}, field code")
    check_period(correction.period, f"{place}, field period")
    for name, count in (("expect", correction.expect), ("value", correction.value)):
        demand((count or 0) >= 0, f"{name} {count} is negative", f"{place}, field {name}", "write 0 or more")
    differs = correction.expect != correction.value
    what = f"value and expect are both {correction.value}"
    demand(differs, what, f"{place}, field value", "remove the record or mend the figure")


def _check_reports(reports: Mapping[str, ReportKind]) -> None:
    outputs: dict[str, str] = {}
    for report in reports.values():
        where = f"reports.toml, report {report.id}, field output"
        words = _placeholders(report.output, where)
        needed = {"slug"} if report.per == "area" else set[str]()
        demand(
            _OUTPUT.fullmatch(report.output) is not None and needed <= words <= _OUTPUT_WORDS,
            f"output {report.output!r} does not fit per = {report.per!r}",
            where,
            "write a name without a folder that ends with .html; {slug} makes a page per area, {region_slug} one"
            " for the region",
        )
        fits = _NOTEBOOK.fullmatch(report.notebook) is not None
        place = f"reports.toml, report {report.id}, field notebook"
        todo = "write the name of a file in notebooks, such as region.ipynb"
        demand(fits, f"{report.notebook!r} is no notebook", place, todo)
        other = outputs.setdefault(report.output, report.id)
        what = f"report {other!r} writes {report.output!r} too"
        demand(other == report.id, what, where, "give each report its own file name")


def _placeholders(output: str, where: str) -> set[str]:
    try:
        return {word for _, word, _, _ in Formatter().parse(output) if word is not None}
    except ValueError as fault:
        raise RegistryError(f"output {output!r}: {fault}", where=where, todo="pair { and }") from fault


def _check_glossary(glossary: Mapping[str, Term]) -> None:
    """A word leads to one explanation."""
    owners: dict[str, str] = {}
    for term in glossary.values():
        for word in term.words:
            owner = owners.setdefault(word.lower(), term.id)
            where = f"glossary.toml, term {term.id}, field words"
            demand(owner == term.id, f"{word!r} stands at term {owner} too", where, "keep it at one of them")
