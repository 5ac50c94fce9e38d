"""Tables become records strictly: each kind of wrong value is refused with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import pytest

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry.strict import build_record


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    count: int
    day: date
    flag: bool
    colour: Literal["red", "green"]
    parts: tuple[Part, ...]
    words: tuple[str, ...] = ()
    table: Mapping[str, str] = field(default_factory=dict)
    maybe: str | None = None
    number: float | int | str = 0


GOOD: dict[str, Any] = {
    "id": "a",
    "count": 3,
    "day": date(2026, 11, 23),
    "flag": True,
    "colour": "red",
    "parts": [{"name": "x", "size": 2}],
    "words": ["b", "c"],
    "table": {"k": "v"},
    "number": 0.5,
}


def test_a_good_table_becomes_the_record() -> None:
    thing = build_record(Thing, GOOD, "f.toml, thing a")
    assert thing == Thing(
        "a", 3, date(2026, 11, 23), True, "red", (Part("x", 2.0),), ("b", "c"), {"k": "v"}, None, 0.5
    )
    assert isinstance(thing.parts[0].size, float)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("id", 5, "5 is not text in quotes"),
        ("id", " a", "white space"),
        ("id", "", "field id is empty"),
        ("count", 3.0, "3.0 is not a whole number"),
        ("count", True, "True is not a whole number"),
        ("count", "3", "'3' is not a whole number"),
        ("count", 10**20, "huge number"),
        ("day", datetime(2026, 11, 23, 12, 0), "is not a date"),
        ("day", "2026-11-23", "is not a date"),
        ("flag", 1, "1 is not true or false"),
        ("colour", "gren", "did you mean 'green'"),
        ("colour", 1, "write one of red, green"),
        ("parts", {"name": "x"}, "is not a list"),
        ("parts", ["x"], "item 1: 'x' is not a table"),
        ("parts", [], "field parts is empty"),
        ("words", ["b", "b"], "'b' stands there twice"),
        ("words", ["b", 1], "item 2: 1 is not text"),
        ("words", "b", "is not a list"),
        ("table", {"k": 1}, "key k: 1 is not text"),
        ("table", ["k"], "is not a table"),
        ("maybe", 1, "1 is not text"),
        ("number", float("nan"), "nan is not a number"),
        ("number", True, "True is not a number or a whole number or text"),
        ("number", [1], "is not a number or"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(name: str, value: object, says: str) -> None:
    with pytest.raises(RegistryError) as caught:
        build_record(Thing, {**GOOD, name: value}, "f.toml, thing a")
    assert says in str(caught.value)
    assert (
        caught.value.where.startswith(f"f.toml, thing a, field {name}")
        or f"field {name}" in caught.value.what
    )
    assert caught.value.todo


def test_an_unknown_field_suggests_the_nearest() -> None:
    with pytest.raises(
        RegistryError, match=r"f.toml, thing a: unknown field 'colur'\n  -> did you mean 'colour'"
    ):
        build_record(Thing, {**GOOD, "colur": "red"}, "f.toml, thing a")


def test_a_missing_field_is_named() -> None:
    with pytest.raises(RegistryError, match="field day is missing"):
        build_record(Thing, {k: v for k, v in GOOD.items() if k != "day"}, "f.toml, thing a")


def test_a_fault_in_a_nested_record_names_the_way_to_it() -> None:
    with pytest.raises(
        RegistryError, match="thing a, field parts, item 1, field size: 'big' is not a number"
    ):
        build_record(Thing, {**GOOD, "parts": [{"name": "x", "size": "big"}]}, "f.toml, thing a")
