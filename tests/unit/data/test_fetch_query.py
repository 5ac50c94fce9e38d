"""Cutting requests, finding columns, and knowing what an older snapshot holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standin import made
from standin.filters import LONGEST_QUERY, rows_of
from standin.quick import QUICK
from standin.server import StandIn
from standin.table import Dim, Measure, Table, full_index, pad

from ivp_analysis.data.odata.chunks import Scope, plan_chunks
from ivp_analysis.data.odata.client import Client
from ivp_analysis.data.odata.columns import Wish, find_columns
from ivp_analysis.data.odata.query import Wanted, covers, to_text
from ivp_analysis.data.odata.scope import resolve
from ivp_analysis.data.odata.service import Service
from ivp_analysis.data.odata.shape import Dimension, Shape, Topic, shape_from_json, shape_to_json
from ivp_analysis.data.odata.wanted import make_request
from ivp_analysis.errors import FetchError, UsageError
from ivp_analysis.registry import Registry, load_registry

ROOT = Path(__file__).parents[3]
CODES = ("0.0.0", "E33", "O'er")
SERVICE = Service(Client(QUICK), "https://dataderden.cbs.nl", "47013NED")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(ROOT / "data" / "registry")


def _table(areas: int, years: int, *, months: bool) -> Table:
    dims = (
        Dim("Soort", "Soort", "Dimension", pad(CODES)),
        Dim("RegioS", "Regio's", "GeoDimension", pad([f"GM{i:04d}" if i else "NL01" for i in range(areas)])),
        Dim(
            "Perioden",
            "Perioden",
            "TimeDimension",
            made.period_keys(range(2012, 2012 + years), months=months),
        ),
    )
    index = full_index(dims)
    values = [np.arange(len(index), dtype=float)]
    return Table("T", "T", "2026", dims, (Measure("Aantal_1", "Aantal"),), index, values)


def _scope(table: Table, areas: list[int], first_year: int, *, months: bool, fixed: bool) -> Scope:
    regions, periods = table.dims[1].keys, [key for key, _ in table.dims[2].keys]
    kept = tuple(p for p in periods if int(p[:4]) >= first_year and (months or p.endswith("JJ00")))
    chosen = tuple(regions[i][0] for i in areas)
    years = sorted({p[:4] for p in periods})
    return Scope(
        region="RegioS",
        period="Perioden",
        areas=chosen,
        every_area=len(chosen) == len(regions),
        periods=kept,
        every_period=len(kept) == len(periods),
        year_sizes=tuple((year, sum(p[:4] == year for p in periods)) for year in years),
        fixed=(("Soort", "O'er  "),) if fixed else (),
        cells=1 if fixed else len(CODES),
    )


@settings(max_examples=80, deadline=None)
@given(
    areas=st.integers(1, 30),
    years=st.integers(1, 16),
    limit=st.integers(3, 4_000),
    drop=st.integers(0, 20),
    skip_years=st.integers(0, 15),
    table_months=st.booleans(),
    wanted_months=st.booleans(),
    fixed=st.booleans(),
)
def test_chunks_are_the_request_each_row_once_and_within_every_limit(
    areas: int,
    years: int,
    limit: int,
    drop: int,
    skip_years: int,
    table_months: bool,
    wanted_months: bool,
    fixed: bool,
) -> None:
    """The filters are read by the stand-in's own parser, which knows nothing of how they were made."""
    table = _table(areas, years, months=table_months)
    chosen = list(range(min(drop, areas - 1), areas))
    first_year = 2012 + min(skip_years, years - 1)
    scope = _scope(table, chosen, first_year, months=wanted_months, fixed=fixed)
    times = np.zeros(len(table.index), dtype=int)
    for chunk in plan_chunks(scope, limit, "api"):
        rows = rows_of(table, chunk.where)
        assert rows.sum() == chunk.most <= limit
        url = SERVICE.url(
            "TypedDataSet", "api", where=chunk.where, select=["ID", "Soort", "RegioS", "Perioden"]
        )
        assert len(url.partition("?")[2]) <= LONGEST_QUERY
        times += rows
    keys = [key for key, _ in table.dims[2].keys]
    wanted = np.isin(table.index[:, 1], chosen)
    wanted &= np.isin(table.index[:, 2], [i for i, key in enumerate(keys) if key in scope.periods])
    wanted &= (table.index[:, 0] == 2) if fixed else True
    assert (times == wanted).all()


def test_more_cells_than_the_limit_cannot_be_asked() -> None:
    scope = _scope(_table(2, 1, months=False), [0], 2012, months=False, fixed=False)
    with pytest.raises(FetchError, match="may hold 3 rows"):
        plan_chunks(scope, 2, "api")


def _wanted(**changes: object) -> Wanted:
    plain = Wanted("politie-47021", "47021NED", 2012, ("GM0981", "GM1903"), frequencies=("year", "month"))
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("had", "want", "holds"),
    [
        ({}, {}, True),
        ({"areas": None}, {}, True),
        ({}, {"areas": None}, False),
        ({}, {"areas": ("GM0981",)}, True),
        ({}, {"areas": ("GM0981", "GM0994")}, False),
        ({}, {"from_year": 2015}, True),
        ({}, {"from_year": 2011}, False),
        ({"frequencies": ("year",)}, {}, False),
        ({}, {"frequencies": ("year",)}, True),
        ({"table": "47013NED"}, {}, False),
        ({"filters": {"Geweld": "A"}}, {}, False),
        ({"codes": ("E33",)}, {}, False),
        ({}, {"codes": ("E33",)}, True),
        ({"wishes": (Wish("a"),)}, {"wishes": (Wish("a"), Wish("b"))}, False),
        ({"wishes": (Wish("a"), Wish("b"))}, {"wishes": (Wish("a"),)}, True),
    ],
)
def test_a_wider_request_covers_a_narrower_one(
    had: dict[str, object], want: dict[str, object], holds: bool
) -> None:
    assert covers(to_text(_wanted(**had).record), _wanted(**want)) is holds


@pytest.mark.parametrize("query", ["", "[]", "null", "{", '{"table": "47021NED"}'])
def test_a_file_without_our_request_covers_nothing(query: str) -> None:
    assert not covers(query, _wanted())


TOPICS = (
    Topic("Eenpersoonshuishoudens_83", "Eenpersoonshuishoudens", "aantal", "Huishoudens"),
    Topic("Eenpersoonshuishoudens_86", "Eenpersoonshuishoudens", "%", "Huishoudens"),
    Topic("Inkomen_122", "Particuliere huishoudens", "1 000 euro", "Besteedbaar inkomen"),
    Topic("Inkomen_132", "Particuliere huishoudens", "1 000 euro", "Gestandaardiseerd inkomen"),
    Topic("BevolkingAanHetEinde_15", "Bevolking aan het einde", "aantal", ""),
)
SHAPE = Shape("70072ned", "Kerncijfers", "2026", (), TOPICS)


@pytest.mark.parametrize(
    ("wish", "key"),
    [
        (Wish("Eenpersoonshuishoudens_83"), "Eenpersoonshuishoudens_83"),
        (Wish("single", ("Eenpersoonshuishoudens",), unit="%"), "Eenpersoonshuishoudens_86"),
        (Wish("income", ("Particuliere huishoudens",), group="gestandaardiseerd"), "Inkomen_132"),
        (Wish("Bevolking aan het einde"), "BevolkingAanHetEinde_15"),
        (Wish("BevolkingAanHetEinde_18"), "BevolkingAanHetEinde_15"),
    ],
)
def test_a_measure_is_found_by_key_title_unit_or_heading(wish: Wish, key: str) -> None:
    found, notes = find_columns(SHAPE, [wish])
    assert ([f.topic.key for f in found], [f.heading for f in found], notes) == ([key], [key], [])


def test_a_measure_that_could_be_two_is_an_error_that_shows_both() -> None:
    with pytest.raises(FetchError) as error:
        find_columns(SHAPE, [Wish("Eenpersoonshuishoudens")])
    assert "Eenpersoonshuishoudens_83" in error.value.what
    assert "| %" in error.value.what


def test_a_measure_that_is_not_required_may_be_absent() -> None:
    found, notes = find_columns(SHAPE, [Wish("tourism", required=False), Wish("Inkomen_122")])
    assert [f.topic.key for f in found] == ["Inkomen_122"]
    assert notes == ["no measure for tourism"]


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (("15Tot20Jaar_8", "20Tot25Jaar_9"), []),
        (("15Tot25Jaar_8",), []),
        (("15Tot20Jaar_8",), ["share_15_24", "share_20_24"]),
    ],
)
def test_a_share_that_its_parts_make_is_not_missed(there: tuple[str, ...], missing: list[str]) -> None:
    wishes = (
        Wish("share_15_24", ("15Tot25Jaar",), required=False, parts=("share_15_19", "share_20_24")),
        Wish("share_15_19", ("15Tot20Jaar",), required=False),
        Wish("share_20_24", ("20Tot25Jaar",), required=False),
    )
    shape = replace(SHAPE, topics=tuple(Topic(key, key, "%", "") for key in there))
    assert find_columns(shape, wishes)[1] == [f"no measure for {name}" for name in missing]


def test_a_dimension_without_a_total_must_be_chosen_by_a_person() -> None:
    sexes = Dimension("Geslacht", "Geslacht", "other", (("3000", "Mannen"), ("4000", "Vrouwen")))
    shape = replace(SHAPE, dimensions=(sexes,))
    with pytest.raises(FetchError, match="0 keys of dimension Geslacht are a total") as error:
        resolve(shape, _wanted())
    assert "[source.filters] Geslacht" in error.value.todo


def test_a_filter_on_a_key_that_is_gone_is_an_error() -> None:
    violence = Dimension("Geweld", "Geweld", "other", (("A048105", "Met"),))
    with pytest.raises(FetchError, match="no key 'T001540'"):
        resolve(replace(SHAPE, dimensions=(violence,)), _wanted(filters={"Geweld": "T001540"}))


def test_the_shape_of_a_table_survives_being_kept(registry: Registry) -> None:
    table = made.theft_table(registry)
    with StandIn([table]) as server:
        shape = Service(Client(QUICK), server.url, table.id).shape(table.modified, table.title)
    assert shape_from_json(shape_to_json(shape)) == shape
    regions = shape.of_kind("region")
    assert regions is not None
    assert regions.padded["NL01"] == "NL01  "


def test_requests_follow_the_registry(registry: Registry) -> None:
    options = {"areas": ["GM1954"], "from_year": 2012, "today": date(2026, 2, 1), "year": 2024}
    asked = {
        s: make_request(registry.sources[s], registry, **options) for s in ("politie-47013", "cbs-83651")
    }
    assert asked["politie-47013"].areas == ("GM1954",)
    assert asked["politie-47013"].codes is None
    assert asked["cbs-83651"].areas == ("GM1954", "GM0881", "GM0951", "GM0962")
    assert asked["cbs-83651"].filters == {"GebruikVanGeweld": "T001540"}
    assert make_request(registry.sources["cbs-70072"], registry, **options).areas is None
    assert make_request(registry.sources["cbs-gebieden"], registry, **options).table == "85755NED"
    first = {s: make_request(registry.sources[s], registry, **{**options, "from_year": 2025}).from_year
             for s in ("politie-47013", "cbs-37230", "cbs-70072")}  # fmt: skip
    assert first == {"politie-47013": 2025, "cbs-37230": 2024, "cbs-70072": 2021}
    with pytest.raises(UsageError, match="no table of 2011"):
        make_request(registry.sources["cbs-gebieden"], registry, **{**options, "year": 2011})
