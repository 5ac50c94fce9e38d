"""The stand-in itself behaves as the real services are described, or the tests that lean on it prove nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from standin import made
from standin.server import StandIn
from standin.table import Table

from ivp_analysis.registry import load_registry

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def table() -> Table:
    registry = load_registry(ROOT / "data" / "registry")
    return made.police_table(registry, "politie-47013", years=range(2024, 2026))


def _get(server: StandIn, way: str, name: str, **options: str) -> requests.Response:
    path = "ODataFeed/odata" if way == "feed" else "ODataApi/OData"
    query = {"$format": "json"} | {f"${key}": value for key, value in options.items()}
    return requests.get(f"{server.url}/{path}/47013NED/{name}", params=query, timeout=5)


def _value(response: requests.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return list(response.json()["value"])


def test_keys_count_with_their_padding(table: Table) -> None:
    with StandIn([table]) as server:
        padded = _value(
            _get(server, "api", "TypedDataSet", filter="RegioS eq 'NL01  ' and SoortMisdrijf eq '1.1.1 '")
        )
        bare = _value(_get(server, "api", "TypedDataSet", filter="RegioS eq 'NL01'"))
    assert len(padded) == 2 * 13
    assert bare == []


def test_the_api_stops_at_its_limit_without_a_word_and_the_feed_links_on(table: Table) -> None:
    with StandIn([table]) as server:
        api, feed = (_get(server, way, "TypedDataSet").json() for way in ("api", "feed"))
    assert (len(api["value"]), len(feed["value"])) == (10_000, 10_000)
    assert "odata.nextLink" not in api
    assert "$skip=10000" in feed["odata.nextLink"]


def test_gaps_are_null_or_a_padded_point(table: Table) -> None:
    months = "SoortMisdrijf eq '1.4.1 ' and Perioden eq '2024MM01' and RegioS eq 'GM0981'"
    with StandIn([table]) as server:
        typed, untyped = (
            _value(_get(server, "feed", f"{kind}DataSet", filter=months)) for kind in ("Typed", "Untyped")
        )
    assert typed[0]["GeregistreerdeMisdrijven_1"] is None
    assert untyped[0]["GeregistreerdeMisdrijven_1"] == "       ."


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        (" or ".join(f"RegioS eq 'GM{i:04d}'" for i in range(16)), 400),
        (" or ".join(f"RegioS eq 'GM{i:04d}'" for i in range(90)), 404),
        ("Perioden ge '2018'", 400),
        ("Soort eq '1.1.1 '", 400),
    ],
)
def test_what_the_services_refuse_is_refused(wanted: str, status: int, table: Table) -> None:
    with StandIn([table]) as server:
        assert _get(server, "feed", "TypedDataSet", filter=wanted).status_code == status
        assert server.data == []


def test_months_and_years_share_the_dimension(table: Table) -> None:
    with StandIn([table]) as server:
        where = "substringof('2024',Perioden) and RegioS eq 'GM0981' and SoortMisdrijf eq '0.0.0 '"
        rows = _value(_get(server, "feed", "TypedDataSet", filter=where))
    *months, year = [row["GeregistreerdeMisdrijven_1"] for row in rows]
    assert len(months) == 12
    assert sum(months) == year
