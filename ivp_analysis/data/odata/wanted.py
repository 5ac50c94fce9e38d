"""What each source is asked for: which areas, codes, measures and years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ivp_analysis.data.borders import map_borders
from ivp_analysis.data.odata.columns import Wish
from ivp_analysis.data.odata.query import Wanted
from ivp_analysis.errors import UsageError
from ivp_analysis.registry.records import Registry, Source

# In the order in which they are fetched: the key figures tell which municipalities are comparable.
DEFAULT = (
    "cbs-70072", "cbs-gebieden", "cbs-37230", "politie-47013", "politie-47021", "cbs-83648", "cbs-83651",
    "cbs-grenzen",
)  # fmt: skip
FETCHABLE = (*DEFAULT, "cbs-03759")
KEY_FIGURES = "cbs-70072"
# 70072ned has most of these twice, as a number and as a share, and some only a heading tells apart.
# Its count of business establishments is left out: the feature is per 1,000 inhabitants.
_KEY_FIGURE_WISHES = (
    Wish("population", ("Totale bevolking",)),
    Wish("density", ("Bevolkingsdichtheid",)),
    Wish(
        "share_15_24", ("15 tot 25 jaar", "k_15Tot25Jaar"), unit="%", required=False,
        parts=("share_15_19", "share_20_24"),
    ),
    Wish("share_15_19", ("15 tot 20 jaar", "k_15Tot20Jaar"), unit="%", required=False),
    Wish("share_20_24", ("20 tot 25 jaar", "k_20Tot25Jaar"), unit="%", required=False),
    Wish("single_households", ("Eenpersoonshuishoudens",), unit="%", required=False),
    Wish(
        "home_value", ("Gemiddelde WOZ-waarde van woningen", "Gemiddelde woningwaarde"), required=False
    ),
    Wish("income", ("Gemiddeld inkomen per inwoner",), required=False),
    Wish(
        "standardised_income", ("Particuliere huishoudens excl. studenten",),
        group="Gemiddeld gestandaardiseerd inkomen", required=False,
    ),
    Wish("businesses", ("Bedrijfsvestigingen per 1 000 inwoners",), required=False),
    Wish("overnight_stays", ("Overnachtingen per inwoner",), required=False),
)  # fmt: skip
_OTHER_WISHES = {KEY_FIGURES: _KEY_FIGURE_WISHES, "cbs-03759": (Wish("Bevolking op 1 januari"),)}


def make_request(
    source: Source, registry: Registry, *, areas: Sequence[str] | None, from_year: int, today: date, year: int
) -> Wanted:
    """The request for one table. areas (None: all) restrict counts of incidents only: the rest is small."""
    counts = source.kind == "observations"
    years = registry.method.group("data")["key_figure_years"]
    return Wanted(
        source=source.id,
        table=table_of(source, year),
        from_year=_first_year(source, from_year, today, year, years),
        areas=_areas_for(source, registry, areas, today) if counts and areas is not None else None,
        codes=None if source.total_is_complete or not source.codes else tuple(source.codes),
        code_column=source.code_column,
        region_column=source.region_column,
        frequencies=source.frequencies,
        filters=source.filters,
        wishes=_wishes(source),
    )


def _first_year(source: Source, from_year: int, today: date, year: int, key_figure_years: int) -> int:
    """Inhabitants at the end of the year before are those of 1 January; key figures come out years later."""
    match source.kind:
        case "areas":
            return year
        case "population":
            return from_year - 1
        case "key-figures":
            return min(from_year, today.year - key_figure_years)
        case _:
            return from_year


def table_of(source: Source, year: int) -> str:
    """The table, that of the year where there is one each year."""
    if source.table:
        return source.table
    if str(year) in source.yearly_tables:
        return source.yearly_tables[str(year)]
    known = ", ".join(sorted(source.yearly_tables))
    raise UsageError(
        f"{source.id} has no table of {year}",
        where="data/registry/sources.toml",
        todo=f"choose one of {known}, or add the new table to [source.yearly_tables]",
    )


def newest_year(registry: Registry, today: date) -> int:
    """The newest year of which we know the table of areas, not after today."""
    years = {int(y) for s in registry.sources.values() for y in s.yearly_tables if int(y) <= today.year}
    return max(years, default=today.year)


def _wishes(source: Source) -> tuple[Wish, ...]:
    """The registry's measures; only the one without a suffix must be there."""
    named = tuple(Wish(name, required=not suffix) for name, suffix in source.measures.items())
    return named or _OTHER_WISHES.get(source.id, ())


def _areas_for(source: Source, registry: Registry, areas: Iterable[str], today: date) -> tuple[str, ...]:
    """Tables that keep the municipalities of the past are asked for those that became today's as well."""
    chosen = list(dict.fromkeys(areas))
    if not source.recut:
        parts = map_borders(registry, today).parts
        chosen += [old for area in tuple(chosen) for old in parts.get(area, ())]
    return tuple(dict.fromkeys(chosen))
