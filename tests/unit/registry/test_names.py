"""Names as StatLine prints them lead to the municipality of that year; file names are safe everywhere."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry, municipality_by_name, slug
from ivp_analysis.registry.records import Municipality


# Codes: CBS, Gemeentelijke indeling.
@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("Valkenburg aan de Geul", 2018, "GM0994"),
        ("  valkenburg  AAN de geul ", 2018, "GM0994"),
        ("'s-Gravenhage (gemeente)", 2018, "GM0518"),
        ("\N{RIGHT SINGLE QUOTATION MARK}s-Gravenhage", 2018, "GM0518"),
        ("Utrecht (gemeente)", 2018, "GM0344"),
        ("Groningen (gemeente)", 2018, "GM0014"),
        ("Bergen (L.)", 2018, "GM0893"),
        ("Bergen (NH.)", 2018, "GM0373"),
        ("Hengelo (O.)", 2018, "GM0164"),
        ("Hengelo", 2018, "GM0164"),
        ("Nuth", 2018, "GM0951"),
        ("Nuth", 2020, "GM0951"),
        ("Beekdaelen", 2012, "GM1954"),
    ],
)
def test_a_statline_name_gives_the_code(registry: Registry, name: str, year: int, code: str) -> None:
    assert municipality_by_name(registry, name, year) == code


@pytest.mark.parametrize(
    "name", ["Vals", "Hengelo (Gld.)", "Valkenburg (ZH.)", "Valkenburg", "Limburg (PV)", ""]
)
def test_a_name_that_nobody_bears_leads_nowhere(registry: Registry, name: str) -> None:
    assert municipality_by_name(registry, name, 2018) is None


def test_a_name_of_two_municipalities_is_refused(registry: Registry) -> None:
    with pytest.raises(InputError, match="is the name of GM0373 and of GM0893") as caught:
        municipality_by_name(registry, "Bergen", 2018)
    assert 'with its province, such as "Bergen (L.)"' in caught.value.todo


def test_of_two_bearers_the_one_of_that_year_is_meant(registry: Registry) -> None:
    old = Municipality(
        "GM0001", "Altena", "Limburg", date(2010, 1, 1), date(2018, 12, 31), ("Het Oude Land",)
    )
    new = Municipality("GM0002", "Altena", "Limburg", date(2019, 1, 1))
    few = type(registry)(
        **{f: getattr(registry, f) for f in registry.__slots__}
        | {"municipalities": {"GM0001": old, "GM0002": new}}
    )
    found = [municipality_by_name(few, "Altena", year) for year in (2005, 2018, 2019, 2030)]
    assert found == ["GM0001", "GM0001", "GM0002", "GM0002"]
    assert municipality_by_name(few, "het oude land", 2019) == "GM0001"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Valkenburg aan de Geul", "valkenburg-aan-de-geul"),
        ("'s-Gravenhage (gemeente)", "s-gravenhage"),
        ("Súdwest-Fryslân", "sudwest-fryslan"),
        ("Bergen (L.)", "bergen-l"),
        ("Nuenen, Gerwen en Nederwetten", "nuenen-gerwen-en-nederwetten"),
        ("De Gemeenten van het Land tussen de Rivieren", "de-gemeenten-van-het-land-tussen-de"),
        ("x" * 60, "x" * 40),
    ],
)
def test_slugs_read_like_the_name(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text(max_size=80))
def test_a_slug_is_a_safe_file_name_or_refused(name: str) -> None:
    try:
        text = slug(name)
    except InputError:
        assert not any(c.isascii() and c.isalnum() for c in name) or "gemeente" in name.lower()
        return
    assert 0 < len(text) <= 40
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert text == slug(text)


def test_all_living_municipalities_have_their_own_slug(registry: Registry) -> None:
    alive = [m.name for m in registry.municipalities.values() if m.valid_to is None]
    assert len({slug(name) for name in alive}) == len(alive)
