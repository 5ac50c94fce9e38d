"""Suggestions: what an analyst in this region types, and what was meant."""

from __future__ import annotations

import pytest

from ivp_analysis.data.regions import near_names
from ivp_analysis.registry import Registry
from ivp_analysis.registry.near import did_you_mean, near


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Vals", "Vaals"),
        ("vals", "Vaals"),
        ("VALS", "Vaals"),
        ("vaals", "Vaals"),
        ("gemeente Vaals", "Vaals"),
        ("Valkenburg", "Valkenburg aan de Geul"),
        ("valkenburg a/d Geul", "Valkenburg aan de Geul"),
        ("Gulpen", "Gulpen-Wittem"),
        ("Wittem", "Gulpen-Wittem"),
        ("Gulpen Wittem", "Gulpen-Wittem"),
        ("Eijsden Margraten", "Eijsden-Margraten"),
        ("Eysden-Margraten", "Eijsden-Margraten"),
        ("Mersen", "Meerssen"),
        ("GM981", "GM0981"),
    ],
)
def test_what_was_meant_comes_first(registry: Registry, text: str, first: str) -> None:
    assert near_names(text, registry)[0] == first


def test_the_municipalities_of_a_plan_come_first_and_nonsense_has_no_hint(registry: Registry) -> None:
    assert near_names("Margraten", registry)[0] == "Eijsden-Margraten"
    assert near_names("Xyzzyqwerty", registry) == []
    assert near_names("", registry) == []
    assert len(near_names("Bergen", registry)) == 3


def test_a_whole_word_goes_before_a_like_spelling_and_a_worse_likeness_is_left_out() -> None:
    assert near("geul", ["Geel", "Valkenburg aan de Geul"]) == ["Valkenburg aan de Geul", "Geel"]
    assert near("geul", ["Geel", "Valkenburg aan de Geul"], first=["Geel"])[0] == "Geel"
    assert near("vals", ["Vaals", "Vlist"]) == ["Vaals"]
    assert near("b", ["a", "b", "bc"]) == ["b"]
    assert did_you_mean("colur", ["colour", "shape"]) == "did you mean 'colour'? "
    assert did_you_mean("x", ["colour"]) == ""
